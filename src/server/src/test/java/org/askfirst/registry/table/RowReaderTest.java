package org.askfirst.registry.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
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
        return new RowReader(columns(roles), List.of(), strict).read(new Row(2, List.of(cells)));
    }

    private static List<Columns.Column> columns(String roles) {
        return Arrays.stream(roles.split(" ", -1))
                .map(role ->
                        new Columns.Column("", List.of(), ColumnType.named(role).orElse(null)))
                .toList();
    }

    private static void names(String role, String cell, String... subjects) {
        RowReader.Reading reading = read(role, cell);
        assertEquals(List.of(subjects), canonical(reading), cell);
        assertEquals(List.of(), reading.notes(), cell);
    }

    /** Each ISSN would be the ISBN of a stranger's book, if zeros were put in front of it. */
    @Test
    void aShortNumberIsAnIsbnOnlyWhereZerosLack() {
        names("isbn", "61120081", "issn:61120081");
        Columns.Column books = new Columns.Column("ISBN", List.of("9780439023481", "439023483"), null);
        Columns.Column serials = new Columns.Column("ISBN", List.of("12256463", "9791197300547"), null);
        assertEquals(Set.of(1), Columns.withoutZeros(List.of(serials, books)));
        for (var book : Map.of("61120081", "isbn:9780061120084", "7442912", "isbn:9780007442911")
                .entrySet()) {
            RowReader.Reading reading = new RowReader(
                            List.of(new Columns.Column(
                                    "ISBN", List.of("439023483"), ColumnType.of(SubjectScheme.ISBN))),
                            List.of(),
                            false)
                    .read(new Row(2, List.of(book.getKey())));
            assertEquals(List.of(book.getValue()), canonical(reading));
        }
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
    void severalDoisInACellAreSeveral() {
        for (String between : List.of(", ", " ", " / ", ";", "; ", "|", "\n", " and ", ",")) {
            names("doi", "10.5555/aaa-1" + between + "10.5555/aaa-2", "doi:10.5555/aaa-1", "doi:10.5555/aaa-2");
        }
        names(
                "doi",
                "https://doi.org/10.5555/ddd-1, https://doi.org/10.5555/ddd-2",
                "doi:10.5555/ddd-1",
                "doi:10.5555/ddd-2");
        names("doi", "10.5555/eee-1 (supplement 10.5555/eee-2)", "doi:10.5555/eee-1", "doi:10.5555/eee-2");
        names("identifier", "doi:10.5555/a; https://example.com/b", "doi:10.5555/a", "url:https://example.com/b");
        names("identifier", "10.5555/a, 10.5555/b", "doi:10.5555/a", "doi:10.5555/b");
    }

    @Test
    void anIdentifierWithASeparatorIsWhole() {
        String sici = "10.5555/(SICI)1097-0001(199801)49:8<693::AID-ASI4>3.0.CO;2-O";
        String canonical = "doi:" + sici.toLowerCase(java.util.Locale.ROOT);
        names("doi", sici, canonical);
        names("identifier", sici, canonical);
        names("doi", sici.replace("<", "&lt;").replace(">", "&gt;"), canonical);
        names("doi", sici + "; 10.5555/b", canonical, "doi:10.5555/b");
    }

    @Test
    void aLinkWithASpaceIsOneLink() {
        names("url", "https://h.example/내 소설.pdf", "url:https://h.example/%EB%82%B4%20%EC%86%8C%EC%84%A4.pdf");
        names("url", "https://h.example/my novel 2.pdf", "url:https://h.example/my%20novel%202.pdf");
        names("identifier", "https://h.example/my files/2", "url:https://h.example/my%20files/2");
        names("url", "https://h.example/a https://h.example/b", "url:https://h.example/a", "url:https://h.example/b");
        names("url", "https://h.example/a,https://h.example/b", "url:https://h.example/a", "url:https://h.example/b");
        names("url", "https://h.example/c, www.example.com", "url:https://h.example/c", "url:https://www.example.com/");
        for (String between : List.of(" / ", " and ", " 및 ", "·", " · ", " | ", "; ")) {
            names(
                    "url",
                    "https://h.example/a" + between + "https://h.example/b",
                    "url:https://h.example/a",
                    "url:https://h.example/b");
        }
        names("url", "(https://h.example/a)", "url:https://h.example/a");
        names("url", "https://en.example/A_(b)", "url:https://en.example/A_(b)");
        notes("url", "https://h.example/x 참고");
    }

    private static void notes(String role, String cell) {
        RowReader.Reading reading = read("title " + role, "봄", cell);
        assertEquals(List.of(), reading.subjects(), cell);
        assertEquals(1, reading.notes().size(), cell);
    }

    @Test
    void textsWithADotAreNoAddresses() {
        for (String role : List.of("url", "identifier")) {
            for (String cell : List.of(
                    "소설.pdf",
                    "novel.hwp",
                    "README.md",
                    "haneul@naver.com",
                    "봄.끝",
                    "안녕하세요.반갑습니다",
                    "Mr.Sunshine",
                    "Dr.Kim",
                    "3.14",
                    "제목 없음")) {
                notes(role, cell);
            }
            names(
                    role,
                    "blog.naver.com/haneul",
                    role.equals("url") ? "url:https://blog.naver.com/haneul" : "account:naver-blog:haneul");
            names(role, "www.example.com", "url:https://www.example.com/");
        }
    }

    @Test
    void severalBooksInACellAreSeveral() {
        names("isbn", "9791197300554 (9791197300561)", "isbn:9791197300554", "isbn:9791197300561");
        names("isbn", "9791197300578(전자책 9791197300585)", "isbn:9791197300578", "isbn:9791197300585");
        names("isbn", "9791197300554 9791197300561", "isbn:9791197300554", "isbn:9791197300561");
        names("isbn", "ISBN 979-11-973005-5-4 [e-book]", "isbn:9791197300554");
        names("isbn", "9788936434120 (1권)", "isbn:9788936434120");
        names("isbn", "978 89 364 3412 0", "isbn:9788936434120");
    }

    @Test
    void aSerialInAColumnOfBooksIsASerial() {
        names("isbn", "1225-6463", "issn:12256463");
        names("isbn", "0378-4371", "issn:03784371");
    }

    @Test
    void unseenCharactersAtBothEndsAreRemoved() {
        for (String unseen : List.of(
                "\u200B", "\uFEFF", "\u200E", "\u2060", "\u00AD", "\u200C", "\u0085", "\u2028", "\u3164", "\u00A0",
                "\u3000")) {
            String cell = unseen + "https://h.example/a" + unseen + unseen;
            names("url", cell, "url:https://h.example/a");
            names("identifier", cell, "url:https://h.example/a");
            names("isbn", unseen + "9788936434120" + unseen, "isbn:9788936434120");
            assertEquals("봄", read("title", unseen + "봄" + unseen).title());
            assertNotNull(read("title", unseen).problem());
        }
    }

    @Test
    void aTitleIsNotCleanedAsANumber() {
        assertEquals("'Til Tuesday", read("title", "'Til Tuesday").title());
        assertEquals("2.0", read("title", "2.0").title());
    }

    @Test
    void garbledTextsGetANote() {
        RowReader.Reading reading = read("title isbn", "봄\uFFFD", "9788936434120");
        assertEquals(1, reading.notes().size());
        assertNull(reading.problem());
        assertEquals("A", read("title", "A\0").title());
        assertEquals(1, read("title", "A\0").notes().size());
        notes("url", "https://h.example/\uFFFD");
    }

    @Test
    void errorsOfFormulasAreNoTitles() {
        RowReader.Reading reading = read("title isbn", "#N/A", "9788936434120");
        assertNull(reading.title());
        assertEquals(1, reading.notes().size());
        assertNotNull(read("title", "null").problem());
    }

    @Test
    void linesThatLookLikeRowsGetANote() {
        RowReader.Reading reading = read("title isbn", "Open,9788936434120\nB1,9788954651134", "9788936434120");
        assertEquals(1, reading.notes().size());
    }

    @Test
    void longCellsAreReadInLinearTime() {
        String spaces = "a" + " ".repeat(500_000) + "b";
        assertNotNull(read("creators title", spaces, "x").creators());
        read("isbn title", "(".repeat(19_000), "x");
        read("url title", "https://h.example/" + " a".repeat(9_000), "x");
        read("doi title", "10.5555/a " + "10.1.1.1.1.1.".repeat(1_400), "x");
        assertNotNull(read("identifier", "9788936434120;".repeat(1_400)));
        notes("isbn", "1".repeat(1_000_000));
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

    @Test
    void creatorsComeFromSeveralColumnsInTheOrderOfTheirRoles() {
        List<String> names = List.of("제목", "편곡", "작곡", "작사");
        for (List<Integer> order : List.of(List.of(0, 1, 2, 3), List.of(3, 2, 1, 0))) {
            List<Row> leading = List.of(
                    new Row(1, order.stream().map(names::get).toList()),
                    new Row(
                            2,
                            order.stream()
                                    .map(List.of("봄", "박산", "김하늘, 이서연", "김하늘")::get)
                                    .toList()));
            RowReader.Reading reading = new RowReader(Columns.of(leading, 1), List.of(), false).read(leading.get(1));
            assertEquals(List.of("김하늘", "이서연", "박산"), reading.creators());
        }
        for (String name :
                List.of("작사", "작곡가", "작곡·편곡", "작사/작곡", "작가", "글, 그림", "번역", "옮긴이", "Lyricist", "Composer / Arranger")) {
            Columns.Column column = Columns.of(List.of(new Row(1, List.of(name)), new Row(2, List.of("김하늘"))), 1)
                    .get(0);
            assertEquals(ColumnType.CREATORS, column.type(), name);
        }
        assertEquals(
                List.of("김하늘", "이서연"), read("creators", "지은이: 김하늘; 옮긴이: 이서연").creators());
    }

    @Test
    void aWordInThePlaceOfANumberIsNeitherAnIdentifierNorAnError() {
        for (String word : List.of(
                "신청중", "신청 중", "(신청중)", "미부여", "없음", "해당없음", "N/A", "TBD", "pending", "-", "미정", "신청중(10월)", "?")) {
            RowReader.Reading reading = read(true, "title iswc", "봄", word);
            assertEquals(List.of(), reading.notes(), word);
            assertNull(reading.problem(), word);
            assertEquals(1, reading.placeholders(), word);
        }
        RowReader.Reading mixed = read("isbn url", "9788936434120, 신청중", "미정");
        assertEquals(List.of("isbn:9788936434120"), canonical(mixed));
        assertEquals(List.of(), mixed.notes());
        assertEquals("미정", read("title", "미정").title(), "a title may be such a word");
        assertEquals(1, read("title isbn", "봄", "미정 9788936434121").notes().size());
        assertNotNull(read("isbn", "미부여").problem(), "a row with nothing else names no work");
    }

    @Test
    void onlyAnAcceptedSuggestionRepairsAText() {
        RowReader.Reading before = read("title isbn", "봄", "9788936434121");
        Subject meant = Repair.suggestedBy(before.notes().get(0).why());
        assertEquals("isbn:9788936434120", String.valueOf(meant));
        Repair accepted = new Repair(1, "9788936434121", "isbn:9788936434120");
        for (Repair other : List.of(
                new Repair(0, "9788936434121", "isbn:9788936434120"),
                new Repair(1, "9788936434122", "isbn:9788936434120"),
                new Repair(1, "9788936434121", "isbn:9788954651134"))) {
            RowReader.Reading reading = new RowReader(columns("title isbn"), List.of(other), false)
                    .read(new Row(2, List.of("봄", "9788936434121")));
            assertEquals(List.of(), canonical(reading), other.toString());
            assertEquals(1, reading.notes().size());
        }
        RowReader.Reading repaired = new RowReader(columns("title isbn"), List.of(accepted), true)
                .read(new Row(2, List.of("봄", "9788936434121")));
        assertEquals(List.of("isbn:9788936434120"), canonical(repaired));
        assertEquals(List.of(), repaired.notes());
        assertEquals(accepted, repaired.applied().get(0).repair());
    }

    @Test
    void anUnreadableNumberOfAMemberIsNotTakenForNone() {
        assertEquals("1204", read("title memberNumber", "봄", "1204.0").memberNumber());
        assertNull(read("title memberNumber", "봄", "-").memberNumber());
        assertNull(read("title memberNumber", "봄", "-").problem());
        assertNotNull(read("title memberNumber", "봄", "#N/A").problem());
        assertNotNull(read("title memberNumber", "봄", "1\u00002").problem());
        assertNotNull(read("title memberNumber", "봄", "12\ud800").problem());
    }
}
