package org.askfirst.client.command;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The content of all members of a gzip file (RFC 1952), one after another. Unlike {@link
 * java.util.zip.GZIPInputStream}, it takes nothing but the end of the file for the end: whatever stands behind a member
 * and is no other member is damage. Used by one thread.
 */
final class Gunzip extends InputStream {
    private static final int BUFFER = 1 << 16;
    private static final int MAX_TEXT = 1 << 16;
    private static final int FIRST = 0x1f;
    private static final int SECOND = 0x8b;
    private static final int DEFLATE = 8;

    private static final int HAS_HEADER_CHECK = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 check = new CRC32();
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private long members;
    private boolean isInside;
    private boolean isEnded;

    /** Reads from a stream, which it closes at the end. */
    Gunzip(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /**
     * Reads some of the content.
     *
     * @throws IOException if a member is damaged or cut short, or if something else follows a member
     */
    @Override
    public int read(byte[] content, int from, int length) throws IOException {
        while (length > 0 && !isEnded) {
            if (!isInside) {
                isEnded = !begin();
                continue;
            }
            if (inflater.needsInput()) {
                if (at == end && !fill()) {
                    throw cutShort();
                }
                inflater.setInput(buffer, at, end - at);
                at = end;
            }
            int read = inflate(content, from, length);
            if (inflater.finished()) {
                at = end - inflater.getRemaining();
            }
            check.update(content, from, read);
            if (inflater.finished()) {
                finish();
            }
            if (read > 0) {
                return read;
            }
        }
        return length == 0 ? 0 : -1;
    }

    private int inflate(byte[] content, int from, int length) throws IOException {
        try {
            int read = inflater.inflate(content, from, length);
            if (inflater.needsDictionary()) {
                throw damaged();
            }
            return read;
        } catch (DataFormatException malformed) {
            throw damaged();
        }
    }

    /** Reads the header of a member; returns false at the end of the file. */
    private boolean begin() throws IOException {
        if (at == end && !fill()) {
            return false;
        }
        members++;
        if (next() != FIRST || next() != SECOND || next() != DEFLATE) {
            throw damaged();
        }
        int flags = next();
        skip(6);
        if ((flags & HAS_EXTRA) != 0) {
            skip(next() | next() << 8);
        }
        if ((flags & HAS_NAME) != 0) {
            skipText();
        }
        if ((flags & HAS_COMMENT) != 0) {
            skipText();
        }
        if ((flags & HAS_HEADER_CHECK) != 0) {
            skip(2);
        }
        inflater.reset();
        check.reset();
        isInside = true;
        return true;
    }

    /** Reads the end of a member, and compares its content with it. */
    private void finish() throws IOException {
        isInside = false;
        if (number() != check.getValue() || number() != (inflater.getBytesWritten() & 0xffffffffL)) {
            throw damaged();
        }
    }

    private long number() throws IOException {
        long number = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            number |= (long) next() << (Byte.SIZE * i);
        }
        return number;
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            next();
        }
    }

    private void skipText() throws IOException {
        for (int i = 0; next() != 0; i++) {
            if (i == MAX_TEXT) {
                throw damaged();
            }
        }
    }

    private int next() throws IOException {
        if (at == end && !fill()) {
            throw cutShort();
        }
        return buffer[at++] & 0xff;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        return end > 0;
    }

    private IOException damaged() {
        return new ZipException("member " + members + " of the gzip file is damaged");
    }

    private IOException cutShort() {
        return new EOFException("member " + members + " of the gzip file is cut short");
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
