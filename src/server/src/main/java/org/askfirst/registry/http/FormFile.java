package org.askfirst.registry.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The one file of a form (RFC 7578), read as it arrives: nothing of it is kept in memory or on disk, so whoever reads
 * it sets its limit.
 *
 * <p>It ends where its part ends. A form that goes on after that has more than was asked for and is refused there,
 * one that just stops was broken off.
 */
public final class FormFile extends InputStream {
    private static final Pattern BOUNDARY =
            Pattern.compile("(?i)multipart/form-data\\s*;.*?boundary=(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70})).*");
    private static final Pattern PARAMETER = Pattern.compile("(?i);\\s*(name|filename)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final int MAX_HEADER = 8_192;
    private static final int BUFFER = 1 << 16;
    private static final String NAME = "file";

    private final byte[] delimiter;
    private final PushbackInputStream form;
    private final byte[] ahead = new byte[BUFFER];
    private int from;
    private int to;

    /** Up to here what is ahead was seen to be of the file. */
    private int certain;

    private @Nullable String name;
    private boolean ended;

    private FormFile(InputStream body, String boundary) {
        // A delimiter stands at the beginning of a line; the end of the line before it is part of it.
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
        this.form = new PushbackInputStream(body, delimiter.length);
    }

    /**
     * The file in that body, read up to where it begins.
     *
     * @param contentType the header
     * @throws ProblemException {@link Problem#MALFORMED_REQUEST} if it is no form, {@link Problem#INVALID_REQUEST} if
     *     it begins with something else
     */
    public static FormFile in(InputStream body, @Nullable String contentType) {
        Matcher boundary = BOUNDARY.matcher(contentType == null ? "" : contentType);
        if (!boundary.matches()) {
            throw malformed("The Content-Type of a form must name its boundary");
        }
        FormFile file = new FormFile(body, boundary.group(1) == null ? boundary.group(2) : boundary.group(1));
        try {
            file.open();
        } catch (IOException broken) {
            throw malformed("The body ended before it was whole");
        }
        return file;
    }

    /** What the file is called; null if the form does not say. */
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
                for (Matcher parameter = PARAMETER.matcher(header); parameter.find(); ) {
                    String value = parameter.group(2).replace("\\\"", "\"").replace("%22", "\"");
                    if (parameter.group(1).equalsIgnoreCase("filename")) {
                        name = value;
                    } else {
                        isFile = value.equals(NAME);
                    }
                }
            }
        }
        if (!isFile) {
            throw notOnlyAFile();
        }
    }

    /** A line of the part's head, without its end. */
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
        while (certain == from && !ended) {
            certain = delimiterAhead();
            if (certain == from) {
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
        int some = Math.min(certain - from, length);
        System.arraycopy(ahead, from, bytes, offset, some);
        from += some;
        return some;
    }

    /** Where the delimiter, or what may become one, begins; {@link #to} if nowhere. */
    private int delimiterAhead() {
        for (int start = from; start < to; start++) {
            int same = 0;
            while (same < delimiter.length && start + same < to && ahead[start + same] == delimiter[same]) {
                same++;
            }
            if (same == delimiter.length || start + same == to) {
                return start;
            }
        }
        return to;
    }

    private void fill() throws IOException {
        System.arraycopy(ahead, from, ahead, 0, to - from);
        to -= from;
        from = 0;
        certain = 0;
        int some = form.read(ahead, to, ahead.length - to);
        if (some < 0) {
            throw new IOException("The form ended before its file did");
        }
        to += some;
    }

    private void finish() throws IOException {
        ended = true;
        from += delimiter.length;
        while (to - from < 2) {
            fill();
        }
        if (ahead[from] != '-' || ahead[from + 1] != '-') {
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
