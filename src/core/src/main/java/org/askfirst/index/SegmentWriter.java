package org.askfirst.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.index.SegmentHeader.Section;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyState;

/**
 * Writes a segment in one pass over sorted keys, in memory that does not grow with their number.
 *
 * <p>The file gets its name only once it is complete and on the disk. Until then it is a temporary file, which nobody
 * opens. Equal content gives equal bytes. Used by one thread.
 */
final class SegmentWriter implements AutoCloseable {
    private static final String UNFINISHED = ".unfinished";

    private final Path path;
    private final Path unfinished;
    private final Output records;
    private final Output prefixes;
    private final Output elsewhere;
    private final Output sitePrefilters;
    private long keyCount;
    private long elsewhereCount;
    private long prefilterCount;
    private long lastPrefix;

    SegmentWriter(Path path) throws IOException {
        this.path = path;
        this.unfinished = beside("");
        this.records = new Output(unfinished, SegmentHeader.BYTES);
        this.prefixes = new Output(beside("-prefixes"), 0);
        this.elsewhere = new Output(beside("-elsewhere"), 0);
        this.sitePrefilters = new Output(beside("-site-prefilters"), 0);
    }

    private Path beside(String part) {
        return path.resolveSibling(path.getFileName() + part + UNFINISHED);
    }

    /** Returns true if the name is that of a file which a writer left unfinished. */
    static boolean isLeftBehind(Path path) {
        return path.getFileName().toString().endsWith(UNFINISHED);
    }

    /** Writes longs to a file in sequence and computes their checksum. */
    private static final class Output implements AutoCloseable {
        private static final int BUFFER = 1 << 20;

        private final Path path;
        private final FileChannel channel;
        private final CRC32C crc = new CRC32C();
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);

