package org.askfirst.registry.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The single file of a form (RFC 7578), read as it arrives. It is never complete in memory or on disk, so the reader
 * must limit its size.
 *
 * <p>The stream ends at the end of the file's part. If the form has another part, reading fails with
 * {@link Problem#INVALID_REQUEST}. If the form ends before its file, reading fails with an {@link IOException}.
 */
public final class FormFile extends InputStream {
    private static final String FORM = "multipart/form-data";
    private static final int LONGEST_BOUNDARY = 70;
    private static final int MAX_HEADER = 8_192;
    private static final int BUFFER = 1 << 16;
    private static final String NAME = "file";

    private final byte[] delimiter;
    private final PushbackInputStream form;
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;

    /** End of the buffered bytes that certainly belong to the file. */
    private int fileEnd;

    private @Nullable String name;
    private boolean ended;

    private FormFile(InputStream body, String boundary) {
        // A delimiter begins a line; the end of the line before it is part of the delimiter.
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
        this.form = new PushbackInputStream(body, delimiter.length);
    }

    /**
     * Opens the file in a body, after reading up to its first byte.
     *
     * @param contentType the header {@code Content-Type}
     * @throws ProblemException {@link Problem#MALFORMED_REQUEST} if the body is not a form,
     *     {@link Problem#INVALID_REQUEST} if its first part is not the file
     */
    public static FormFile in(InputStream body, @Nullable String contentType) {
        String type = contentType == null ? "" : contentType.strip();
        String boundary = parameters(type).getOrDefault("boundary", "");
        boolean isForm = type.regionMatches(true, 0, FORM, 0, FORM.length());
        if (!isForm || boundary.isEmpty() || boundary.length() > LONGEST_BOUNDARY) {
            throw malformed("The Content-Type of a form must name its boundary");
        }
        FormFile file = new FormFile(body, boundary);
        try {
            file.open();
        } catch (IOException broken) {
            throw malformed("The body is incomplete");
        }
        return file;
    }

    /** Returns the name of the file; null if the form does not give it. */
    public @Nullable String name() {
        return name;
    }

    private void open() throws IOException {
        // The first delimiter has no line before it.
        form.unread(new byte[] {'\r', '\n'});
        byte[] first = form.readNBytes(delimiter.length);
        if (!Arrays.equals(first, delimiter)) {
            throw malformed("The form does not begin with its boundary");
        }
        line();
        boolean isFile = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
                Map<String, String> parameters = parameters(header);
                String fileName = parameters.get("filename");
                name = fileName == null ? null : fileName.replace("%22", "\"");
                isFile = NAME.equals(parameters.get("name"));
            }
        }
        if (!isFile) {
            throw notOnlyAFile();
        }
    }

    /**
     * Returns the parameters of a header by their names in lower case. The text is read once from left to right: a
     * regular expression with alternatives would need a stack as deep as the text is long.
     */
    private static Map<String, String> parameters(String header) {
        Map<String, String> parameters = new HashMap<>();
        int at = header.indexOf(';');
        while (at >= 0 && at < header.length()) {
            int equals = header.indexOf('=', at);
            if (equals < 0) {
                return parameters;
            }
            String name = header.substring(at + 1, equals).strip().toLowerCase(Locale.ROOT);
            StringBuilder value = new StringBuilder();
            at = equals + 1;
            if (at < header.length() && header.charAt(at) == '"') {
                at++;
                while (at < header.length() && header.charAt(at) != '"') {
                    if (header.charAt(at) == '\\' && at + 1 < header.length() && header.charAt(at + 1) == '"') {
                        at++;
                    }
                    value.append(header.charAt(at));
                    at++;
                }
                at = header.indexOf(';', at);
            } else {
                int end = header.indexOf(';', at);
                value.append(
                        header.substring(at, end < 0 ? header.length() : end).strip());
                at = end;
            }
            parameters.putIfAbsent(name, value.toString());
        }
        return parameters;
    }

    /** Returns a line of the part's head, without its line end. */
    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = form.read(); next != '\n'; next = form.read()) {
            if (next < 0 || line.size() > MAX_HEADER) {
                throw malformed("The head of the form's part cannot be read");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (fileEnd == from && !ended) {
            fileEnd = delimiterAhead();
            if (fileEnd == from) {
                if (to - from >= delimiter.length) {
                    finish();
                } else {
                    fill();
                }
            }
        }
        if (ended) {
            return -1;
        }
        int count = Math.min(fileEnd - from, length);
        System.arraycopy(buffer, from, bytes, offset, count);
        from += count;
        return count;
    }

    /** Returns the index of the delimiter, or of bytes that may become one; {@link #to} if there are none. */
    private int delimiterAhead() {
        for (int start = from; start < to; start++) {
            int same = 0;
            while (same < delimiter.length && start + same < to && buffer[start + same] == delimiter[same]) {
                same++;
            }
            if (same == delimiter.length || start + same == to) {
                return start;
            }
        }
        return to;
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
        fileEnd = 0;
        int count = form.read(buffer, to, buffer.length - to);
        if (count < 0) {
            throw new IOException("The form ended before its file did");
        }
        to += count;
    }

    private void finish() throws IOException {
        ended = true;
        from += delimiter.length;
        while (to - from < 2) {
            fill();
        }
        if (buffer[from] != '-' || buffer[from + 1] != '-') {
            throw notOnlyAFile();
        }
    }

    private static ProblemException malformed(String detail) {
        return Problem.MALFORMED_REQUEST.because(detail);
    }

    private static ProblemException notOnlyAFile() {
        return Problem.INVALID_REQUEST.at(
                "",
                Reason.MALFORMED,
                "The form must have one part, \"" + NAME + "\"; everything else is a parameter of the address");
    }
}
