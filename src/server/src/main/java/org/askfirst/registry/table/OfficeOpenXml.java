package org.askfirst.registry.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.askfirst.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * An Excel workbook (ECMA-376, Office Open XML, transitional or strict), whose sheets are read as streams.
 *
 * <p>Only the texts that cells share are in memory. A small file can unpack to a large one, so everything is counted
 * while it is unpacked.
 */
final class OfficeOpenXml implements Workbook {
    private static final long MAX_SHEET = 2L << 30;
    private static final long MAX_PART = 32L << 20;
    private static final int MAX_RELATIONS = 10_000;

    private final Parts parts;
    private final List<Sheet> sheets = new ArrayList<>();
    private final List<@Nullable String> files = new ArrayList<>();
    private boolean from1904;
    private @Nullable String sharedTexts;
    private @Nullable String styles;
    private @Nullable SharedTexts texts;
    private @Nullable NumberFormats formats;

    /** The files to which a file refers: by the ids of the references, and by their types. */
    private record Relations(Map<String, String> byId, Map<String, String> byType) {}

    /** Reads the list of sheets. The package is closed with the workbook, and stays open if this fails. */
    OfficeOpenXml(Parts parts) throws IOException {
        this.parts = parts;
        read();
    }

    private void read() throws IOException {
        String main = relations("").byType().getOrDefault("officeDocument", "xl/workbook.xml");
        if (!parts.has(main) || !main.endsWith(".xml") || main.startsWith("word/") || main.startsWith("ppt/")) {
            throw parts.notAWorkbook();
        }
        Relations relations = relations(main);
        sharedTexts = relations.byType().get("sharedStrings");
        styles = relations.byType().get("styles");
        try (XmlPart part = parts.xml(main, MAX_PART)) {
            while (part.next()) {
                if (part.isStart("workbookPr")) {
                    String epoch = part.attribute("date1904");
                    from1904 = "1".equals(epoch) || "true".equals(epoch);
                } else if (part.isStart("sheet") && sheets.size() < MAX_SHEETS) {
                    String name = part.attribute("name");
                    String state = part.attribute("state");
                    String id = part.attribute("id");
                    String sheet = id == null ? null : relations.byId().get(id);
                    files.add(sheet);
                    sheets.add(new Sheet(
                            name == null
                                    ? ""
                                    : CellText.unescaped(name.substring(0, Math.min(name.length(), MAX_NAME))),
                            sheet != null && (state == null || state.equals("visible"))));
                }
            }
        }
        if (sheets.isEmpty()) {
            throw Problem.UNREADABLE_TABLE.because("The workbook has no sheet");
        }
    }

    /** Returns the references of a part, or of the package if the name is empty. */
    private Relations relations(String of) throws IOException {
        String folder = of.substring(0, of.lastIndexOf('/') + 1);
        String name = folder + "_rels/" + of.substring(folder.length()) + ".rels";
        Relations relations = new Relations(new HashMap<>(), new HashMap<>());
        if (!parts.has(name)) {
            return relations;
        }
        try (XmlPart part = parts.xml(name, MAX_PART)) {
            while (part.next() && relations.byId().size() < MAX_RELATIONS) {
                String id = part.isStart("Relationship") ? part.attribute("Id") : null;
                String type = id == null ? null : part.attribute("Type");
                String target = id == null ? null : part.attribute("Target");
                if (id != null && type != null && target != null) {
                    String full = resolved(folder, target);
                    relations.byId().put(id, full);
                    relations.byType().putIfAbsent(type.substring(type.lastIndexOf('/') + 1), full);
                }
            }
        }
        return relations;
    }

    /** Returns the name of the part to which a reference leads. */
    private static String resolved(String folder, String target) {
        String path = target.replace('\\', '/');
        if (path.startsWith("/")) {
            return path.substring(1);
        }
        String base = folder;
        while (path.startsWith("../") || path.startsWith("./")) {
            if (path.startsWith("../") && !base.isEmpty()) {
                base = base.substring(0, base.lastIndexOf('/', base.length() - 2) + 1);
            }
            path = path.substring(path.indexOf('/') + 1);
        }
        return base + path;
    }

    @Override
    public List<Sheet> sheets() {
        return List.copyOf(sheets);
    }

    @Override
    public Rows rows(int sheet) throws IOException {
        return new SheetRows(sheet(sheet), texts(), formats());
    }

    private XmlPart sheet(int sheet) throws IOException {
        String part = sheet < files.size() ? files.get(sheet) : null;
        if (part == null || !parts.has(part)) {
            throw XmlPart.damaged();
        }
        // The texts and the styles come first, so that nothing is open if they cannot be read.
        texts();
        formats();
        return parts.xml(part, MAX_SHEET);
    }

    private SharedTexts texts() throws IOException {
        SharedTexts known = texts;
        if (known == null) {
            String part = sharedTexts;
            known = SharedTexts.read(part == null || !parts.has(part) ? null : parts.xml(part, SharedTexts.maxSize()));
            texts = known;
        }
        return known;
    }

    private NumberFormats formats() throws IOException {
        NumberFormats known = formats;
        if (known == null) {
            String part = styles;
            known = NumberFormats.read(part == null || !parts.has(part) ? null : parts.xml(part, MAX_PART), from1904);
            formats = known;
        }
        return known;
    }

    @Override
    public void close() throws IOException {
        try (parts) {
            if (texts != null) {
                texts.close();
            }
        }
    }
}
