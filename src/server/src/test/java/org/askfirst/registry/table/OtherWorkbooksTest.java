package org.askfirst.registry.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.poi.hssf.record.crypto.Biff8EncryptionKey;
import org.apache.poi.hssf.usermodel.HSSFCellStyle;
import org.apache.poi.hssf.usermodel.HSSFRow;
import org.apache.poi.hssf.usermodel.HSSFSheet;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.askfirst.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workbooks of Excel 97 to 2003 and of OpenDocument. */
class OtherWorkbooksTest {
    private static final String NAMESPACES = " xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""
            + " xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\""
            + " xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\""
            + " xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\"";

    @TempDir
    Path folder = Path.of("");

    @Test
    void aWorkbookOfExcel97IsRead() throws IOException {
        Path file = folder.resolve("list.xls");
        try (HSSFWorkbook book = new HSSFWorkbook()) {
            book.createSheet("숨김").createRow(0).createCell(0).setCellValue("hidden");
            HSSFSheet sheet = book.createSheet("목록");
            book.setSheetHidden(0, true);
            book.setActiveSheet(1);
            row(sheet, 0, "제목", "ISBN", "발행일", "확인", "값");
            HSSFRow first = row(sheet, 2, "바람의 언덕");
            first.createCell(1).setCellValue(9788936434120d);
            HSSFCellStyle day = book.createCellStyle();
            day.setDataFormat(book.createDataFormat().getFormat("yyyy\"년\" m\"월\" d\"일\""));
            first.createCell(2).setCellValue(LocalDate.of(2024, 3, 5));
            first.getCell(2).setCellStyle(day);
            first.createCell(3).setCellValue(true);
            first.createCell(4).setCellFormula("\"a\"&\"b\"");
            book.getCreationHelper().createFormulaEvaluator().evaluateAll();
            HSSFCellStyle mask = book.createCellStyle();
            mask.setDataFormat(book.createDataFormat().getFormat("0000000000000"));
            HSSFRow second = row(sheet, 3, "0.5는 반");
            second.createCell(1).setCellValue(12d);
            second.getCell(1).setCellStyle(mask);
            second.createCell(4).setCellValue(0.1 + 0.2);
            save(book, file);
        }
        Table table = Table.of(file);
        assertEquals(List.of("숨김", "목록"), table.layout().sheets());
        assertEquals(1, table.layout().sheet(), "the hidden sheet is not proposed");
        assertEquals(
                List.of(
                        List.of("바람의 언덕", "9788936434120", "2024-03-05", "TRUE", "ab"),
                        List.of("0.5는 반", "0000000000012", "", "", "0.3")),
                cells(table));
        assertEquals(List.of(3L, 4L), numbers(table));
    }

    @Test
    void aDamagedWorkbookOfExcel97IsRefusedAndNothingElse() throws IOException {
        Path file = folder.resolve("list.xls");
        try (HSSFWorkbook book = new HSSFWorkbook()) {
            HSSFSheet sheet = book.createSheet("목록");
            row(sheet, 0, "제목", "ISBN");
            for (int i = 1; i < 40; i++) {
                row(sheet, i, "제목 " + i).createCell(1).setCellValue(9788936434120d + i);
            }
            save(book, file);
        }
        byte[] whole = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(5);
        int refused = 0;
        for (int i = 0; i < 3_000; i++) {
            byte[] damaged = whole.clone();
            for (int change = random.nextInt(1, 6); change > 0; change--) {
                damaged[8 + random.nextInt(damaged.length - 8)] = (byte) random.nextInt();
            }
            Path changed = folder.resolve("damaged.xls");
            Files.write(
                    changed, random.nextInt(5) == 0 ? Arrays.copyOf(damaged, 512 + random.nextInt(4_000)) : damaged);
            try {
                cells(Table.of(changed));
            } catch (ProblemException problem) {
                refused++;
            }
        }
        assertTrue(refused > 100, "no damage was seen");
    }

