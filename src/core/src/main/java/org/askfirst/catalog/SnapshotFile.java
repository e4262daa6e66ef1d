package org.askfirst.catalog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file that a catalogue lists.
 *
 * @param from the position after which the changes in the file begin; 0 for a release, which has everything
 * @param position the position that the file reaches
 * @param path the path in the folder
 * @param bytes the length of the file
 * @param sha256 the SHA-256 of the file, in hexadecimal
 * @param filter the filter of the same segment; null if there is none
 */
public record SnapshotFile(
        long from,
        long position,
        String path,
        long bytes,
        String sha256,
        @Nullable Companion filter) {
    private static final Pattern PATH = Pattern.compile("[a-z]{1,20}/[0-9-]{1,40}\\.(?:segment|filter)");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /**
     * Checks the members.
     *
     * @throws IllegalArgumentException if one of them is not as the format says
     */
    public SnapshotFile {
        if (from < 0 || position < from || bytes <= 0) {
            throw new IllegalArgumentException("a file has impossible numbers: " + path);
        }
        // The path becomes the name of a file on the reader's disk.
        if (!PATH.matcher(path).matches() || !SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("a file has an impossible path or hash");
        }
        if (filter != null && !filter.path().equals(Companion.path(path, Companion.FILTER))) {
            throw new IllegalArgumentException("the filter of " + path + " has another name");
        }
    }

    /** Creates a file without a filter. */
    public SnapshotFile(long from, long position, String path, long bytes, String sha256) {
        this(from, position, path, bytes, sha256, null);
    }

    /** Returns the path of the release at that position. */
    public static String releasePath(long position) {
        return String.format(Locale.ROOT, "releases/%012d.segment", position);
    }

    /** Returns the path of the changes between two positions. */
    public static String deltaPath(long from, long position) {
        return String.format(Locale.ROOT, "deltas/%012d-%012d.segment", from, position);
    }

    /** Returns the filter as a file with the positions of this one; empty if there is none. */
    public Optional<SnapshotFile> ofFilter() {
        return Optional.ofNullable(filter)
                .map(one -> new SnapshotFile(from, position, one.path(), one.bytes(), one.sha256()));
    }

    /** Returns true if the file has changes, and false if it has everything. */
    public boolean isChanges() {
        return path.startsWith("deltas/");
    }

    /** Returns the paths of the file and of its companions. */
    public List<String> paths() {
        return filter == null ? List.of(path) : List.of(path, filter.path());
    }

    /** Returns the file as JSON. Only that of changes has {@code from}. */
    public Map<String, Object> tree(boolean isDelta) {
        Map<String, Object> tree = new LinkedHashMap<>();
        if (isDelta) {
            tree.put("from", from);
        }
        tree.put("position", position);
        tree.put("path", path);
        tree.put("bytes", bytes);
        tree.put("sha256", sha256);
        if (filter != null) {
            tree.put("filter", filter.tree());
        }
        return tree;
    }

    /**
     * Reads a file from JSON.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static SnapshotFile of(Object tree, boolean isDelta) {
        if (!(tree instanceof Map<?, ?> file)) {
            throw new IllegalArgumentException("a file is not an object");
        }
        Object filter = file.get("filter");
        return new SnapshotFile(
                isDelta ? Catalog.number(file, "from") : 0,
                Catalog.number(file, "position"),
                Catalog.text(file, "path"),
                Catalog.number(file, "bytes"),
                Catalog.text(file, "sha256"),
                filter == null ? null : Companion.of(filter));
    }
}
