package org.askfirst.registry.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workbooks of all writers, whole and damaged ones. */
class WorkbookTest {
    @TempDir
    Path folder = Path.of("");

    private Path save(Spreadsheet book) throws IOException {
        Path file = folder.resolve("book.xlsx");
        book.save(file);
        return file;
    }

    private List<Row> rows(Spreadsheet book) throws IOException {
        List<Row> all = new ArrayList<>();
        try (Rows rows = Table.of(save(book)).rows()) {
            for (Row row = rows.next(); row != null; row = rows.next()) {
                all.add(row);
            }
        }
        return all;
    }

    /** Returns the cells of a row that has this XML, below a header. */
    private List<String> cells(Spreadsheet book, String row) throws IOException {
        book.row("제목", "ISBN").xml(row);
        return rows(book).get(0).cells();
    }

    private List<String> cells(String row) throws IOException {
        return cells(new Spreadsheet(), row);
    }

    private static String inline(String text) {
        return "<c t=\"inlineStr\"><is><t>" + text + "</t></is></c>";
    }

    private void refused(String row) throws IOException {
        Path file = save(new Spreadsheet().row("제목", "ISBN").xml(row));
        ProblemException refused = assertThrows(
                ProblemException.class,
                () -> assertTimeoutPreemptively(
                        Duration.ofSeconds(5), () -> Table.of(file).size()),
                row);
        assertEquals(Problem.UNREADABLE_TABLE, refused.problem(), row);
    }

    @Test
    void whatNoSpreadsheetCanHoldIsRefusedBeforeItIsMade() throws IOException {
        for (String number :
                List.of("1E20000000", "1E-2000000000", "1E2000000", "1E309", "1E99999999999", "1".repeat(350))) {
            refused("<row r=\"2\"><c r=\"A2\"><v>" + number + "</v></c></row>");
        }
        refused("<row r=\"2\"><c r=\"ZZZZZZ1\"><v>1</v></c></row>");
        refused("<row r=\"2\"><c r=\"XFE2\"><v>1</v></c></row>");
        refused("<row r=\"1048577\"><c><v>1</v></c></row>");
        refused("<row r=\"99999999999\"><c><v>1</v></c></row>");
        refused("<row r=\"2\"><c t=\"s\"><v>2000000000</v></c></row>");
        refused("<row r=\"2\"><c t=\"s\"><v>3</v></c></row>");
        refused("<row r=\"2\"><c t=\"s\"><v>-1</v></c></row>");
        refused("<row r=\"2\"><c r=\"SZZ2\"><v>1</v></c></row>");
        refused("<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"A2\"><v>2</v></c></row>");
        refused("<row r=\"2\"><c r=\"A2\"><v>1</v></c>");
        refused("<row r=\"2\">" + "<x>".repeat(200) + "</x>".repeat(200) + "</row>");
        refused("<row r=\"2\"><c a=\"" + ">".repeat(5 << 20) + "\"/></row>");
        refused("<row r=\"2\"><!--" + "<".repeat(5 << 20) + "--><c/></row>");
    }