    /** The library would make room for as many runs as the extension of a text says that it has. */
    @Test
    void aTextThatSaysToBeLongTakesNoRoom() throws IOException {
        Path file = folder.resolve("list.xls");
        try (HSSFWorkbook book = new HSSFWorkbook()) {
            row(book.createSheet("목록"), 0, "XYZZYXYZZY", "ISBN");
            save(book, file);
        }
        byte[] bytes = Files.readAllBytes(file);
        byte[] text = "XYZZYXYZZY".getBytes(StandardCharsets.ISO_8859_1);
        int at = indexOf(bytes, text);
        // One of ten characters is left; the others are the length of an extension and a part of it.
        bytes[at - 3] = 1;
        bytes[at - 1] = 4;
        for (int i = 0; i < 3; i++) {
            bytes[at + i] = (byte) 0xFF;
        }
        bytes[at + 3] = 0x7F;
        Files.write(file, bytes);
        assertTrue(refusal(file).contains("damaged"), refusal(file));
    }

    @Test
    void aLongListOfTextsGoesOnInTheNextRecord() throws IOException {
        Path file = folder.resolve("list.xls");
        try (HSSFWorkbook book = new HSSFWorkbook()) {
            HSSFSheet sheet = book.createSheet("목록");
            row(sheet, 0, "제목", "ISBN");
            for (int i = 1; i < 3_000; i++) {
                row(sheet, i, (i % 3 == 0 ? "가나다라마바사 " : "a title of ") + i, "n" + i);
            }
            save(book, file);
        }
        List<List<String>> cells = cells(Table.of(file));
        assertEquals(2_999, cells.size());
        for (int i = 1; i < 3_000; i++) {
            assertEquals(
                    (i % 3 == 0 ? "가나다라마바사 " : "a title of ") + i,
                    cells.get(i - 1).get(0));
        }
    }

