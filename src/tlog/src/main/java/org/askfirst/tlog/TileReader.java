package org.askfirst.tlog;

import java.util.List;

/**
 * Reads the bytes of tiles from a table, a directory or a log's HTTP prefix.
 *
 * <p>An implementation promises one array for each asked tile, in the same order, with the bytes of that tile or of a
 * wider one of the same level and index (the shorter is a prefix of the longer). Callers ask only for the widest tiles
 * of the tree size of {@link TileHashReader}. The implementation need not be trusted. If a tile cannot be read, it
 * throws an unchecked exception of its own, which reaches the caller unchanged.
 */
@FunctionalInterface
public interface TileReader {
    /** Returns the bytes of these tiles, which are all different. */
    List<byte[]> read(List<Tile> tiles);
}
