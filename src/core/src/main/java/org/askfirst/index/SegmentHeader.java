package org.askfirst.index;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.askfirst.subject.Platforms;
import org.askfirst.verdict.Verdicts;

/**
 * The first 4,096 bytes of a segment: its version, its ledger, the size of each section, the checksum of each section,
 * and the version of the rules by which verdicts are computed from it.
 *
 * <p>The offsets of sections follow from the counts, so that they cannot contradict each other.
 *
 * @param origin the ledger to which the file belongs, and the last entry that it includes
 * @param keys the number of keys
 * @param elsewhere the number of postings that do not fit a record
 * @param sitePrefilters the number of site prefilters
 * @param erasures the number of erased parties
 * @param states the number of longs of the states of parties
 * @param terms the number of mandates
 * @param checksums the CRC-32C of each section
 */
record SegmentHeader(
        Origin origin,
        long keys,
        long elsewhere,
        long sitePrefilters,
        long erasures,
        long states,
        long terms,
        Map<Section, Integer> checksums) {
    static final int BYTES = 4096;

    private static final byte[] MAGIC = "AskFirst".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 7;
    private static final int MAX_TEXT = 512;
    private static final int KEYS_PER_BUCKET = 8;
    private static final int MAX_BITS = 30;

    /** The sections of a file after its header, in order; each begins at a multiple of eight. */
    enum Section {
        /** 48 bytes for each key: the rest of the key, and its posting or listing or the place of its postings. */
        RECORDS,
        /** 8 bytes for each key: its first eight bytes. Eight zero bytes follow the last. */
        PREFIXES,
        /** 56 bytes for each posting of keys with several postings, with a period or with a mandate. */
        ELSEWHERE,
        /** 4 bytes for each bucket: the number of keys in the buckets before it. */
        DIRECTORY,
        /** 8 bytes for each site prefilter: its first eight bytes. Eight zero bytes follow the last. */
        SITE_PREFILTERS,
        /** 4 bytes for each bucket of site prefilters. */
        SITE_PREFILTER_DIRECTORY,
        /** 24 bytes for each party: its number and the position of its erasure. */
        ERASURES,
        /** 24 bytes for each party: its number and its state; and 16 bytes for each body that vouches for it. */
        STATES,
        /** 64 bytes for each mandate. */
        TERMS
    }

    /** Thrown if a file is not a complete and undamaged segment. */
    static final class DamagedException extends Exception {
        private static final long serialVersionUID = 1;

        DamagedException(String message) {
            super(message);
        }
    }

    /** Returns the number of bits of a prefix that number its bucket: four to eight keys for each bucket on average. */
    static int bits(long count) {
        int bits = 1;
        while (bits < MAX_BITS && (long) KEYS_PER_BUCKET << bits < count) {
            bits++;
        }
        return bits;
    }

    long length(Section section) {
        return switch (section) {
            case RECORDS -> keys * Segment.RECORD_BYTES;
            case PREFIXES -> (keys + 1) * Long.BYTES;
            case ELSEWHERE -> elsewhere * Posting.LONGS_IN_FILE * Long.BYTES;
            case DIRECTORY -> directoryBytes(keys);
            case SITE_PREFILTERS -> (sitePrefilters + 1) * Long.BYTES;
            case SITE_PREFILTER_DIRECTORY -> directoryBytes(sitePrefilters);
            case ERASURES -> erasures * 3 * Long.BYTES;
            case STATES -> states * Long.BYTES;
            case TERMS -> terms * PartyRegisterCodec.TERM_LONGS * Long.BYTES;
        };
    }

    /** Returns one number more than there are buckets, and padding up to the next multiple of eight. */
    private static long directoryBytes(long count) {
        return (1L << bits(count)) * Integer.BYTES + Long.BYTES;
    }

    long start(Section section) {
        long start = BYTES;
        for (Section other : Section.values()) {
            if (other == section) {
                break;
            }
            start += length(other);
        }
        return start;
    }

    long end(Section section) {
        return start(section) + length(section);
    }

    byte[] bytes() {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(MAGIC).putInt(VERSION).putInt(BYTES);
        buffer.putLong(origin.position())
                .putLong(keys)
                .putLong(elsewhere)
                .putLong(sitePrefilters)
                .putLong(erasures)
                .putLong(states)
                .putLong(terms);
        for (Section section : Section.values()) {
            buffer.putInt(checksums.getOrDefault(section, 0));
        }
        buffer.putInt(Verdicts.RULES);
        put(buffer, origin.ledger());
        put(buffer, origin.leafHash());
        put(buffer, origin.suffixes());
        put(buffer, Platforms.version());
        buffer.putInt(BYTES - Integer.BYTES, checksum(buffer.array()));
        return buffer.array();
    }

    private static void put(ByteBuffer buffer, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > MAX_TEXT) {
            throw new IllegalArgumentException("too long for a header: " + text);
        }
        buffer.putInt(utf8.length).put(utf8);
    }

    static SegmentHeader parse(byte[] bytes, long fileLength) throws DamagedException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < BYTES || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new DamagedException("it is not a segment");
        }
        int version = buffer.getInt(MAGIC.length);
        if (version != VERSION) {
            throw new DamagedException("it has version " + version + ", and this release reads version " + VERSION);
        }
        if (buffer.getInt(BYTES - Integer.BYTES) != checksum(bytes)) {
            throw new DamagedException("its header is damaged");
        }
        buffer.position(MAGIC.length + 2 * Integer.BYTES);
        long position = buffer.getLong();
        long keys = buffer.getLong();
        long elsewhere = buffer.getLong();
        long sitePrefilters = buffer.getLong();
        long erasures = buffer.getLong();
        long states = buffer.getLong();
        long terms = buffer.getLong();
        Map<Section, Integer> checksums = new EnumMap<>(Section.class);
        for (Section section : Section.values()) {
            checksums.put(section, buffer.getInt());
        }
        int rules = buffer.getInt();
        if (rules != Verdicts.RULES) {
            throw new DamagedException("it is for version " + rules
                    + " of the rules, and this release judges by version " + Verdicts.RULES);
        }
        Origin origin = new Origin(text(buffer), position, text(buffer), text(buffer));
        SegmentHeader header =
                new SegmentHeader(origin, keys, elsewhere, sitePrefilters, erasures, states, terms, checksums);
        if (header.end(Section.TERMS) != fileLength) {
            throw new DamagedException("it has " + fileLength + " bytes and should have " + header.end(Section.TERMS));
        }
        return header;
    }

    private static String text(ByteBuffer buffer) {
        byte[] utf8 = new byte[buffer.getInt()];
        buffer.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static int checksum(byte[] header) {
        CRC32C crc = new CRC32C();
        crc.update(header, 0, BYTES - Integer.BYTES);
        return (int) crc.getValue();
    }
}
