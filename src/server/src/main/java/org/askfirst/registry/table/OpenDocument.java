package org.askfirst.registry.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipException;
import org.askfirst.problem.Problem;

/** A workbook of OpenDocument (ISO/IEC 26300), as LibreOffice writes it. */
final class OpenDocument implements Workbook {
    private static final String CONTENT = "content.xml";
    private static final String MANIFEST = "META-INF/manifest.xml";
    private static final long MAX_CONTENT = 256L << 20;
    private static final int MAX_MANIFEST = 1 << 20;

    /** Decoded bytes that are read to choose a sheet. All sheets are in one part, so each is behind those before it. */
    private static final long MAX_SAMPLED = 512L << 20;

    private final Parts parts;
    private final int samples;
    private final List<Sheet> sheets = new ArrayList<>();

    /** Reads the list of sheets. The package is closed with the workbook, and stays open if this fails. */
    OpenDocument(Parts parts) throws IOException {
        this.parts = parts;
        refusePassword();
        Set<String> hidden = new HashSet<>();
        String style = null;
        try (XmlPart part = parts.xml(CONTENT, MAX_CONTENT)) {
            while (part.next()) {
                if (part.isStart("style")) {
                    style = part.attribute("name");
                } else if (part.isStart("table-properties") && "false".equals(part.attribute("display"))) {
                    hidden.add(style == null ? "" : style);
                } else if (OpenDocumentRows.isTable(part) && sheets.size() < MAX_SHEETS) {
                    String name = part.attribute("name");
                    String own = part.attribute("style-name");
                    sheets.add(new Sheet(
                            name == null ? "" : name.substring(0, Math.min(name.length(), MAX_NAME)),
                            own == null || !hidden.contains(own)));
                }
            }
            samples = (int) Math.max(1, Math.min(MAX_SAMPLES, MAX_SAMPLED / Math.max(1, part.decoded())));
        }
        if (sheets.isEmpty()) {
            throw Problem.UNREADABLE_TABLE.because("The workbook has no sheet");
        }
    }

    /** Returns true if the package says that it is a workbook of OpenDocument. */
    static boolean is(Parts parts) throws IOException {
        return parts.type().startsWith("application/vnd.oasis.opendocument.spreadsheet") && parts.has(CONTENT);
    }

    private void refusePassword() throws IOException {
        if (!parts.has(MANIFEST)) {
            return;
        }
        try (InputStream in = parts.open(MANIFEST)) {
            String manifest = new String(in.readNBytes(MAX_MANIFEST), StandardCharsets.UTF_8);
            if (manifest.contains("encryption-data")) {
                throw Problem.UNREADABLE_TABLE.because(
                        "This is a workbook with a password; remove the password and save it again");
            }
        } catch (ZipException damaged) {
            throw XmlPart.damaged();
        }
    }

    @Override
    public int samples() {
        return samples;
    }

    @Override
    public List<Sheet> sheets() {
        return List.copyOf(sheets);
    }

    @Override
    public Rows rows(int sheet) throws IOException {
        XmlPart part = parts.xml(CONTENT, MAX_CONTENT);
        try {
            int left = sheet;
            while (part.next()) {
                if (OpenDocumentRows.isTable(part) && left-- == 0) {
                    return new OpenDocumentRows(part);
                }
            }
            throw XmlPart.damaged();
        } catch (IOException | RuntimeException failure) {
            part.close();
            throw failure;
        }
    }

    @Override
    public void close() throws IOException {
        parts.close();
    }
}