        Output(Path path, long from) throws IOException {
            this.path = path;
            this.channel = FileChannel.open(
                    path,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            channel.position(from);
        }

        void put(long value) throws IOException {
            if (buffer.remaining() < Long.BYTES) {
                flush();
            }
            buffer.putLong(value);
        }

        void putInt(int value) throws IOException {
            if (buffer.remaining() < Integer.BYTES) {
                flush();
            }
            buffer.putInt(value);
        }

        void flush() throws IOException {
            buffer.flip();
            crc.update(buffer.duplicate());
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
        }

        /** Flushes, returns the checksum of everything since the last call, and begins the next section. */
        int checksum() throws IOException {
            flush();
            int checksum = (int) crc.getValue();
            crc.reset();
            return checksum;
        }

        void append(Output other) throws IOException {
            long at = 0;
            long length = other.channel.size();
            while (at < length) {
                at += other.channel.transferTo(at, length - at, channel);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /**
     * Writes the next key, which must be greater than all before, with its postings.
     *
     * @param words an array with the four words of the key
     * @param at the place of the first word
     * @param postings the postings in their form in memory, none of them ended; empty to hide the postings in older
     *     files
     */
    void add(long[] words, int at, long[] postings) throws IOException {
        prefixes.put(words[at]);
        records.put(words[at + 1]);
        records.put(words[at + 2]);
        records.put(words[at + 3]);
        if (postings.length == 0) {
            putRecord(0, 0, Posting.NOTHING);
        } else if (Posting.fitsRecord(postings)) {
            putRecord(postings[Posting.PARTY_HIGH], postings[Posting.PARTY_LOW], postings[Posting.WORD]);
        } else {
            int count = postings.length / Posting.LONGS;
            putRecord(elsewhereCount, count, Posting.ELSEWHERE);
            for (int i = 0; i < count; i++) {
                for (int j = 0; j < Posting.LONGS_IN_FILE; j++) {
                    elsewhere.put(postings[i * Posting.LONGS + j]);
                }
            }
            elsewhereCount += count;
        }
        keyCount++;
    }

    private void putRecord(long high, long low, long word) throws IOException {
        records.put(high);
        records.put(low);
        records.put(word);
    }

    /** Writes the next site prefilter, in order; a repeated one is left out. */
    void addSitePrefilter(long prefix) throws IOException {
        if (prefilterCount == 0 || prefix != lastPrefix) {
            sitePrefilters.put(prefix);
            prefilterCount++;
            lastPrefix = prefix;
        }
    }

    /**
     * Finishes the file and gives it its name once it is on the disk.
     *
     * @param origin the ledger and the last entry that the segment includes
     * @param snapshot the states of parties and mandates as of that entry
     */
    Segment finish(Origin origin, PartyRegisterSnapshot snapshot) throws IOException {
        Map<Section, Integer> checksums = new EnumMap<>(Section.class);
        prefixes.put(0);
        sitePrefilters.put(0);
        checksums.put(Section.RECORDS, records.checksum());
        checksums.put(Section.PREFIXES, prefixes.checksum());
        checksums.put(Section.ELSEWHERE, elsewhere.checksum());
        checksums.put(Section.SITE_PREFILTERS, sitePrefilters.checksum());
        records.append(prefixes);
        records.append(elsewhere);
        checksums.put(Section.DIRECTORY, writeDirectory(prefixes, keyCount));
        records.append(sitePrefilters);
        checksums.put(Section.SITE_PREFILTER_DIRECTORY, writeDirectory(sitePrefilters, prefilterCount));
        for (Map.Entry<PartyId, Long> erasure : snapshot.erasures().entrySet()) {
            UUID number = erasure.getKey().number();
            putRecord(number.getMostSignificantBits(), number.getLeastSignificantBits(), erasure.getValue());
        }
        checksums.put(Section.ERASURES, records.checksum());
        long states = 0;
        for (Map.Entry<PartyId, PartyState> one : snapshot.states().entrySet()) {
            put(one.getKey().number());
            records.put(PartyRegisterCodec.word(one.getValue()));
            for (PartyId body : one.getValue().vouchedBy()) {
                put(body.number());
            }
            states += 3 + 2L * one.getValue().vouchedBy().size();
        }
        checksums.put(Section.STATES, records.checksum());
        for (Map.Entry<MandateId, MandateTerm> one : snapshot.terms().entrySet()) {
            MandateTerm term = one.getValue();
            PartyId member = term.member();
            put(one.getKey().number());
            put(term.society().number());
            put(member == null ? PartyRegisterCodec.NOBODY : member.number());
            records.put(Posting.micros(term.period().from(), Long.MIN_VALUE));
            records.put(Posting.micros(term.period().to(), Long.MAX_VALUE));
        }
        checksums.put(Section.TERMS, records.checksum());
        SegmentHeader header = new SegmentHeader(
                origin,
                keyCount,
                elsewhereCount,
                prefilterCount,
                snapshot.erasures().size(),
                states,
                snapshot.terms().size(),
                checksums);
        records.channel.write(ByteBuffer.wrap(header.bytes()), 0);
        records.channel.force(true);
        records.close();
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return Segment.open(path);
    }

    private void put(UUID number) throws IOException {
        records.put(number.getMostSignificantBits());
        records.put(number.getLeastSignificantBits());
    }

    private int writeDirectory(Output sorted, long count) throws IOException {
        int bits = SegmentHeader.bits(count);
        int shift = Long.SIZE - bits;
        long buckets = 1L << bits;
        long bucket = 0;
        long place = 0;
        ByteBuffer block = ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        records.putInt(0);
        for (long at = 0; place < count; ) {
            block.clear();
            at += readFully(sorted.channel, block, at);
            block.flip();
            for (; block.hasRemaining() && place < count; place++) {
                long in = block.getLong() >>> shift;
                for (; bucket < in; bucket++) {
                    records.putInt((int) place);
                }
            }
        }
        for (; bucket < buckets; bucket++) {
            records.putInt((int) count);
        }
        // Padding, so that the next section is aligned.
        records.putInt(0);
        return records.checksum();
    }

    private static int readFully(FileChannel channel, ByteBuffer block, long from) throws IOException {
        int total = 0;
        while (block.hasRemaining()) {
            int read = channel.read(block, from + total);
            if (read < 0) {
                break;
            }
            total += read;
        }
        return total;
    }

    /** Removes temporary files, and the file itself if it is unfinished. */
    @Override
    public void close() throws IOException {
        for (Output output : new Output[] {records, prefixes, elsewhere, sitePrefilters}) {
            output.close();
            Files.deleteIfExists(output.path);
        }
    }
}
