package org.askfirst.registry.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Reads gzip (RFC 1952), all members up to the end of the stream. The Java class of this purpose ignores what it cannot
 * read after the first member, and a body that loses lines in silence could lose a "no".
 */
final class GzipMembers extends InputStream {
    private static final int BUFFER = 1 << 13;
    private static final int MAGIC_1 = 0x1f;
    private static final int MAGIC_2 = 0x8b;
    private static final int DEFLATE = 8;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;
    private static final int MOST_HEADER = 1 << 17;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int end;
    private boolean isInMember;
    private boolean isClosed;

    GzipMembers(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!isClosed) {
            if (!isInMember && !begin()) {
                close();
                return -1;
            }
            int read = inflate(bytes, offset, length);
            if (read > 0) {
                crc.update(bytes, offset, read);
                return read;
            }
        }
        return -1;
    }

    /** Reads the header of the next member. Returns false at the end of the stream. */
    private boolean begin() throws IOException {
        if (position == end && !fill()) {
            return false;
        }
        if (next() != MAGIC_1 || next() != MAGIC_2 || next() != DEFLATE) {
            throw new ZipException("no gzip header");
        }
        int flags = next();
        if ((flags & RESERVED) != 0) {
            throw new ZipException("unknown gzip flags");
        }
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(next() | next() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            skip(2);
        }
        inflater.reset();
        crc.reset();
        isInMember = true;
        return true;
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            next();
        }
    }

    private void skipText() throws IOException {
        int length = 0;
        while (next() != 0) {
            length++;
            if (length > MOST_HEADER) {
                throw new ZipException("a gzip header without end");
            }
        }
    }

    private int inflate(byte[] bytes, int offset, int length) throws IOException {
        if (inflater.needsInput() && !inflater.finished()) {
            if (position == end && !fill()) {
                throw new EOFException();
            }
            inflater.setInput(buffer, position, end - position);
        }
        try {
            int read = inflater.inflate(bytes, offset, length);
            position = end - inflater.getRemaining();
            if (inflater.needsDictionary()) {
                throw new ZipException("a dictionary is not part of gzip");
            }
            if (read == 0 && inflater.finished()) {
                finish();
            }
            return read;
        } catch (DataFormatException malformed) {
            throw new ZipException(malformed.getMessage());
        }
    }

    private void finish() throws IOException {
        long sum = next4();
        long size = next4();
        if (sum != crc.getValue() || size != (inflater.getBytesWritten() & 0xffffffffL)) {
            throw new ZipException("the checksum does not match");
        }
        isInMember = false;
    }

    private long next4() throws IOException {
        return next() | (long) next() << 8 | (long) next() << 16 | (long) next() << 24;
    }

    private int next() throws IOException {
        if (position == end && !fill()) {
            throw new EOFException();
        }
        return buffer[position++] & 0xff;
    }

    private boolean fill() throws IOException {
        position = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    /** Returns 0 if the next read may wait for the sender. */
    @Override
    public synchronized int available() throws IOException {
        return isClosed ? 0 : end - position + in.available();
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        inflater.end();
    }
}
