package org.askfirst.registry.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All kinds of files in which people keep lists. */
class TableTest {
    private static final String KOREAN = "작품명,저자,ISBN\n소년의 시간,한강수,9788936434120\n바다의 책,이서연,9788954651134\n";

    @TempDir
    Path folder = Path.of("");

    private Path file(String text, Charset encoding) throws IOException {
        return Files.write(folder.resolve("list"), text.getBytes(encoding));
    }

    private Path file(String text) throws IOException {
        return file(text, StandardCharsets.UTF_8);
    }

    private static List<List<String>> data(Table table) throws IOException {
        List<List<String>> data = new ArrayList<>();
        try (Rows rows = table.rows()) {
            for (Row row = rows.next(); row != null; row = rows.next()) {
                if (table.isData(row)) {
                    data.add(row.cells());
                }
            }
        }
        assertEquals(data.size(), table.countRows());
        return data;
    }

    private static List<String> roles(Table table) throws IOException {
        return table.columns().stream()
                .map(column -> column.type() == null ? "-" : column.type().wireName())
                .toList();
    }

    @Test
    void theEncodingIsDetected() throws IOException {
        for (String encoding : List.of("UTF-8", "x-windows-949", "UTF-16LE", "UTF-16BE")) {
            Table table = Table.of(file(KOREAN, Charset.forName(encoding)));
            assertEquals(encoding, table.layout().encoding());
            assertEquals(List.of("소년의 시간", "한강수", "9788936434120"), data(table).get(0), encoding);
            assertEquals(List.of("title", "creators", "isbn"), roles(table), encoding);
        }
    }

    @Test
    void cp949LettersAreRead() throws IOException {
        // 똠, 펲 and 햏 are in CP949 and not in EUC-KR, which detectors report.
        Table table = Table.of(file("제목,저자\n똠방각하,펲시맨\n아햏햏,작가\n", Charset.forName("x-windows-949")));
        assertEquals(List.of(List.of("똠방각하", "펲시맨"), List.of("아햏햏", "작가")), data(table));
    }

    @Test
    void aByteOrderMarkIsIgnored() throws IOException {
        Table table = Table.of(file("\uFEFFtitle,isbn\na,9788936434120\n"));
        assertEquals("title", table.columns().get(0).name());
        assertEquals(List.of("title", "isbn"), roles(table));
    }

    @Test
    void theDelimiterIsDetected() throws IOException {
        for (String delimiter : List.of(",", "\t", ";", "|")) {
            String text = "title,author,isbn\n\"One, two; three\",Kim,9788936434120\nFour,\"Lee\nPark\",9788954651134\n"
                    .replace(",", "\u0001")
                    .replace("One\u0001 two", "One, two")
                    .replace("\u0001", delimiter);
            Table table = Table.of(file(text));
            assertEquals(delimiter, table.layout().delimiter());
            assertEquals("One, two; three", data(table).get(0).get(0));
            assertEquals("Lee\nPark", data(table).get(1).get(1));
        }
    }

    @Test
    void theHeaderRowMayBeLowerOrMissing() throws IOException {
        Table below = Table.of(file("2026년 회원 저작물 목록,,\n,,\n번호,제목 (필수),I S B N\n1,봄의 끝,9788936434120\n"));
        assertEquals(3, below.layout().headerRow());
        assertEquals(List.of("-", "title", "isbn"), roles(below));

        Table none = Table.of(file("9788936434120,https://example.com/a\n9788954651134,https://example.com/b\n"));
        assertEquals(0, none.layout().headerRow());
        assertEquals(List.of("isbn", "url"), roles(none));
        assertEquals(2, data(none).size());
    }

    @Test
    void contactsAreNeverGuessed() throws IOException {
        Table table =
                Table.of(file("제목,이메일,연락처,ISNI,IPI\na,kim@example.com,010-1234-5678,0000000121032683,00014107338\n"));
        assertEquals(List.of("title", "-", "-", "-", "-"), roles(table));
    }

    @Test
    void aYearIsNotAnIdentifier() throws IOException {
        Table table = Table.of(file("제목,연도,날짜\na,2008,20240101\nb,2009,20240102\n"));
        assertEquals(List.of("title", "-", "-"), roles(table));
    }

    @Test
    void aWorkbookIsReadFromItsFirstSheetWithRows() throws IOException {
        Path file = folder.resolve("book.xlsx");
        new Spreadsheet()
                .row("제목", "저자", "ISBN", "ISRC")
                .row("봄의 끝", "이서연", "9.78893643412E+12", "'KRA301500123")
                .row("잃어버린 영", "김하늘", "439023483", "")
                .row("", "", "", "")
                .save(file);
        Table table = Table.of(file);
        assertEquals(List.of("비어 있음", "목록"), table.layout().sheets());
        assertEquals(1, table.layout().sheet());
        assertEquals(List.of("title", "creators", "isbn", "isrc"), roles(table));
        assertEquals(
                List.of("봄의 끝", "이서연", "9788936434120", "KRA301500123"),
                data(table).get(0));
        assertEquals("439023483", data(table).get(1).get(2));
        assertEquals(2, data(table).size());
    }

    @Test
    void anOpenQuotationMarkIsReported() throws IOException {
        StringBuilder text = new StringBuilder("title,isbn\nfine,9788936434120\n\"never closed,9788936434120\n");
        for (int i = 0; i < 200; i++) {
            text.append("row ").append(i).append(",9788936434120\n");
        }
        ProblemException refused = assertThrows(
                ProblemException.class, () -> Table.of(file(text.toString())).countRows());
        assertEquals(Problem.UNREADABLE_TABLE, refused.problem());
        assertTrue(refused.detail().startsWith("Row 3 has a quotation mark that is not closed"), refused.detail());
    }

    @Test
    void otherFilesAreRefusedWithTheirType() throws IOException {
        for (String start : List.of(
                "%PDF-1.7\n",
                "\u0089PNG\r\n\u001a\n",
                "<!DOCTYPE html>",
                "\u00D0\u00CF\u0011\u00E0\u00A1",
                "PK\u0003\u0004not a zip")) {
            Path file = file(start + "x".repeat(100), StandardCharsets.ISO_8859_1);
            ProblemException refused = assertThrows(ProblemException.class, () -> Table.of(file), start);
            assertEquals(Problem.UNREADABLE_TABLE, refused.problem());
        }
        Path empty = file(" \n\n");
        assertThrows(ProblemException.class, () -> Table.of(empty));
    }

    @Test
    void aSmallFileThatUnpacksToALargeTextIsRefused() throws IOException {
        Path file = folder.resolve("bomb.xlsx");
        new Spreadsheet().row("title").row("x".repeat(3 << 20)).save(file);
        ProblemException refused = assertThrows(ProblemException.class, () -> Table.of(file));
        assertTrue(refused.detail().contains("more than a million characters"), refused.detail());
    }
}
