package org.askfirst.registry.http;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import org.askfirst.problem.Problem;

/**
 * The decoded form of a coded request body. It is read piece by piece, so that memory use does not depend on its length.
 *
 * <p>A short coded body can stand for a very long one. So the number of decoded bytes is limited, and so is their ratio
 * to the coded bytes. Not safe for use by several threads.
 */
final class DecodedBody extends InputStream {
    /** Text of many equal lines reaches about 100. */
    private static final long MOST_RATIO = 250;

    /** Up to this length the ratio does not matter. */
    private static final long FREE_BYTES = 1 << 20;

    /** The largest window that a client may ask for, 8 MiB as in RFC 9659. */
    private static final int ZSTD_WINDOW_BITS = 23;

    private final String coding;
    private final Counted coded;
    private final InputStream decoded;
    private final long limit;
    private long length;

    /** Makes a decoder of the coded bytes. */
    private interface Decoder {
        InputStream of(InputStream coded) throws IOException;
    }

    private DecodedBody(String coding, InputStream body, Decoder decoder, long limit) {
        this.coding = coding;
        this.coded = new Counted(body);
        this.limit = limit;
        try {
            this.decoded = decoder.of(coded);
        } catch (IOException impossible) {
            throw new IllegalStateException("a decoder reads nothing before it is asked to", impossible);
        }
    }

    /** Decodes gzip (RFC 1952), also of several members. */
    static InputStream ofGzip(InputStream body, long limit) {
        return new DecodedBody("gzip", body, GzipMembers::new, limit);
    }

    /** Decodes zstd (RFC 8878), also of several frames. */
    static InputStream ofZstd(InputStream body, long limit) {
        return new DecodedBody(
                "zstd", body, coded -> new ZstdInputStreamNoFinalizer(coded).setLongMax(ZSTD_WINDOW_BITS), limit);
    }

    /** Counts the bytes that are read, and tells a broken connection from broken data. */
    private static final class Counted extends InputStream {
        private final InputStream in;
        private long count;
        private boolean failed;

        Counted(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                int read = in.read(bytes, offset, length);
                count += Math.max(0, read);
                return read;
            } catch (IOException broken) {
                failed = true;
                throw broken;
            }
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        int read;
        try {
            read = decoded.read(bytes, offset, count);
        } catch (IOException broken) {
            if (coded.failed) {
                throw broken;
            }
            throw Problem.MALFORMED_REQUEST.because("The body is no valid " + coding + ", or it is incomplete");
        }
        length += Math.max(0, read);
        if (length > limit || (length > FREE_BYTES && length / MOST_RATIO > coded.count)) {
            throw Problem.TOO_LARGE.because("The body is longer than is allowed when it is decoded, or more than "
                    + MOST_RATIO + " times as long as its coded form");
        }
        return read;
    }

    /** Returns 0 only if a read could wait for the sender. */
    @Override
    public int available() throws IOException {
        return decoded.available();
    }

    @Override
    public void close() throws IOException {
        decoded.close();
    }
}
