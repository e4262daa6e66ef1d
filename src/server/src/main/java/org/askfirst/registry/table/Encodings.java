package org.askfirst.registry.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.mozilla.universalchardet.UniversalDetector;

/**
 * Detects the character encoding of a text file. It tries, in this order, the byte order mark, UTF-16 by its zero
 * bytes, UTF-8 if the whole file is valid UTF-8, and then the most probable encoding.
 *
 * <p>Korean spreadsheet programs save CSV files in CP949. The detector reports such files as EUC-KR, which is a subset
 * of CP949. A file is therefore read as CP949 if the detector reports EUC-KR, and also if it reports nothing.
 */
final class Encodings {
    static final String KOREAN = "x-windows-949";

    private static final int BLOCK = 1 << 16;
    private static final long DETECTION_BYTES = 4L << 20;

    private Encodings() {}

    static String of(Path file) throws IOException {
        byte[] start = start(file);
        String byMark = UniversalDetector.detectCharsetFromBOM(start);
        if (byMark != null && Charset.isSupported(byMark)) {
            return byMark;
        }
        if (looksLikeUtf16(start)) {
            return zerosAt(start, 1) > zerosAt(start, 0) ? "UTF-16LE" : "UTF-16BE";
        }
        return isUtf8(file) ? StandardCharsets.UTF_8.name() : guess(file);
    }

    /**
     * Returns Java's name of the charset that a user chose because the detected one was wrong.
     *
     * @throws IllegalArgumentException if Java does not support the charset
     */
    static String named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "cp949", "ms949", "euc-kr", "ks_c_5601-1987" -> KOREAN;
            default -> Charset.forName(name).name();
        };
    }

    private static byte[] start(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(BLOCK);
        }
    }

    /**
     * Returns true if the bytes look like UTF-16. In UTF-16 each ASCII character, such as a comma or a line end, has a
     * zero byte. These zero bytes are all at even indexes or all at odd indexes. A binary file has zero bytes at both.
     */
    static boolean looksLikeUtf16(byte[] start) {
        int even = zerosAt(start, 0);
        int odd = zerosAt(start, 1);
        return even + odd > start.length / 200 && Math.min(even, odd) * 10 <= Math.max(even, odd);
    }

    private static int zerosAt(byte[] start, int first) {
        int zeros = 0;
        for (int i = first; i < start.length; i += 2) {
            zeros += start[i] == 0 ? 1 : 0;
        }
        return zeros;
    }

    private static boolean isUtf8(Path file) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.allocate(BLOCK);
        CharBuffer text = CharBuffer.allocate(BLOCK);
        try (InputStream in = Files.newInputStream(file)) {
            boolean end = false;
            while (!end) {
                int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
                end = read < 0;
                bytes.position(bytes.position() + Math.max(0, read));
                bytes.flip();
                text.clear();
                CoderResult result = decoder.decode(bytes, text, end);
                if (result.isError()) {
                    return false;
                }
                bytes.compact();
            }
        }
        return true;
    }

    private static String guess(Path file) throws IOException {
        UniversalDetector detector = new UniversalDetector();
        byte[] block = new byte[BLOCK];
        try (InputStream in = Files.newInputStream(file)) {
            long length = 0;
            for (int read = in.read(block);
                    read > 0 && !detector.isDone() && length < DETECTION_BYTES;
                    read = in.read(block)) {
                detector.handleData(block, 0, read);
                length += read;
            }
        }
        detector.dataEnd();
        String charset = detector.getDetectedCharset();
        if (charset == null || charset.equals("EUC-KR") || !Charset.isSupported(charset)) {
            return KOREAN;
        }
        return Charset.forName(charset).name();
    }
}
