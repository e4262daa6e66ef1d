package org.askfirst.registry.table;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;

/** A packed document (ZIP) with its parts. The list of parts is limited before it is read. */
final class Parts implements Closeable {
    private static final int MAX_PARTS = 10_000;
    private static final int MAX_LIST = 4 << 20;
    private static final int END_SIZE = 22;
    private static final int MAX_COMMENT = 1 << 16;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int MIMETYPE_SIZE = 100;

    private final ZipFile zip;
    private final Map<String, ZipEntry> parts = new HashMap<>();

    Parts(Path file) throws IOException {
        requireShortList(file);
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException | IllegalArgumentException damaged) {
            throw XmlPart.damaged();
        }
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
            ZipEntry part = all.nextElement();
            parts.putIfAbsent(plain(part.getName()), part);
        }
    }

    /** Returns the name as parts are compared: without regard to case, with slashes, without one at the beginning. */
    private static String plain(String name) {
        String plain = name.replace('\\', '/').toLowerCase(Locale.ROOT);
        return plain.startsWith("/") ? plain.substring(1) : plain;
    }

    /** Refuses a file whose list of parts is long, because the list would be read into memory at once. */
    private static void requireShortList(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            byte[] tail = new byte[(int) Math.min(bytes.length(), END_SIZE + MAX_COMMENT)];
            bytes.seek(bytes.length() - tail.length);
            bytes.readFully(tail);
            ByteBuffer end = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = tail.length - END_SIZE; at >= 0; at--) {
                if (end.getInt(at) == END_SIGNATURE) {
                    // A longer list has its size elsewhere, and these numbers are the greatest ones.
                    int count = end.getShort(at + 10) & 0xFFFF;
                    long size = end.getInt(at + 12) & 0xFFFFFFFFL;
                    if (count > MAX_PARTS || size > MAX_LIST) {
                        throw Problem.UNREADABLE_TABLE.because(
                                "The file has too many parts; save the sheet as CSV in UTF-8");
                    }
                    return;
                }
            }
            throw XmlPart.damaged();
        }
    }

    boolean has(String name) {
        return parts.containsKey(plain(name));
    }

    /** Opens a part. The caller must limit how much it reads. */
    InputStream open(String name) throws IOException {
        ZipEntry part = parts.get(plain(name));
        if (part == null) {
            throw XmlPart.damaged();
        }
        try {
            InputStream in = zip.getInputStream(part);
            if (in == null) {
                throw XmlPart.damaged();
            }
            return in;
        } catch (ZipException damaged) {
            throw XmlPart.damaged();
        }
    }

    /** Opens a part as XML. */
    XmlPart xml(String name, long maxSize) throws IOException {
        return new XmlPart(open(name), maxSize);
    }

    /** Returns the type that the package names itself, as OpenDocument does; empty if it names none. */
    String type() throws IOException {
        if (!has("mimetype")) {
            return "";
        }
        try (InputStream in = open("mimetype")) {
            return new String(in.readNBytes(MIMETYPE_SIZE), StandardCharsets.US_ASCII).strip();
        } catch (ZipException damaged) {
            throw XmlPart.damaged();
        }
    }

    /** Returns the refusal of a package that is not a workbook, which names what the package is. */
    ProblemException notAWorkbook() throws IOException {
        String what = "an archive (.zip); send the table inside it";
        String type = type();
        if (has("xl/workbook.bin")) {
            what = "a binary workbook (.xlsb); save it as .xlsx, or as CSV in UTF-8";
        } else if (has("Index/Document.iwa") || has("Index.zip")) {
            what = "a document of Apple (.numbers); export it as .xlsx, or as CSV in UTF-8";
        } else if (has("word/document.xml")) {
            what = "a text document (.docx); put the list into a table and save it as .xlsx, or as CSV in UTF-8";
        } else if (has("ppt/presentation.xml")) {
            what = "a presentation (.pptx); put the list into a table and save it as .xlsx, or as CSV in UTF-8";
        } else if (type.startsWith("application/hwp+zip") || has("Contents/content.hpf")) {
            what = "a Hangul document (.hwpx); put the list into a table and save it as .xlsx, or as CSV in UTF-8";
        } else if (type.startsWith("application/epub")) {
            what = "a book (.epub), not a table";
        } else if (type.startsWith("application/vnd.oasis.opendocument")) {
            what = "a document of OpenDocument; save it as .xlsx, or as CSV in UTF-8";
        }
        return Problem.UNREADABLE_TABLE.because("This is " + what);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
