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
 * bytes, UTF-8 if the whole file is valid UTF-8, CP949 if the whole file is valid Korean in it, and then the most
 * probable encoding.
 *
 * <p>Korean spreadsheet programs save CSV files in CP949. A detector that counts letters takes a short or uniform list
 * for Thai, Russian or Chinese, so it is asked last. It reports EUC-KR for CP949, which is a superset.
 */
final class Encodings {
    static final String KOREAN = "x-windows-949";

    private static final int BLOCK = 1 << 16;
    private static final long DETECTION_BYTES = 4L << 20;

    /** Zero bytes that a file of another encoding may have by accident. */
    private static final int STRAY_ZEROS = 3;

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
        Letters utf8 = Letters.of(file, StandardCharsets.UTF_8);
        if (utf8.malformed == 0) {
            return StandardCharsets.UTF_8.name();
        }
        Letters korean = Letters.of(file, Charset.forName(KOREAN));
        if (korean.malformed == 0 && korean.areKorean()) {
            return KOREAN;
        }
        if (utf8.malformed * 100 < utf8.wide) {
            // Nothing else has so many valid sequences of bytes: a few were damaged, and their cells get a note.
            return StandardCharsets.UTF_8.name();
        }
        return korean.malformed * 100 < korean.common && korean.areKorean() ? KOREAN : guess(file);
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

    /** Returns true if the bytes begin with a byte order mark. */
    static boolean hasMark(byte[] start) {
        return UniversalDetector.detectCharsetFromBOM(start) != null;
    }

    /**
     * Returns true if the bytes look like UTF-16. In UTF-16 each ASCII character, such as a comma or a line end, has a
     * zero byte. These zero bytes are all at even indexes or all at odd indexes, and each line end has one. A binary
     * file has zero bytes at both, and a stray zero in a text has no line end beside it.
     */
    static boolean looksLikeUtf16(byte[] start) {
        int even = zerosAt(start, 0);
        int odd = zerosAt(start, 1);
        return even + odd > STRAY_ZEROS
                && (even + odd) * 50 > start.length
                && Math.min(even, odd) * 10 <= Math.max(even, odd)
                && lineEndsAreWide(start, odd > even ? 1 : 0);
    }

    private static boolean lineEndsAreWide(byte[] start, int zeroAt) {
        int wide = 0;
        int narrow = 0;
        for (int i = 0; i + 1 < start.length; i += 2) {
            byte letter = start[i + 1 - zeroAt];
            byte zero = start[i + zeroAt];
            if ((letter == '\n' || letter == '\r') && zero == 0) {
                wide++;
            } else if (zero == '\n' && letter != 0) {
                narrow++;
            }
        }
        return wide > 0 || narrow == 0;
    }

    private static int zerosAt(byte[] start, int first) {
        int zeros = 0;
        for (int i = first; i < start.length; i += 2) {
            zeros += start[i] == 0 ? 1 : 0;
        }
        return zeros;
    }

    /** Numbers of kinds of letters in a file that is read in one encoding. */
    private static final class Letters {
        /** Sequences of bytes that are no letter. */
        private long malformed;

        /** Letters beyond ASCII. */
        private long wide;

        /** The 2,350 syllables of Korean that are in use. */
        private long common;

        /** The other syllables, which are very rare. */
        private long rare;

        static Letters of(Path file, Charset charset) throws IOException {
            Letters letters = new Letters();
            CharsetDecoder decoder = charset.newDecoder();
            ByteBuffer bytes = ByteBuffer.allocate(BLOCK);
            CharBuffer text = CharBuffer.allocate(BLOCK);
            CharsetDecoder common = Charset.forName("EUC-KR").newDecoder();
            boolean[] inUse = syllablesInUse(common);
            try (InputStream in = Files.newInputStream(file)) {
                boolean end = false;
                while (!end) {
                    int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
                    end = read < 0;
                    bytes.position(bytes.position() + Math.max(0, read));
                    bytes.flip();
                    boolean more = true;
                    while (more) {
                        text.clear();
                        CoderResult result = decoder.decode(bytes, text, end);
                        letters.count(text.flip(), inUse);
                        if (result.isError()) {
                            letters.malformed++;
                            bytes.position(bytes.position() + result.length());
                        }
                        more = result.isError() || result.isOverflow();
                    }
                    bytes.compact();
                }
            }
            return letters;
        }

        private static final int FIRST_SYLLABLE = 0xAC00;
        private static final int LAST_SYLLABLE = 0xD7A3;

        private static boolean[] syllablesInUse(CharsetDecoder decoder) {
            boolean[] inUse = new boolean[LAST_SYLLABLE - FIRST_SYLLABLE + 1];
            java.nio.charset.CharsetEncoder encoder = decoder.charset().newEncoder();
            for (int i = 0; i < inUse.length; i++) {
                inUse[i] = encoder.canEncode((char) (FIRST_SYLLABLE + i));
            }
            return inUse;
        }

        private void count(CharBuffer text, boolean[] inUse) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c >= 0x80) {
                    wide++;
                    if (c >= FIRST_SYLLABLE && c <= LAST_SYLLABLE) {
                        if (inUse[c - FIRST_SYLLABLE]) {
                            common++;
                        } else {
                            rare++;
                        }
                    }
                }
            }
        }

        /** Returns true if the letters are plausible as Korean: mostly syllables in use, with Chinese characters. */
        boolean areKorean() {
            return common > 0 && common >= rare && (common + rare) * 3 >= wide;
        }
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
