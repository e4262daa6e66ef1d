package org.askfirst.registry.table;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes minimal workbooks as Excel does: texts are shared, numbers are in their cells. */
public final class Spreadsheet {
    private final StringBuilder rows = new StringBuilder();
    private final List<String> shared = new ArrayList<>();
    private String first = "";
    private String firstState = "";
    private String styles = "";
    private boolean strict;
    private int number;

    /** Adds rows as they are in the file. */
    public Spreadsheet xml(String row) {
        rows.append(row);
        return this;
    }

    /** Adds a shared text as it is in the file. */
    Spreadsheet sharedXml(String text) {
        shared.add("\0" + text);
        return this;
    }

    /** Gives the first sheet rows and a state, such as {@code hidden}. */
    Spreadsheet first(String xml, String state) {
        first = xml;
        firstState = " state=\"" + state + "\"";
        return this;
    }

    /** Gives the workbook formats of numbers; the style of a cell is the place of its format. */
    Spreadsheet formats(String... codes) {
        StringBuilder formats = new StringBuilder("<numFmts>");
        StringBuilder cells = new StringBuilder("<cellXfs>");
        for (int i = 0; i < codes.length; i++) {
            formats.append("<numFmt numFmtId=\"").append(200 + i).append("\" formatCode=\"");
            formats.append(codes[i].replace("\"", "&quot;")).append("\"/>");
            cells.append("<xf numFmtId=\"").append(200 + i).append("\"/>");
        }
        styles = formats + "</numFmts>" + cells + "</cellXfs>";
        return this;
    }

    /** Writes the workbook in strict Open XML. */
    Spreadsheet strict() {
        strict = true;
        return this;
    }

    /** Adds a row. A cell that looks like a number becomes one, unless it begins with an apostrophe. */
    public Spreadsheet row(String... cells) {
        number++;
        rows.append("<row r=\"").append(number).append("\">");
        for (int i = 0; i < cells.length; i++) {
            String place = (char) ('A' + i) + String.valueOf(number);
            if (cells[i].isEmpty()) {
                continue;
            }
            if (cells[i].matches("[0-9.]+(E\\+?[0-9]+)?")) {
                rows.append("<c r=\"")
                        .append(place)
                        .append("\"><v>")
                        .append(cells[i])
                        .append("</v></c>");
            } else {
                rows.append("<c r=\"")
                        .append(place)
                        .append("\" t=\"s\"><v>")
                        .append(shared.size())
                        .append("</v></c>");
                shared.add(cells[i].startsWith("'") ? cells[i].substring(1) : cells[i]);
            }
        }
        rows.append("</row>");
        return this;
    }

    /** Writes the workbook to a file. */
    public void save(Path file) throws IOException {
        String head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
        String main = strict
                ? "http://purl.oclc.org/ooxml/spreadsheetml/main"
                : "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        String office = strict
                ? "http://purl.oclc.org/ooxml/officeDocument/relationships"
                : "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        String packed = "http://schemas.openxmlformats.org/package/2006/";
        StringBuilder texts =
                new StringBuilder(head).append("<sst xmlns=\"").append(main).append("\">");
        for (String text : shared) {
            texts.append(
                    text.startsWith("\0")
                            ? "<si>" + text.substring(1) + "</si>"
                            : "<si><t>" + text.replace("&", "&amp;").replace("<", "&lt;") + "</t></si>");
        }
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            String kind = "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.";
            put(
                    zip,
                    "[Content_Types].xml",
                    head + "<Types xmlns=\"" + packed + "content-types\"><Override PartName=\"/xl/workbook.xml\" "
                            + kind
                            + "sheet.main+xml\"/><Override PartName=\"/xl/sharedStrings.xml\" " + kind
                            + "sharedStrings+xml\"/></Types>");
            put(
                    zip,
                    "_rels/.rels",
                    head + "<Relationships xmlns=\"" + packed + "relationships\"><Relationship Id=\"r1\" Type=\""
                            + office + "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
            put(
                    zip,
                    "xl/workbook.xml",
                    head + "<workbook xmlns=\"" + main + "\" xmlns:r=\"" + office
                            + "\"><sheets><sheet name=\"비어 있음\" sheetId=\"1\" r:id=\"r1\"" + firstState + "/>"
                            + "<sheet name=\"목록\" sheetId=\"2\" r:id=\"r2\"/></sheets></workbook>");
            put(
                    zip,
                    "xl/_rels/workbook.xml.rels",
                    head + "<Relationships xmlns=\"" + packed + "relationships\"><Relationship Id=\"r1\" Type=\""
                            + office
                            + "/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"" + office
                            + "/worksheet\" Target=\"worksheets/sheet2.xml\"/><Relationship Id=\"r3\" Type=\"" + office
                            + "/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"r4\" Type=\"" + office
                            + "/styles\" Target=\"/xl/styles.xml\"/></Relationships>");
            put(zip, "xl/styles.xml", head + "<styleSheet xmlns=\"" + main + "\">" + styles + "</styleSheet>");
            put(zip, "xl/sharedStrings.xml", texts.append("</sst>").toString());
            put(
                    zip,
                    "xl/worksheets/sheet1.xml",
                    head + "<worksheet xmlns=\"" + main + "\"><sheetData>" + first + "</sheetData></worksheet>");
            put(
                    zip,
                    "xl/worksheets/sheet2.xml",
                    head + "<worksheet xmlns=\"" + main + "\"><sheetData>" + rows + "</sheetData></worksheet>");
        }
    }

    private static void put(ZipOutputStream zip, String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }
}
