package org.askfirst.registry.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.askfirst.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream into lines. Memory use is limited by the longest allowed line. Not safe for use by several threads.
 *
 * <p>A line ends with LF or CR LF; the last line may have no end. A byte order mark at the start is ignored.
 */
public final class Lines {
    /** Media type of lines that are one JSON value each. */
    public static final String MEDIA_TYPE = "application/x-ndjson";

    private static final int BUFFER = 1 << 16;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /** Number of bytes around the content of a line: a byte order mark before it and a CR after it. */
    private static final int AROUND = BYTE_ORDER_MARK.length + 1;

    private final InputStream in;
    private final int maxLength;
    private final Runnable beforeWaiting;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int end;
    private boolean first = true;
    private long number;
    private long received;

    /**
     * A line.
     *
     * @param number counted from 1
     * @param bytes without the line end; empty if the line is too long
     * @param tooLong true if the line is longer than allowed
     */
    @SuppressWarnings("ArrayRecordComponent") // Lines are never compared.
    public record Line(long number, byte[] bytes, boolean tooLong) {
        /** Returns true if the line has only spaces and tabs. */
        public boolean isBlank() {
            for (byte b : bytes) {
                if (b != ' ' && b != '\t') {
                    return false;
                }
            }
            return !tooLong;
        }
    }

    /**
     * Reads lines from a stream.
     *
     * @param maxLength number of bytes that a line may have
     * @param beforeWaiting called before a read that would wait for the sender; the sender may itself wait for answers
     *     to all lines that it has sent, even if it has already sent a part of the next line
     */
    public Lines(InputStream in, int maxLength, Runnable beforeWaiting) {
        this.in = in;
        this.maxLength = maxLength;
        this.beforeWaiting = beforeWaiting;
    }

    /**
     * Returns the next line; null at the end.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#MALFORMED_REQUEST} if the stream breaks off
     */
    public @Nullable Line next() {
        try {
            return read();
        } catch (IOException broken) {
            throw Problem.MALFORMED_REQUEST.because("The body is incomplete");
        }
    }

    /** Returns the number of bytes that were read from the stream. */
    public long received() {
        return received;
    }

    private @Nullable Line read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        boolean tooLong = false;
        boolean any = false;
        while (true) {
            if (position == end && !fill()) {
                return any ? line(line, tooLong) : null;
            }
            any = true;
            int from = position;
            while (position < end && buffer[position] != '\n') {
                position++;
            }
            if (!tooLong && line.size() + position - from > maxLength + AROUND) {
                tooLong = true;
                line.reset();
            }
            if (!tooLong) {
                line.write(buffer, from, position - from);
            }
            if (position < end) {
                position++;
                return line(line, tooLong);
            }
        }
    }

    private boolean fill() throws IOException {
        position = 0;
        end = 0;
        if (in.available() <= 0) {
            beforeWaiting.run();
        }
        end = Math.max(0, in.read(buffer));
        received += end;
        return end > 0;
    }

    private Line line(ByteArrayOutputStream line, boolean tooLong) {
        number++;
        byte[] bytes = line.toByteArray();
        int from = first && startsWithByteOrderMark(bytes) ? BYTE_ORDER_MARK.length : 0;
        int to = bytes.length > from && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
        first = false;
        if (to - from > maxLength) {
            return new Line(number, new byte[0], true);
        }
        byte[] content = from == 0 && to == bytes.length ? bytes : Arrays.copyOfRange(bytes, from, to);
        return new Line(number, content, tooLong);
    }

    private static boolean startsWithByteOrderMark(byte[] bytes) {
        return bytes.length >= BYTE_ORDER_MARK.length
                && Arrays.equals(bytes, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
    }
}
