package org.askfirst.client.command;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The responses and resources of a WARC file (ISO 28500), one after another, in memory that does not grow with their
 * size. Requests and other records are skipped. Used by one thread.
 */
final class Warc {
    private static final int BUFFER = 1 << 16;
    private static final int MAX_LINE = 1 << 16;
    private static final int MAX_LINES = 1_000;

    /** So many bytes of a document are decoded at most. */
    private static final long MAX_DOCUMENT = 1L << 34;

    /** Between the values of a header that is there twice. */
    private static final String TWICE = "\n";

    private static final String CUT_SHORT = "the WARC file is cut short";
    private static final int GZIP_FIRST = 0x1f;
    private static final int GZIP_SECOND = 0x8b;

    private final InputStream in;

    private Warc(InputStream in) {
        this.in = in;
    }

    /**
     * A document that was fetched.
     *
     * @param address the address that was asked
     * @param sha256 the SHA-256 of its content without headers, chunks and gzip, in hexadecimal; null if the content has
     *     another coding, or a damaged one, so that the hash of the work is not known
     */
    record Document(String address, @Nullable String sha256) {}

    /** Returns true for the name of a WARC file. */
    static boolean isNamed(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".warc") || lower.endsWith(".warc.gz");
    }

    /** Opens a file, which may be compressed record by record. */
    static Warc of(InputStream file) throws IOException {
        PushbackInputStream start = new PushbackInputStream(new BufferedInputStream(file, BUFFER), 2);
        int first = start.read();
        int second = start.read();
        if (second >= 0) {
            start.unread(second);
        }
        if (first >= 0) {
            start.unread(first);
        }
        boolean isCompressed = first == GZIP_FIRST && second == GZIP_SECOND;
        return new Warc(isCompressed ? new BufferedInputStream(new Gunzip(start), BUFFER) : start);
    }

    /**
     * Returns the next document; null at the end.
     *
     * @throws IOException if the file is cut short or is no WARC file
     */
    @Nullable Document next() throws IOException {
        while (true) {
            String version = line(in);
            while (version != null && version.isEmpty()) {
                version = line(in);
            }
            if (version == null) {
                return null;
            }
            if (!version.startsWith("WARC/")) {
                throw new IOException("a record of a WARC file begins with something else");
            }
            Map<String, String> headers = headers(in);
            long length = length(headers);
            String type = headers.getOrDefault("warc-type", "").toLowerCase(Locale.ROOT);
            if (type.contains(TWICE)) {
                throw new IOException("a record of the WARC file has two types");
            }
            String address = headers.get("warc-target-uri");
            boolean isResponse = type.equals("response");
            if (address == null || !(isResponse || type.equals("resource"))) {
                skip(length);
                continue;
            }
            boolean isHttp = isResponse
                    && headers.getOrDefault("content-type", "").replace(" ", "").startsWith("application/http");
            // Older versions of wget write the address between angle brackets.
            return new Document(address.replaceAll("^<|>$", ""), digest(length, isHttp));
        }
    }

    private static long length(Map<String, String> headers) throws IOException {
        String length = headers.getOrDefault("content-length", "");
        if (!length.matches("[0-9]{1,18}")) {
            throw new IOException("a record of the WARC file has no length");
        }
        return Long.parseLong(length);
    }

    /** Reads headers up to an empty line. A header that is there twice has both values, so that none is chosen. */
    private static Map<String, String> headers(InputStream in) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        String name = "";
        for (int i = 0; i < MAX_LINES; i++) {
            String line = line(in);
            if (line == null) {
                throw new EOFException(CUT_SHORT);
            }
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                headers.merge(name, line.strip(), (before, more) -> (before + " " + more).strip());
            } else if (colon > 0) {
                name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                headers.merge(name, line.substring(colon + 1).strip(), (before, more) -> before + TWICE + more);
            }
        }
        throw new IOException("a record of the WARC file has too many headers");
    }

    /** Returns the next line without its end; null at the end of the file. */
    private static @Nullable String line(InputStream in) throws IOException {
        byte[] line = new byte[256];
        int length = 0;
        int read = in.read();
        if (read < 0) {
            return null;
        }
        while (read >= 0 && read != '\n') {
            if (length == MAX_LINE) {
                throw new IOException("a line of the WARC file is too long");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, 2 * length);
            }
            line[length++] = (byte) read;
            read = in.read();
        }
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        return new String(line, 0, end, StandardCharsets.UTF_8);
    }

    /**
     * Reads the content of a record.
     *
     * @return the SHA-256 of the document in it; null if its coding cannot be read
     */
    private @Nullable String digest(long length, boolean isHttp) throws IOException {
        Content record = new Content(length);
        try {
            return digest(isHttp ? document(record) : record, Math.max(length, MAX_DOCUMENT));
        } catch (UncheckedIOException cutShort) {
            throw cutShort.getCause();
        } catch (IOException unreadable) {
            return null;
        } finally {
            skip(record.left);
        }
    }

    /** Reads the head of an HTTP answer, and returns the document behind it without the codings of the transfer. */
    private static InputStream document(InputStream record) throws IOException {
        InputStream answer = new BufferedInputStream(record, BUFFER);
        line(answer);
        Map<String, String> headers = headers(answer);
        InputStream document = switch (coding(headers, "transfer-encoding")) {
            case "" -> answer;
            case "chunked" -> new Chunks(answer);
            default -> throw new IOException("this coding of the transfer cannot be read");
        };
        return switch (coding(headers, "content-encoding")) {
            case "" -> document;
            case "gzip", "x-gzip" -> new Gunzip(document);
            default -> throw new IOException("this coding of the content cannot be read");
        };
    }

    private static String coding(Map<String, String> headers, String name) {
        String coding = headers.getOrDefault(name, "").toLowerCase(Locale.ROOT);
        return coding.equals("identity") ? "" : coding;
    }

    private static String digest(InputStream document, long longest) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER];
        long length = 0;
        try (document) {
            for (int read = document.read(buffer); read >= 0; read = document.read(buffer)) {
                digest.update(buffer, 0, read);
                length += read;
                if (length > longest) {
                    throw new IOException("the document is too long");
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private void skip(long length) throws IOException {
        try {
            in.skipNBytes(length);
        } catch (EOFException cutShort) {
            throw new EOFException(CUT_SHORT);
        }
    }

    /** The content of a record. The failures of the file itself are unchecked, so that they differ from bad codings. */
    private final class Content extends InputStream {
        private long left;

        Content(long length) {
            left = length;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) {
            if (left == 0) {
                return -1;
            }
            try {
                int read = in.read(buffer, from, (int) Math.min(length, left));
                if (read < 0) {
                    throw new EOFException(CUT_SHORT);
                }
                left -= read;
                return read;
            } catch (IOException failed) {
                left = 0;
                throw new UncheckedIOException(failed);
            }
        }
    }

    /** The content that was sent in chunks (RFC 9112, section 7.1). Trailers are skipped. */
    private static final class Chunks extends InputStream {
        private final InputStream in;
        private long left;
        private boolean isFirst = true;
        private boolean isEnded;

        Chunks(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            if (left == 0 && !isEnded) {
                begin();
            }
            if (isEnded) {
                return -1;
            }
            int read = in.read(buffer, from, (int) Math.min(length, left));
            if (read < 0) {
                throw new EOFException("a chunk is cut short");
            }
            left -= read;
            return read;
        }

        private void begin() throws IOException {
            if (!isFirst && !"".equals(line(in))) {
                throw new IOException("a chunk is longer than it says");
            }
            isFirst = false;
            String size = String.valueOf(line(in)).split(";", 2)[0].strip();
            if (!size.matches("[0-9A-Fa-f]{1,15}")) {
                throw new IOException("a chunk has no size");
            }
            left = Long.parseLong(size, 16);
            isEnded = left == 0;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }
}
