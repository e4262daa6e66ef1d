package org.askfirst.filter;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.askfirst.verdict.Verdicts;

/**
 * The beginning of a filter's file.
 *
 * @param isList true for a list of changes; false for a filter of everything
 * @param position the position that the file reaches
 * @param from the position after which the changes begin; 0 in a filter of everything
 * @param count the number of hashes
 * @param ledger the name of the log
 * @param suffixes the version of the public suffix list from which the site prefilters were computed
 */
record FilterHeader(boolean isList, long position, long from, long count, String ledger, String suffixes) {
    private static final byte[] MAGIC = "AskFiltr".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int FIXED = 48;
    private static final int MAX_TEXT = 1_000;

    /** Returns the bytes, up to where the body begins. */
    byte[] bytes() {
        byte[] log = ledger.getBytes(StandardCharsets.UTF_8);
        byte[] list = suffixes.getBytes(StandardCharsets.UTF_8);
        if (log.length > MAX_TEXT || list.length > MAX_TEXT) {
            throw new IllegalArgumentException("a text is too long for a header");
        }
        return ByteBuffer.allocate(FIXED + padded(2 * Integer.BYTES + log.length + list.length))
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .putInt(VERSION)
                .putInt(isList ? 1 : 0)
                .putLong(position)
                .putLong(from)
                .putLong(count)
                .putInt(Verdicts.RULES)
                .putInt(0)
                .putInt(log.length)
                .put(log)
                .putInt(list.length)
                .put(list)
                .array();
    }

    private static int padded(int length) {
        return (length + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    }

    /**
     * Reads a header, and nothing after it.
     *
     * @throws Filter.UnsupportedException if this release does not know the version or the rules
     * @throws Filter.DamagedException if it is none
     */
    static FilterHeader read(InputStream in) throws IOException {
        ByteBuffer fixed = ByteBuffer.wrap(exactly(in, FIXED)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[MAGIC.length];
        fixed.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new Filter.DamagedException("it is not a filter");
        }
        int version = fixed.getInt();
        if (version != VERSION) {
            throw new Filter.UnsupportedException("it has version " + version);
        }
        int form = fixed.getInt();
        long position = fixed.getLong();
        long from = fixed.getLong();
        long count = fixed.getLong();
        int rules = fixed.getInt();
        if (rules != Verdicts.RULES) {
            throw new Filter.UnsupportedException("it is for version " + rules + " of the rules");
        }
        if (fixed.getInt() != 0
                || (form != 0 && form != 1)
                || from < 0
                || position < from
                || count < 0
                || (form == 0 && from != 0)) {
            throw new Filter.DamagedException("its header has impossible numbers");
        }
        byte[] log = text(in);
        byte[] suffixes = text(in);
        int length = 2 * Integer.BYTES + log.length + suffixes.length;
        for (byte zero : exactly(in, padded(length) - length)) {
            if (zero != 0) {
                throw new Filter.DamagedException("its header has impossible texts");
            }
        }
        return new FilterHeader(
                form == 1,
                position,
                from,
                count,
                new String(log, StandardCharsets.UTF_8),
                new String(suffixes, StandardCharsets.UTF_8));
    }

    private static byte[] text(InputStream in) throws IOException {
        int length = ByteBuffer.wrap(exactly(in, Integer.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
        if (length < 0 || length > MAX_TEXT) {
            throw new Filter.DamagedException("its header has impossible texts");
        }
        return exactly(in, length);
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new Filter.DamagedException("it ends early");
        }
        return bytes;
    }
}
