package org.askfirst.tlog;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The address of an entry bundle: the entries whose leaf hashes are those of the tile of level 0 of the same index
 * and width (C2SP tlog-tiles, "Log entries").
 *
 * <p>As with tiles, a partial bundle is a prefix of its wider successors.
 *
 * @param index how many bundles stand to its left
 * @param width how many entries it has, from 1 to {@link Tile#FULL_WIDTH}
 */
public record EntryBundle(long index, int width) {
    /** The longest entry that a bundle can carry, in bytes: its length is written in two. */
    public static final int MAX_ENTRY_BYTES = 0xFFFF;

    private static final String ROOM = "tile/entries/";

    /**
     * The parts, checked.
     *
     * @throws IllegalArgumentException if no tree has such a bundle
     */
    public EntryBundle {
        new Tile(0, index, width);
    }

    /**
     * Reads a path below a log's prefix, such as {@code tile/entries/x001/x234/067} or {@code tile/entries/003.p/17}.
     *
     * @throws MalformedException if it is not the one spelling of a bundle's address
     */
    public static EntryBundle parse(String path) throws MalformedException {
        if (!path.startsWith(ROOM)) {
            throw new MalformedException("an entry bundle's path must look like tile/entries/x001/x234/067");
        }
        // A bundle stands wherever a tile of level 0 does.
        Tile tile = Tile.parse("tile/0/" + path.substring(ROOM.length()));
        return new EntryBundle(tile.index(), tile.width());
    }

    /** The path below the log's prefix, as {@link #parse} reads it. */
    public String path() {
        return ROOM + new TilePosition(index, width).path();
    }

    /** The index in the log of its first entry. */
    public long start() {
        return index * Tile.FULL_WIDTH;
    }

    /** The index in the log after that of its last entry. */
    public long end() {
        return start() + width;
    }

    /** Says if it has fewer entries than it can come to have. */
    public boolean isPartial() {
        return width < Tile.FULL_WIDTH;
    }

    /**
     * Every bundle that a log of {@code newSize} entries has and one of {@code oldSize} has not, by index.
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
     * The bytes of a bundle of these entries: each after its length in two bytes, big-endian.
     *
     * @throws IllegalArgumentException unless there are as many entries as the bundle is wide, none of them longer
     *     than {@link #MAX_ENTRY_BYTES}
     */
    public byte[] bytes(List<byte[]> entries) {
        if (entries.size() != width) {
            throw new IllegalArgumentException(path() + " has " + width + " entries, not " + entries.size());
        }
        int length = 0;
        for (byte[] entry : entries) {
            if (entry.length > MAX_ENTRY_BYTES) {
                throw new IllegalArgumentException("an entry of " + entry.length + " bytes fits no bundle");
            }
            length += Short.BYTES + entry.length;
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        for (byte[] entry : entries) {
            buffer.putShort((short) entry.length).put(entry);
        }
        return buffer.array();
    }

    /**
     * The entries in the bytes of this bundle or of a wider one of the same index; what is wider is left out.
     *
     * @throws MalformedException if these are not whole entries, as many as the bundle is wide or more, and not more
     *     than a bundle can have; whether they are the right entries their leaf hashes tell
     */
    public List<byte[]> entries(byte[] bytes) throws MalformedException {
        List<byte[]> entries = new ArrayList<>(width);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            int length = buffer.remaining() < Short.BYTES ? Integer.MAX_VALUE : Short.toUnsignedInt(buffer.getShort());
            if (length > buffer.remaining() || entries.size() == Tile.FULL_WIDTH) {
                throw new MalformedException(path() + " is cut short or goes on after its last entry");
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
