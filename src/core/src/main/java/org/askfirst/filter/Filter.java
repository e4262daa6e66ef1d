package org.askfirst.filter;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.function.Supplier;
import org.askfirst.index.Segment;
import org.jspecify.annotations.Nullable;

/**
 * A file from which a client learns that nothing is declared under a key. It has about two bytes for each declared key,
 * and knows keys by the hash that is their first eight bytes. A filter of everything contains all hashes of a segment, and one of
 * 65,536 others. A list of changes contains the hashes of a segment of changes, by their first 48 bits.
 *
 * <p>It is in memory, so nobody can change it. Any number of threads may ask it.
 */
public final class Filter {
    private static final String UNFINISHED = ".unfinished";
    private static final String SCRATCH = "-scratch.unfinished";
    private static final int BUFFER = 1 << 16;
    private static final long[] NONE = new long[0];

    private final FilterHeader header;
    private final @Nullable BinaryFuse fuse;
    private final long[] list;

    private Filter(FilterHeader header, @Nullable BinaryFuse fuse, long[] list) {
        this.header = header;
        this.fuse = fuse;
        this.list = list;
    }

    /** The file is no filter, or it is damaged. */
    public static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1;

        DamagedException(String message) {
            super(message);
        }
    }

    /** The file has another version, or is for rules that this release does not know. */
    public static final class UnsupportedException extends IOException {
        private static final long serialVersionUID = 1;

        UnsupportedException(String message) {
            super(message);
        }
    }

    /**
     * Writes the filter of everything in a complete segment. It needs 26 bytes of disk space for each key meanwhile, and
     * no heap. Equal segments give equal bytes.
     */
    public static void write(Segment segment, Path file) throws IOException {
        write(header(segment, false, 0, count(segment.hashes())), segment::hashes, file);
    }

    /**
     * Writes the list of the keys in a segment of changes that have something in force. Equal segments give equal bytes.
     *
     * @param from the position after which the changes begin
     */
    public static void writeChanges(Segment changes, long from, Path file) throws IOException {
        Supplier<PrimitiveIterator.OfLong> values = () -> new Shortened(changes.hashes());
        write(header(changes, true, from, count(values.get())), values, file);
    }

    /**
     * Writes consecutive lists of changes as one.
     *
     * @param newestFirst the lists
     */
    public static void join(List<Filter> newestFirst, Path file) throws IOException {
        Filter newest = newestFirst.get(0);
        long[] all = HashList.union(newestFirst.stream().map(one -> one.list).toList());
        FilterHeader header = new FilterHeader(
                true,
                newest.header.position(),
                newestFirst.get(newestFirst.size() - 1).header.from(),
                all.length,
                newest.header.ledger(),
                newest.header.suffixes());
        write(header, () -> Arrays.stream(all).iterator(), file);
    }

    private static FilterHeader header(Segment segment, boolean isList, long from, long count) {
        return new FilterHeader(
                isList,
                segment.origin().position(),
                from,
                count,
                segment.origin().ledger(),
                segment.origin().suffixes());
    }

    private static long count(PrimitiveIterator.OfLong values) {
        long count = 0;
        while (values.hasNext()) {
            values.nextLong();
            count++;
        }
        return count;
    }

    /** The first 48 bits of hashes, each once. */
    private static final class Shortened implements PrimitiveIterator.OfLong {
        private final PrimitiveIterator.OfLong hashes;
        private long next = -1;

        Shortened(PrimitiveIterator.OfLong hashes) {
            this.hashes = hashes;
            advance();
        }

        private void advance() {
            long last = next;
            while (next == last) {
                next = hashes.hasNext() ? hashes.nextLong() >>> HashList.SHIFT : -2;
            }
        }

        @Override
        public boolean hasNext() {
            return next >= 0;
        }

        @Override
        public long nextLong() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            long value = next;
            advance();
            return value;
        }
    }

    /** Writes a file that gets its name only once it is complete and on the disk. */
    static void write(FilterHeader header, Supplier<PrimitiveIterator.OfLong> values, Path file) throws IOException {
        if (header.count() > FuseShape.MOST) {
            throw new IOException("a filter cannot have " + header.count() + " hashes");
        }
        Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
            out.write(header.bytes());
            if (header.isList()) {
                HashList.write(values.get(), header.count(), out);
            } else if (header.count() > 0) {
                Path scratch = file.resolveSibling(file.getFileName() + SCRATCH);
                FuseBuilder.write(values, (int) header.count(), scratch, out);
            }
            out.flush();
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Reads a file into memory. All lengths are compared with that of the file first.
     *
     * @throws UnsupportedException if this release does not know the version or the rules
     * @throws DamagedException if it is no filter, is cut short, or has impossible numbers
     * @throws IOException if the file cannot be read
     */
    public static Filter open(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            long length = Files.size(file);
            FilterHeader header = FilterHeader.read(in);
            long left = length - header.bytes().length;
            if (header.isList()) {
                return new Filter(header, null, HashList.read(in, left, header.count()));
            }
            if (header.count() > 0) {
                return new Filter(header, BinaryFuse.read(in, left, header.count()), NONE);
            }
            if (left != 0) {
                throw new DamagedException("it is too long");
            }
            return new Filter(header, null, NONE);
        }
    }

    /** Returns true if it is a list of changes, and false if it is a filter of everything. */
    public boolean isChanges() {
        return header.isList();
    }

    /** Returns the name of the log. */
    public String ledger() {
        return header.ledger();
    }

    /** Returns the position that the file reaches. */
    public long position() {
        return header.position();
    }

    /** Returns the position after which its changes begin; 0 if it has everything. */
    public long from() {
        return header.from();
    }

    /** Returns the version of the public suffix list from which its site prefilters were computed. */
    public String suffixes() {
        return header.suffixes();
    }

    /** Returns the number of its hashes. */
    public long count() {
        return header.count();
    }

    /** Returns the values of a list of changes. */
    long[] list() {
        return list;
    }

    /** Returns true if the file may have that key or site prefilter, given its first eight bytes, big-endian. */
    public boolean contains(long hash) {
        return fuse == null ? Arrays.binarySearch(list, hash >>> HashList.SHIFT) >= 0 : fuse.contains(hash);
    }
}
