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
 * In which encoding a text file is: UTF-8 if all of it can be, else what it looks like.
 *
 * <p>Korean spreadsheets save CSV in CP949, which detectors know as EUC-KR, its smaller half; it is read as the larger.
 */
final class Encodings {
    static final String KOREAN = "x-windows-949";

    private static final int BLOCK = 1 << 16;
    private static final long LOOKED_AT = 4L << 20;

    private Encodings() {}

    static String of(Path file) throws IOException {
        byte[] start = start(file);
        String marked = UniversalDetector.detectCharsetFromBOM(start);
        if (marked != null && Charset.isSupported(marked)) {
            return marked;
        }
        if (looksWide(start)) {
            return zerosAt(start, 1) > zerosAt(start, 0) ? "UTF-16LE" : "UTF-16BE";
        }
        return isUtf8(file) ? StandardCharsets.UTF_8.name() : guessed(file);
    }

    /** The charset a person may name, so that a wrong guess can be set right; as Java calls it. */
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
     * UTF-16, with a mark or without: what is written in ASCII, if only commas and ends of lines, has zeros, all of them
     * at even places or all at odd ones. What is no text has them anywhere.
     */
    static boolean looksWide(byte[] start) {
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

    private static String guessed(Path file) throws IOException {
        UniversalDetector detector = new UniversalDetector();
        byte[] block = new byte[BLOCK];
        try (InputStream in = Files.newInputStream(file)) {
            long seen = 0;
            for (int read = in.read(block); read > 0 && !detector.isDone() && seen < LOOKED_AT; read = in.read(block)) {
                detector.handleData(block, 0, read);
                seen += read;
            }
        }
        detector.dataEnd();
        String guess = detector.getDetectedCharset();
        if (guess == null || guess.equals("EUC-KR") || !Charset.isSupported(guess)) {
            return KOREAN;
        }
        return Charset.forName(guess).name();
    }
}