    private static int indexOf(byte[] bytes, byte[] text) {
        for (int i = 0; i + text.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + text.length, text, 0, text.length)) {
                return i;
            }
        }
        throw new AssertionError("the text is not in the file");
    }

    @Test
    void aWorkbookWithAPasswordIsNamed() throws IOException {
        Path file = folder.resolve("locked.xls");
        try (HSSFWorkbook book = new HSSFWorkbook()) {
            row(book.createSheet("목록"), 0, "제목", "ISBN");
            Biff8EncryptionKey.setCurrentUserPassword("secret");
            save(book, file);
        } finally {
            Biff8EncryptionKey.setCurrentUserPassword(null);
        }
        assertTrue(refusal(file).contains("password"), refusal(file));
    }

    @Test
    void aWorkbookOfOpenDocumentIsRead() throws IOException {
        Path file = openDocument(
                "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>제목</text:p></table:table-cell>"
                        + "<table:table-cell office:value-type=\"string\"><text:p>ISBN</text:p></table:table-cell>"
                        + "<table:table-cell office:value-type=\"string\"><text:p>발행일</text:p></table:table-cell>"
                        + "<table:table-cell table:number-columns-repeated=\"16381\"/></table:table-row>"
                        + "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell"
                        + " office:value-type=\"string\"><text:p>바람의<text:s/><text:span>언덕</text:span></text:p>"
                        + "<office:annotation><text:p>a comment</text:p></office:annotation></table:table-cell>"
                        + "<table:table-cell office:value-type=\"float\" office:value=\"9788936434120\">"
                        + "<text:p>9.78893643412E+12</text:p></table:table-cell>"
                        + "<table:table-cell office:value-type=\"date\" office:date-value=\"2024-03-05\">"
                        + "<text:p>24년 3월 5일</text:p></table:table-cell></table:table-row>"
                        + "<table:table-row table:number-rows-repeated=\"10\"><table:table-cell"
                        + " table:number-columns-repeated=\"16384\"/></table:table-row>"
                        + "<table:table-row><table:table-cell table:formula=\"of:=[.A1]\"/>"
                        + "<table:table-cell office:value-type=\"float\" office:value=\"1234\"><text:p>1,234</text:p>"
                        + "</table:table-cell><table:table-cell office:value-type=\"float\" office:value=\"5\">"
                        + "<text:p>005</text:p></table:table-cell></table:table-row>"
                        + "<table:table-row table:number-rows-repeated=\"1048562\"><table:table-cell"
                        + " table:number-columns-repeated=\"16384\"/></table:table-row>");
        Table table = Table.of(file);
        assertEquals(List.of("숨김", "목록"), table.layout().sheets());
        assertEquals(1, table.layout().sheet(), "the hidden sheet is not proposed");
        assertEquals(
                List.of(
                        List.of("바람의 언덕", "9788936434120", "2024-03-05"),
                        List.of("바람의 언덕", "9788936434120", "2024-03-05"),
                        List.of("", "1234", "005")),
                cells(table));
        assertEquals(List.of(2L, 3L, 14L), numbers(table));
    }

    @Test
    void whatIsRepeatedTooOftenIsRefused() throws IOException {
        String cell = "<table:table-cell table:number-columns-repeated=\"%s\" office:value-type=\"string\"><text:p>%s"
                + "</text:p></table:table-cell>";
        String row = "<table:table-row table:number-rows-repeated=\"%s\">%s</table:table-row>";
        for (Map.Entry<String, String> refused : Map.of(
                        row.formatted("1", cell.formatted("501", "a")), "501",
                        row.formatted("1048576", cell.formatted("1", "a")), "1048576",
                        row.formatted("1048575", cell.formatted("400", "a")), "too large",
                        row.formatted("1", cell.formatted("400", "a".repeat(10_000))), "million")
                .entrySet()) {
            Path file = openDocument(row.formatted("1", cell.formatted("1", "ISBN")) + refused.getKey());
            String detail = refusal(file);
            assertTrue(detail.contains(refused.getValue()), detail);
        }
    }

    @Test
    void aPasswordOfOpenDocumentIsNamed() throws IOException {
        Path file = folder.resolve("locked.ods");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            put(zip, "mimetype", "application/vnd.oasis.opendocument.spreadsheet");
            put(zip, "META-INF/manifest.xml", "<manifest><file-entry><encryption-data/></file-entry></manifest>");
            put(zip, "content.xml", "\0\1\2");
        }
        assertTrue(refusal(file).contains("password"), refusal(file));
    }

    private Path openDocument(String rows) throws IOException {
        Path file = folder.resolve("list.ods");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            put(zip, "mimetype", "application/vnd.oasis.opendocument.spreadsheet");
            put(
                    zip,
                    "content.xml",
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content" + NAMESPACES + ">"
                            + "<office:automatic-styles><style:style style:name=\"ta1\" style:family=\"table\">"
                            + "<style:table-properties table:display=\"false\"/></style:style></office:automatic-styles>"
                            + "<office:body><office:spreadsheet>"
                            + "<table:table table:name=\"숨김\" table:style-name=\"ta1\"><table:table-row>"
                            + "<table:table-cell office:value-type=\"string\"><text:p>ISBN</text:p></table:table-cell>"
                            + "</table:table-row></table:table>"
                            + "<table:table table:name=\"목록\" table:style-name=\"ta2\">" + rows + "</table:table>"
                            + "</office:spreadsheet></office:body></office:document-content>");
        }
        return file;
    }

    private static void put(ZipOutputStream zip, String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    private static HSSFRow row(HSSFSheet sheet, int number, String... cells) {
        HSSFRow row = sheet.createRow(number);
        for (int i = 0; i < cells.length; i++) {
            row.createCell(i).setCellValue(cells[i]);
        }
        return row;
    }

    private static void save(HSSFWorkbook book, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            book.write(out);
        }
    }

    private static String refusal(Path file) {
        return assertThrows(ProblemException.class, () -> cells(Table.of(file))).detail();
    }

    private static List<List<String>> cells(Table table) throws IOException {
        List<List<String>> cells = new ArrayList<>();
        try (Rows rows = table.rows()) {
            for (Row row = rows.next(); row != null; row = rows.next()) {
                if (row.skip() == null) {
                    cells.add(row.cells());
                }
            }
        }
        return cells;
    }

    private static List<Long> numbers(Table table) throws IOException {
        List<Long> numbers = new ArrayList<>();
        try (Rows rows = table.rows()) {
            for (Row row = rows.next(); row != null; row = rows.next()) {
                if (row.skip() == null) {
                    numbers.add(row.number());
                }
            }
        }
        return numbers;
    }
}
