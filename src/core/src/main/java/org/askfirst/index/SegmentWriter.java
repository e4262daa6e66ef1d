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
 * <p>The file appears under its name only once it is whole and on the disk; until then there is a temporary one, which
 * nobody opens. The same content gives the same bytes. Used by one thread.
 */
final class SegmentWriter implements AutoCloseable {
    private static final String UNFINISHED = ".unfinished";

    private final Path path;
    private final Path unfinished;
    private final Output records;
    private final Output prefixes;
    private final Output elsewhere;
    private final Output gates;
    private long keyCount;
    private long elsewhereCount;
    private long gateCount;
    private long lastPrefix;

    SegmentWriter(Path path) throws IOException {
        this.path = path;
        this.unfinished = beside("");
        this.records = new Output(unfinished, SegmentHeader.BYTES);
        this.prefixes = new Output(beside("-prefixes"), 0);
        this.elsewhere = new Output(beside("-elsewhere"), 0);
        this.gates = new Output(beside("-gates"), 0);
    }

    private Path beside(String part) {
        return path.resolveSibling(path.getFileName() + part + UNFINISHED);
    }

    /** Whether a file of that name was left behind by a writer that did not finish. */
    static boolean isLeftBehind(Path path) {
        return path.getFileName().toString().endsWith(UNFINISHED);
    }

    /** Sequential longs into a file, with their checksum. */
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

        /** What was written since the last call, flushed; the next section begins. */
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
     * The next key, greater than all before, with its postings.
     *
     * @param words its four words
     * @param postings in memory's form, none of them ended; empty to hide what older files say
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

    /** The next gate's prefix, in order; one that came before is left out. */
    void addGate(long prefix) throws IOException {
        if (gateCount == 0 || prefix != lastPrefix) {
            gates.put(prefix);
            gateCount++;
            lastPrefix = prefix;
        }
    }

    /** Finishes the file, and gives it its name once it is on the disk. */
    Segment finish(Origin origin, PartyRegisterSnapshot held) throws IOException {
        Map<Section, Integer> checksums = new EnumMap<>(Section.class);
        prefixes.put(0);
        gates.put(0);
        checksums.put(Section.RECORDS, records.checksum());
        checksums.put(Section.PREFIXES, prefixes.checksum());
        checksums.put(Section.ELSEWHERE, elsewhere.checksum());
        checksums.put(Section.GATES, gates.checksum());
        records.append(prefixes);
        records.append(elsewhere);
        checksums.put(Section.DIRECTORY, writeDirectory(prefixes, keyCount));
        records.append(gates);
        checksums.put(Section.GATE_DIRECTORY, writeDirectory(gates, gateCount));
        for (Map.Entry<PartyId, Long> erasure : held.erasures().entrySet()) {
            UUID number = erasure.getKey().number();
            putRecord(number.getMostSignificantBits(), number.getLeastSignificantBits(), erasure.getValue());
        }
        checksums.put(Section.ERASURES, records.checksum());
        long states = 0;
        for (Map.Entry<PartyId, PartyState> one : held.states().entrySet()) {
            put(one.getKey().number());
            records.put(PartyRegisterCodec.word(one.getValue()));
            for (PartyId body : one.getValue().vouchedBy()) {
                put(body.number());
            }
            states += 3 + 2L * one.getValue().vouchedBy().size();
        }
        checksums.put(Section.STATES, records.checksum());
        for (Map.Entry<MandateId, MandateTerm> one : held.terms().entrySet()) {
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
                gateCount,
                held.erasures().size(),
                states,
                held.terms().size(),
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
        // A filler, so that what follows is aligned.
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

    /** Removes what is not needed, or not finished. */
    @Override
    public void close() throws IOException {
        for (Output output : new Output[] {records, prefixes, elsewhere, gates}) {
            output.close();
            Files.deleteIfExists(output.path);
        }
    }
}
