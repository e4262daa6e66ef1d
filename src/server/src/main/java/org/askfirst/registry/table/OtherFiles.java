package org.askfirst.registry.table;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;

/** Files that people upload as tables although they are something else. Each refusal names what the file is. */
final class OtherFiles {
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] OLE = {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0};
    private static final String XLS = "a workbook (.xls)";
    private static final String AS_TABLE = "; save it as .xlsx, or as CSV in UTF-8";
    private static final int START = 1 << 12;
    private static final int NAME_LENGTH = 64;
    private static final int ENTRY_LENGTH = 128;
    private static final int FOLDER_LENGTH = 4096;

    private static final List<Map.Entry<String, String>> BY_BEGINNING = List.of(
            Map.entry("%PDF", "a PDF document, not a table"),
            Map.entry("\u0089PNG", "a picture, not a table"),
            Map.entry("\u00FF\u00D8\u00FF", "a picture, not a table"),
            Map.entry("GIF8", "a picture, not a table"),
            Map.entry("RIFF", "a picture, a recording or a film, not a table"),
            Map.entry("{\\rt", "a text document (RTF), not a table"),
            Map.entry("HWP Document File", "a Hangul document (.hwp), not a table"),
            Map.entry("Rar!", "an archive (.rar); send the table inside it"),
            Map.entry("7z\u00BC\u00AF", "an archive (.7z); send the table inside it"),
            Map.entry("\u001F\u008B", "a compressed file (.gz); send the table inside it"),
            Map.entry("PAR1", "a Parquet file, not a table of text"),
            Map.entry("SQLite format 3", "a database, not a table"),
            Map.entry("ID;P", "a workbook of an old type (SYLK, .slk)"));

    /** Streams by which a compound file shows what it is, most telling first. */
    private static final List<Map.Entry<String, String>> BY_STREAM = List.of(
            Map.entry("EncryptedPackage", "a workbook with a password; remove the password and save it as .xlsx"),
            Map.entry("Workbook", XLS),
            Map.entry("Book", "a workbook of Excel 95 or older (.xls)"),
            Map.entry("WordDocument", "a text document (.doc), not a table"),
            Map.entry("PowerPoint Document", "a presentation (.ppt), not a table"),
            Map.entry("BodyText", "a Hangul document (.hwp), not a table"),
            Map.entry("FileHeader", "a Hangul document (.hwp), not a table"));

    private OtherFiles() {}

    /**
     * Refuses a file that is not a table of text.
     *
     * @param start the first bytes of the file
     */
    static void refuse(byte[] start) {
        String bytes = new String(start, StandardCharsets.ISO_8859_1);
        for (Map.Entry<String, String> kind : BY_BEGINNING) {
            if (bytes.startsWith(kind.getKey())) {
                throw is(kind.getValue());
            }
        }
        refuseMarkup(start);
        if (!Encodings.looksLikeUtf16(start) && !Encodings.hasMark(start)) {
            int control = 0;
            for (byte b : start) {
                control += b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t' && b != '\f' ? 1 : 0;
            }
            if (control > start.length / 100 + 2) {
                throw is("not a table");
            }
        }
    }

    /** Returns the first bytes of a file. */
    static byte[] start(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(START);
        }
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    /** Returns true if a file that begins so is a package (ZIP). */
    static boolean isPackage(byte[] start) {
        return startsWith(start, ZIP);
    }

    /** Returns true if a file that begins so is a compound file (OLE), as programs wrote them until 2007. */
    static boolean isCompound(byte[] start) {
        return startsWith(start, OLE);
    }

    /** Refuses a compound file that is not a workbook of Excel 97 to 2003. */
    static void requireOldWorkbook(Path file) throws IOException {
        String kind = compound(file);
        if (!kind.equals(XLS)) {
            throw is(kind);
        }
    }

    private static void refuseMarkup(byte[] start) {
        boolean isWide = Encodings.looksLikeUtf16(start) || (start.length > 1 && (start[0] & start[1] & 0xFE) == 0xFE);
        Charset charset = !isWide
                ? StandardCharsets.ISO_8859_1
                : start[0] == (byte) 0xFF || start[1] == 0 ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
        String text = Blanks.strip(new String(start, charset).replace("\u00EF\u00BB\u00BF", ""))
                .toLowerCase(Locale.ROOT);
        if (text.startsWith("mime-version:")
                || (text.contains("mime-version:") && text.contains("multipart/related"))) {
            throw is("a web archive (MHTML)");
        }
        if (!text.startsWith("<")) {
            return;
        }
        if (text.contains("urn:schemas-microsoft-com:office:spreadsheet") && text.contains("<?xml")) {
            throw is("a workbook of an old type (XML Spreadsheet 2003)");
        }
        for (String sign :
                List.of("<!doctype html", "<html", "<table", "<head", "<body", "<meta", "<style", "<div", "<tr")) {
            if (text.contains(sign)) {
                throw is("a web page, not a table, although its name may say .xls");
            }
        }
        if (text.startsWith("<?xml") || text.startsWith("<!--") || text.startsWith("<!doctype")) {
            throw is("an XML file, not a table");
        }
    }

    /** Returns what a compound file (OLE) is, by the names in the first part of its folder. */
    private static String compound(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            byte[] head = new byte[512];
            if (bytes.length() < head.length) {
                return "a damaged file";
            }
            bytes.readFully(head);
            ByteBuffer header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
            int sectorBits = Math.min(12, Math.max(7, header.getShort(30)));
            long folder = ((header.getInt(48) & 0xFFFFFFFFL) + 1) << sectorBits;
            StringBuilder names = new StringBuilder("\n");
            if (folder < bytes.length()) {
                bytes.seek(folder);
                byte[] entries = new byte[(int) Math.min(FOLDER_LENGTH, bytes.length() - folder)];
                bytes.readFully(entries);
                for (int at = 0; at + ENTRY_LENGTH <= entries.length; at += ENTRY_LENGTH) {
                    String name = new String(entries, at, NAME_LENGTH, StandardCharsets.UTF_16LE);
                    int end = name.indexOf('\0');
                    names.append(end < 0 ? name : name.substring(0, end)).append('\n');
                }
            }
            for (Map.Entry<String, String> kind : BY_STREAM) {
                if (names.indexOf("\n" + kind.getKey() + "\n") >= 0) {
                    return kind.getValue();
                }
            }
            return "a document of an old type of Office";
        }
    }

    private static ProblemException is(String what) {
        return Problem.UNREADABLE_TABLE.because("This is " + what + (what.contains(";") ? "" : AS_TABLE));
    }
}
