package org.askfirst.tlog;

import java.util.List;

/**
 * Where the bytes of tiles are read from: a table, a directory, a log's HTTP prefix.
 *
 * <p>Promises of an implementation: the answer has one array for each asked tile, in the same order, with the bytes
 * of that tile or of a wider one of the same level and index (the shorter is a prefix of the longer). It is only
 * asked for the widest tiles of the tree size given to {@link TileHashReader}. It need not be trustworthy. What
 * cannot be read is an unchecked exception of its own, and passes through unchanged.
 */
@FunctionalInterface
public interface TileReader {
    /** The bytes of these tiles, which are all different. */
    List<byte[]> read(List<Tile> tiles);
}
