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
                if (row.skip() == null) {
                    data.add(row.cells());
                }
            }
        }
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
        for (String delimiter : List.of(",", ";", "|")) {
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
    void inTextWithTabsQuotationMarksHaveNoMeaning() throws IOException {
        Table table =
                Table.of(file("title\tisbn\n\"Heroes\"\t9788936434120\n\"Open\t9788954651134\n\"\t\n7\" disc\t\n"));
        assertEquals("\t", table.layout().delimiter());
        assertEquals(
                List.of("\"Heroes\"", "\"Open", "\"", "7\" disc"),
                data(table).stream().map(row -> row.get(0)).toList());
    }

    @Test
    void aRowWithAnIdentifierIsNeverTheHeader() throws IOException {
        Table korean = Table.of(file("김하늘,봄의 끝,9788936434120\n이서연,여름,9788954651134\n박바다,작품,9791197300554\n"));
        assertEquals(0, korean.layout().headerRow());
        assertEquals(3, data(korean).size());
        Table unknown = Table.of(file("No,Work,Code\n1,First,9788936434120\n2,Title,9788954651134\n"));
        assertEquals(1, unknown.layout().headerRow());
        assertEquals(List.of("-", "-", "isbn"), roles(unknown));
        assertEquals(2, data(unknown).size());
        Table link = Table.of(file("이서연,여름,https://example.com/1\n박바다,제목,https://example.com/2\n"));
        assertEquals(2, data(link).size());
        Table several = Table.of(file("여름,9788936434120 (9791197300554)\n제목,9788954651134(전자책 9791197300561)\n"));
        assertEquals(2, data(several).size());
        Table without = Table.of(file("김하늘,봄의 끝\n이서연,여름\n박바다,작품\n최산,겨울\n"));
        assertEquals(true, without.layout().headerRow() <= 1);
        Table gap = Table.of(file("봄의 끝,\n여름,9788936434120\n"));
        assertEquals(0, gap.layout().headerRow());
    }

    @Test
    void aLineAboveTheTableMayHaveAnAddress() throws IOException {
        Table table =
                Table.of(file("2026년 회원 목록,,\n홈페이지,https://society.example/a,\n제목,저자,ISBN\n봄의 끝,이서연,9788936434120\n"));
        assertEquals(3, table.layout().headerRow());
        assertEquals(1, data(table).size());
        assertEquals(new Table.Size(1, 2), table.size());
        Table two = Table.of(file("제목,ISBN\n봄,9788936434120\n제목,저자,ISBN\n여름,김하늘,9788954651134\n"));
        assertEquals(1, two.layout().headerRow());
    }

    @Test
    void headersInOtherLanguagesAreKnown() throws IOException {
        for (String header :
                List.of("書名,著者,ISBN", "Titre,Auteur,ISBN-13", "书名,作者,ISBN", "Título,Autor,isbn", "자료명,ISBN/ISSN")) {
            Table table = Table.of(file(header + "\n" + "봄,9788936434120,9788936434120\n"));
            assertEquals(1, table.layout().headerRow(), header);
            assertEquals("title", roles(table).get(0), header);
        }
    }

    @Test
    void anUnclosedQuotationMarkIsRefusedWithItsRow() throws IOException {
        for (String end :
                List.of("", "B1,9788954651134\n", "B1,9788954651134\nB2,\"x\",1\n", "B1\"x,9788954651134\n")) {
            ProblemException refused = assertThrows(
                    ProblemException.class,
                    () -> Table.of(file("title,isbn\nA,9788936434120\n\"Open,9788936434120\n" + end)),
                    end);
            assertTrue(refused.detail().startsWith("Row 3 has a quotation mark that is not closed"), refused.detail());
        }
        assertEquals(
                List.of(List.of("A \"b\"", "9788936434120"), List.of("two\nlines", "9788954651134")),
                data(Table.of(file("title,isbn\n\"A \"\"b\"\"\" ,9788936434120\n\"two\nlines\",9788954651134"))));
    }

    @Test
    void shortAndUniformKoreanFilesAreRead() throws IOException {
        Charset korean = Charset.forName("x-windows-949");
        for (String text : List.of(
                "제목,ISBN\n봄의 끝,9788936434120\n",
                "제목,링크\n주몽,https://example.com/a\n",
                "똠방각하,9788936434120\n",
                "title,isbn\n봄,9788936434120\n",
                "순번,프로그램명\n" + "1,사랑과 전쟁\n".repeat(200))) {
            assertEquals("x-windows-949", Table.of(file(text, korean)).layout().encoding(), text);
        }
    }

    @Test
    void otherEncodingsAreStillRead() throws IOException {
        String japanese = "タイトル,著者,ISBN\nこころの旅,夏目漱石,9784101010137\n吾輩は猫である,夏目漱石,9784101010014\nひらがなのうた,かとうさん,\n";
        assertEquals(
                "Shift_JIS",
                Table.of(file(japanese, Charset.forName("Shift_JIS"))).layout().encoding());
        Table western =
                Table.of(file("titre,isbn\nL'été à Noël,9788936434120\nÀ côté,\n", StandardCharsets.ISO_8859_1));
        assertEquals("L'été à Noël", data(western).get(0).get(0));
        for (String encoding : List.of("UTF-16LE", "UTF-16BE", "UTF-8")) {
            Table marked = Table.of(file("\uFEFF" + KOREAN, Charset.forName(encoding)));
            assertEquals(encoding, marked.layout().encoding());
            assertEquals("작품명", marked.columns().get(0).name());
        }
    }

    @Test
    void aStrayZeroByteDoesNotMakeUtf16() throws IOException {
        Table table = Table.of(file("title,isbn\nA\0,9788936434120\nB,9788954651134\n"));
        assertEquals("UTF-8", table.layout().encoding());
        assertEquals(2, data(table).size());
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
                ProblemException.class, () -> Table.of(file(text.toString())).size());
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
    void aFileIsRefusedAsWhatItIs() throws IOException {
        String ole = "\u00D0\u00CF\u0011\u00E0" + "\0".repeat(26) + "\u0009\0" + "\0".repeat(16) + "\0\0\0\0";
        java.util.Map<String, String> kinds = new java.util.LinkedHashMap<>();
        kinds.put("<table>\n<tr><td>1</td></tr></table>", "a web page");
        kinds.put("\u00EF\u00BB\u00BF \n<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><body>", "a web page");
        kinds.put(
                "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>"
                        + "<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                "XML Spreadsheet 2003");
        kinds.put("<?xml version=\"1.0\"?><ONIXMessage/>", "an XML file");
        kinds.put("MIME-Version: 1.0\nContent-Type: multipart/related;", "MHTML");
        kinds.put("ID;PWXL;N;E\nC;Y1;X1;K\"a\"", "SYLK");
        kinds.put(
                ole.substring(0, Math.min(48, ole.length())) + "\0".repeat(464) + stream("EncryptedPackage"),
                "a password");
        kinds.put(ole.substring(0, Math.min(48, ole.length())) + "\0".repeat(464) + stream("Workbook"), ".xls");
        kinds.forEach((content, what) -> {
            ProblemException refused = assertThrows(
                    ProblemException.class, () -> Table.of(file(content, StandardCharsets.ISO_8859_1)), what);
            assertTrue(refused.detail().contains(what), refused.detail());
        });
    }

    /** The folder of a compound file with one stream, in its first sector. */
    private static String stream(String name) {
        return new String(name.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1)
                + "\0".repeat(512 - 2 * name.length());
    }

    @Test
    void aSmallFileThatUnpacksToALargeTextIsRefused() throws IOException {
        Path file = folder.resolve("bomb.xlsx");
        new Spreadsheet().row("title").row("x".repeat(3 << 20)).save(file);
        ProblemException refused = assertThrows(ProblemException.class, () -> Table.of(file));
        assertTrue(refused.detail().contains("more than a million characters"), refused.detail());
    }
}