    @Test
    void aDocumentTypeIsRefused() throws IOException {
        Path file = folder.resolve("doctype.xlsx");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("xl/workbook.xml"));
            zip.write("<!DOCTYPE w [<!ENTITY e \"x\">]><workbook><sheets><sheet name=\"&e;\"/></sheets></workbook>"
                    .getBytes(StandardCharsets.UTF_8));
        }
        assertThrows(ProblemException.class, () -> Table.of(file));
    }

    @Test
    void otherPackagesAreRefusedAsWhatTheyAre() throws IOException {
        for (String part : List.of(
                "xl/workbook.bin .xlsb", "word/document.xml .docx", "Index/Document.iwa .numbers", "a.csv archive")) {
            Path file = folder.resolve("other");
            try (OutputStream out = Files.newOutputStream(file);
                    ZipOutputStream zip = new ZipOutputStream(out)) {
                zip.putNextEntry(new ZipEntry(part.split(" ", -1)[0]));
            }
            ProblemException refused = assertThrows(ProblemException.class, () -> Table.of(file));
            assertTrue(refused.detail().contains(part.split(" ", -1)[1]), refused.detail());
        }
    }

    @Test
    void everyKindOfCellIsRead() throws IOException {
        assertEquals(
                List.of("2024-01-15"), cells("<row r=\"2\"><c r=\"A2\" t=\"d\"><v>2024-01-15T00:00:00</v></c></row>"));
        assertEquals(
                List.of("TRUE", "FALSE", "TRUE"),
                cells("<row><c t=\"b\"><v>true</v></c><c t=\"b\"><v>0</v></c><c t=\"b\"><v> 1 </v></c></row>"));
        assertEquals(List.of("5", "x"), cells("<row><c><v>\n 5 \n</v></c><c t=\"odd\"><v>x</v></c></row>"));
        assertEquals(List.of("제목"), cells("<row><c t=\"s\"><v> 0 </v></c></row>"));
        assertEquals(
                List.of("9788936434120"),
                cells("<row><c r=\"A2\" s=\"-1\"><f t=\"shared\" si=\"3\"/><v>9788936434120</v></c></row>"));
        assertEquals(
                List.of("9788936434120"),
                cells(
                        "<row><c t=\"inlineStr\">\n <is>\n  <r>\n<t>978893</t></r>\n<r><t>6434120</t>\n</r></is>\n</c></row>"));
        assertEquals(
                List.of("吉田兼好"),
                cells("<row><c t=\"inlineStr\"><is><t>吉田兼好</t><rPh sb=\"0\" eb=\"2\"><t>ヨシダ</t></rPh></is></c></row>"));
        assertEquals(
                List.of("a\r", "_x000D_"), cells("<row>" + inline("a_x000D_") + inline("_x005F_x000D_") + "</row>"));
        assertEquals(List.of("a"), cells("<row><c r=\"1\" t=\"str\"><v>a</v></c></row>"));
        assertEquals(List.of("#N/A", "a"), cells("<row><c t=\"e\"><v>#N/A</v></c>" + inline("a") + "</row>"));
    }

    @Test
    void sharedTextsHaveNoReadings() throws IOException {
        Spreadsheet book = new Spreadsheet()
                .row("제목", "ISBN")
                .sharedXml(
                        "<r><t>吉田</t></r><rPh sb=\"0\" eb=\"2\"><t>ヨシダ</t></rPh><r><t xml:space=\"preserve\"> 兼好</t></r>")
                .xml("<row><c t=\"s\"><v>2</v></c></row>");
        assertEquals(List.of("吉田 兼好"), rows(book).get(0).cells());
    }

    @Test
    void rowsAndCellsWithoutPlacesAreTheNext() throws IOException {
        List<Row> rows = rows(new Spreadsheet()
                .xml("<row r=\"5\">" + inline("제목") + inline("ISBN") + "</row>")
                .xml("<row>" + inline("봄") + inline("9788936434120") + "</row>")
                .xml("<row><c r=\"C1\" t=\"str\"><v>c</v></c>" + inline("d") + "</row>"));
        assertEquals(List.of(6L, 7L), rows.stream().map(Row::number).toList());
        assertEquals(List.of("", "", "c", "d"), rows.get(1).cells());
    }

    @Test
    void blankCellsFarAwayDoNotCount() throws IOException {
        assertEquals(
                List.of("봄", "9788936434120"),
                cells("<row r=\"2\">" + inline("봄")
                        + "<c r=\"B2\"><v>9788936434120</v></c><c r=\"XFD2\" s=\"1\"/></row>"));
    }

    @Test
    void aFormulaWithoutAValueIsKept() throws IOException {
        for (String value : List.of("", "<v></v>", "<v/>")) {
            Row row = rows(new Spreadsheet()
                            .row("제목", "ISBN")
                            .xml("<row>" + inline("봄") + "<c><f>\"978\"&amp;\"1\"</f>" + value + "</c></row>"))
                    .get(0);
            assertEquals("=\"978\"&\"1\"", row.uncomputed().get(1));
            RowReader.Reading reading = new RowReader(
                            List.of(
                                    new Columns.Column("제목", List.of(), ColumnType.TITLE),
                                    new Columns.Column(
                                            "ISBN",
                                            List.of(),
                                            ColumnType.named("isbn").orElseThrow())),
                            List.of(),
                            false)
                    .read(row);
            assertEquals(1, reading.notes().size());
            assertEquals(
                    "not-computed",
                    reading.notes().get(0).why().violations().get(0).reason().word());
        }
        assertEquals(
                0,
                rows(new Spreadsheet()
                                .row("제목", "ISBN")
                                .xml("<row>" + inline("봄") + "<c t=\"str\"><f>A1</f><v></v></c></row>"))
                        .get(0)
                        .uncomputed()
                        .size());
    }

    @Test
    void numbersAreAsAPersonSeesThem() throws IOException {
        assertEquals(
                List.of("3.3", "1.1", "9788936434120", "0.1", "1E+30", "12345678901234567"),
                cells("<row><c><v>3.2999999999999998</v></c><c><v>1.1000000000000001</v></c>"
                        + "<c><v>9.78893643412E+12</v></c><c><v>1.0000000000000001E-1</v></c><c><v>1E30</v></c>"
                        + "<c><v>12345678901234567</v></c></row>"));
        assertEquals(
                List.of("2024-05-19", "2024-05-19", "2024-05-19 12:00", "0439023483", "0378-4371", "2.0", "45431"),
                cells(
                        new Spreadsheet()
                                .formats(
                                        "yyyy\"년\" m\"월\" d\"일\"",
                                        "[$-412]yyyy/mm/dd;@",
                                        "yyyy-mm-dd hh:mm",
                                        "0000000000",
                                        "0000\\-0000",
                                        "0.0",
                                        "General"),
                        "<row><c s=\"0\"><v>45431</v></c><c s=\"1\"><v>45431</v></c><c s=\"2\"><v>45431.5</v></c>"
                                + "<c s=\"3\"><v>439023483</v></c><c s=\"4\"><v>3784371</v></c><c s=\"5\"><v>2</v></c>"
                                + "<c s=\"6\"><v>45431</v></c></row>"));
    }

    @Test
    void aStrictWorkbookIsRead() throws IOException {
        assertEquals(
                List.of("봄", "9788936434120"),
                rows(new Spreadsheet().strict().row("제목", "ISBN").row("봄", "9788936434120"))
                        .get(0)
                        .cells());
    }

    @Test
    void aHiddenSheetIsNotChosenAndANoticeIsNotEither() throws IOException {
        String menu = "<row>" + inline("제목") + "</row><row>" + inline("메뉴") + "</row>";
        for (String state : List.of("hidden", "veryHidden")) {
            Path hidden =
                    save(new Spreadsheet().first(menu, state).row("제목", "ISBN").row("봄", "9788936434120"));
            assertEquals(1, Table.of(hidden).layout().sheet());
        }
        String notice = "<row>" + inline("작성 방법을 읽어 주세요") + "</row><row>" + inline("문의는 협회로") + "</row>";
        Path after = save(
                new Spreadsheet().first(notice, "visible").row("제목", "ISBN").row("봄", "9788936434120"));
        assertEquals(1, Table.of(after).layout().sheet());
    }
}
