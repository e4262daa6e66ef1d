package org.askfirst.tlog;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The address of an entry bundle: the entries whose leaf hashes are in the tile of level 0 with the same index and
 * width (C2SP tlog-tiles, "Log entries").
 *
 * <p>Like a partial tile, a partial bundle is a prefix of its wider successors.
 *
 * @param index the number of bundles to its left
 * @param width the number of entries, from 1 to {@link Tile#FULL_WIDTH}
 */
public record EntryBundle(long index, int width) {
    /** The greatest length of an entry in a bundle in bytes, because two bytes hold the length. */
    public static final int MAX_ENTRY_BYTES = 0xFFFF;

    private static final String PREFIX = "tile/entries/";

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if no tree has such a bundle
     */
    public EntryBundle {
        new Tile(0, index, width);
    }

    /**
     * Reads a path below a log's prefix, such as {@code tile/entries/x001/x234/067} or {@code tile/entries/003.p/17}.
     *
     * @throws MalformedException if the path is not the only valid spelling of a bundle's address
     */
    public static EntryBundle parse(String path) throws MalformedException {
        if (!path.startsWith(PREFIX)) {
            throw new MalformedException("an entry bundle's path must look like tile/entries/x001/x234/067");
        }
        // Bundles have the positions of tiles of level 0.
        Tile tile = Tile.parse("tile/0/" + path.substring(PREFIX.length()));
        return new EntryBundle(tile.index(), tile.width());
    }

    /** Returns the path below the log's prefix, which {@link #parse} reads. */
    public String path() {
        return PREFIX + new TilePosition(index, width).path();
    }

    /** Returns the index of the first entry in the log. */
    public long start() {
        return index * Tile.FULL_WIDTH;
    }

    /** Returns the index after the last entry in the log. */
    public long end() {
        return start() + width;
    }

    /** Returns true if the bundle is not full. */
    public boolean isPartial() {
        return width < Tile.FULL_WIDTH;
    }

    /**
     * Returns, by index, every bundle that a log of {@code newSize} entries has and a log of {@code oldSize} entries
     * does not have.
     *
     * @throws IllegalArgumentException unless 0 ≤ oldSize ≤ newSize
     */
    public static List<EntryBundle> between(long oldSize, long newSize) {
        return Tile.between(oldSize, newSize).stream()
                .filter(tile -> tile.level() == 0)
                .map(tile -> new EntryBundle(tile.index(), tile.width()))
                .toList();
    }

    /**
     * Returns the bytes of a bundle: each entry after its length in two bytes, big-endian.
     *
     * @throws IllegalArgumentException if the number of entries is not the width, or if an entry is longer than {@link
     *     #MAX_ENTRY_BYTES}
     */
    public byte[] bytes(List<byte[]> entries) {
        if (entries.size() != width) {
            throw new IllegalArgumentException(path() + " has " + width + " entries, not " + entries.size());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        entries.forEach(entry -> bytes.writeBytes(framed(entry)));
        return bytes.toByteArray();
    }

    /**
     * Returns an entry as it is in a bundle: after its length in two bytes, big-endian.
     *
     * @throws IllegalArgumentException if the entry is longer than {@link #MAX_ENTRY_BYTES}
     */
    public static byte[] framed(byte[] entry) {
        if (entry.length > MAX_ENTRY_BYTES) {
            throw new IllegalArgumentException("an entry of " + entry.length + " bytes is too long for a bundle");
        }
        return ByteBuffer.allocate(Short.BYTES + entry.length)
                .putShort((short) entry.length)
                .put(entry)
                .array();
    }

    /**
     * Returns the entries from the bytes of this bundle or of a wider one with the same index. Entries beyond the width
     * are left out. The entries are not checked; their leaf hashes show whether they are the right ones.
     *
     * @throws MalformedException if the bytes are not complete entries, or if there are fewer entries than the width or
     *     more than a bundle can have
     */
    public List<byte[]> entries(byte[] bytes) throws MalformedException {
        List<byte[]> entries = new ArrayList<>(width);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            int length = buffer.remaining() < Short.BYTES ? Integer.MAX_VALUE : Short.toUnsignedInt(buffer.getShort());
            if (length > buffer.remaining() || entries.size() == Tile.FULL_WIDTH) {
                throw new MalformedException(path() + " is cut short or continues after its last entry");
            }
            byte[] entry = new byte[length];
            buffer.get(entry);
            entries.add(entry);
        }
        if (entries.size() < width) {
            throw new MalformedException(path() + " has only " + entries.size() + " entries");
        }
        return List.copyOf(entries.subList(0, width));
    }
}
