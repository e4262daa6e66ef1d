package org.askfirst.client.command;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The responses and resources of a WARC file (ISO 28500), one after another, in memory that does not grow with their
 * size. Requests and other records are skipped. Used by one thread.
 */
final class Warc {
    private static final int BUFFER = 1 << 16;
    private static final int MAX_LINE = 1 << 16;
    private static final int MAX_LINES = 1_000;
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
     * @param sha256 the SHA-256 of its content without headers, as it was transferred, in hexadecimal
     */
    record Document(String address, String sha256) {}

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
        return new Warc(isCompressed ? new BufferedInputStream(new GZIPInputStream(start, BUFFER), BUFFER) : start);
    }

    /**
     * Returns the next document; null at the end.
     *
     * @throws IOException if the file is cut short or is no WARC file
     */
    @Nullable Document next() throws IOException {
        while (true) {
            String version = line();
            while (version != null && version.isEmpty()) {
                version = line();
            }
            if (version == null) {
                return null;
            }
            if (!version.startsWith("WARC/")) {
                throw new IOException("a record of a WARC file begins with something else");
            }
            Map<String, String> headers = headers();
            long length = length(headers);
            String type = headers.getOrDefault("warc-type", "");
            String address = headers.get("warc-target-uri");
            boolean isResponse = type.equals("response");
            if (address == null || !(isResponse || type.equals("resource"))) {
                in.skipNBytes(length);
                continue;
            }
            boolean isHttp = isResponse
                    && headers.getOrDefault("content-type", "").replace(" ", "").startsWith("application/http");
            // Older versions of wget write the address between angle brackets.
            return new Document(address.replaceAll("^<|>$", ""), digest(length, isHttp));
        }
    }

    private static long length(Map<String, String> headers) throws IOException {
        try {
            return Long.parseUnsignedLong(headers.getOrDefault("content-length", ""));
        } catch (NumberFormatException none) {
            throw new IOException("a record of the WARC file has no length", none);
        }
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new TreeMap<>();
        for (int i = 0; i < MAX_LINES; i++) {
            String line = line();
            if (line == null) {
                throw new EOFException("the WARC file is cut short");
            }
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        throw new IOException("a record of the WARC file has too many headers");
    }

    /** Returns the next line without its end; null at the end of the file. */
    private @Nullable String line() throws IOException {
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

    /** Reads so many bytes and returns their hash, without the headers of HTTP if there are any. */
    private String digest(long length, boolean isHttp) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER];
        long left = length;
        // The number of line ends that were just read: two of them end the headers.
        int ends = 0;
        boolean inHead = isHttp;
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new EOFException("the WARC file is cut short");
            }
            left -= read;
            int from = 0;
            while (inHead && from < read) {
                byte one = buffer[from++];
                if (one == '\n') {
                    ends++;
                    inHead = ends < 2;
                } else if (one != '\r') {
                    ends = 0;
                }
            }
            digest.update(buffer, from, read - from);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }
}
