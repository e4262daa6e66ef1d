package org.askfirst.registry.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.List;
import org.askfirst.subject.Subject;
import org.junit.jupiter.api.Test;

/** Undoing the changes that spreadsheets and people make to identifiers. */
class RowReaderTest {
    private static List<String> canonical(RowReader.Reading reading) {
        return reading.subjects().stream().map(Subject::canonical).toList();
    }

    private static RowReader.Reading read(String roles, String... cells) {
        return read(false, roles, cells);
    }

    private static RowReader.Reading read(boolean strict, String roles, String... cells) {
        return new RowReader(
                        Arrays.stream(roles.split(" ", -1))
                                .map(role -> ColumnType.named(role).orElse(null))
                                .toList(),
                        strict)
                .read(new Row(2, List.of(cells)));
    }

    private static void names(String role, String cell, String... subjects) {
        RowReader.Reading reading = read(role, cell);
        assertEquals(List.of(subjects), canonical(reading), cell);
        assertEquals(List.of(), reading.notes(), cell);
    }

    @Test
    void lostZerosAndTenDigitsAreRepaired() {
        names("isbn", "439023483", "isbn:9780439023481");
        names("isbn", "0-439-02348-3", "isbn:9780439023481");
        names("isbn", "439023483.0", "isbn:9780439023481");
        names("isbn", "'0439023483", "isbn:9780439023481");
        names("isbn", "=\"0439023483\"", "isbn:9780439023481");
        names("issn", "3784371", "issn:03784371");
        names("isni", "121032683", "isni:0000000121032683");
        names("ipi", "14107338", "ipi:00014107338");
    }

    @Test
    void aCellMayHaveSeveralIdentifiers() {
        names("isbn", "9788936434120, 9788954651134", "isbn:9788936434120", "isbn:9788954651134");
        names("isbn", "9788936434120\n9788954651134", "isbn:9788936434120", "isbn:9788954651134");
        names("isbn", "978-89-364-3412-0 (종이책) / 9788954651134 (전자책)", "isbn:9788936434120", "isbn:9788954651134");
        names("isbn", "9788936434120 03810", "isbn:9788936434120");
        names("isrc", "KRA301500123;KR-A30-15-00124", "isrc:KRA301500123", "isrc:KRA301500124");
        names(
                "url",
                "https://example.com/a,b https://example.com/c",
                "url:https://example.com/a,b",
                "url:https://example.com/c");
        names("identifier", "9788936434120; https://example.com/a", "isbn:9788936434120", "url:https://example.com/a");
        names("identifier", "doi:10.1000/182", "doi:10.1000/182");
    }

    @Test
    void aRepeatedIdentifierCountsOnce() {
        RowReader.Reading reading = read("isbn isbn", "9788936434120", "978-89-364-3412-0");
        assertEquals(List.of("isbn:9788936434120"), canonical(reading));
    }

    @Test
    void unreadableIdentifiersBecomeNotesAndTheOthersAreDeclared() {
        RowReader.Reading reading = read("title isbn", "봄의 끝", "9788936434121");
        assertNull(reading.problem());
        assertEquals("봄의 끝", reading.title());
        assertEquals(1, reading.notes().size());
        assertEquals(1, reading.notes().get(0).column());
        assertEquals(true, reading.notes().get(0).why().detail().endsWith("Did you mean isbn:9788936434120?"));
        assertNotNull(read(true, "title isbn", "봄의 끝", "9788936434121").problem(), "strict");
        assertNotNull(read("isbn", "9788936434121").problem(), "nothing else names it");
    }

    @Test
    void aNumberShortenedByASpreadsheetIsRefused() {
        RowReader.Reading reading = read("isbn", "9.78894E+12");
        assertNotNull(reading.problem());
        assertEquals(true, reading.problem().detail().startsWith("The spreadsheet has shortened “9.78894E+12”"));
    }

    @Test
    void aRowThatNamesNothingIsRefused() {
        assertNotNull(read("title isbn creators", "", " ", "홍길동").problem());
    }

    @Test
    void aCellMayHaveSeveralCreators() {
        assertEquals(
                List.of("J.K. Rowling", "Mary GrandPré"),
                read("creators title", "J.K. Rowling, Mary GrandPré", "x").creators());
        assertEquals(
                List.of("김하늘", "이서연"), read("creators title", "김하늘,이서연", "x").creators());
        assertEquals(
                List.of("Kim, Hana", "Lee"),
                read("creators title", "Kim, Hana; Lee", "x").creators());
    }

    @Test
    void anEmailAddressBecomesAMailtoAddress() {
        assertEquals(
                "mailto:kim@example.com",
                read("contact title", "kim@example.com", "x").contact());
        assertEquals(
                "https://example.com/ask",
                read("contact title", "https://example.com/ask", "x").contact());
    }

    @Test
    void ignoredColumnsHaveNoEffect() {
        RowReader.Reading reading = read("- title", "9788936434120", "봄의 끝");
        assertEquals(List.of(), reading.subjects());
        assertEquals("봄의 끝", reading.title());
    }
}
