package org.askfirst.catalog;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A file that is made of a segment alone, and that a catalogue lists beside it under the same name with another ending.
 *
 * @param path the path in the folder
 * @param bytes the length of the file
 * @param sha256 the SHA-256 of the file, in hexadecimal
 */
public record Companion(String path, long bytes, String sha256) {
    /** The ending of filters. */
    public static final String FILTER = "filter";

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /**
     * Checks the members. {@link SnapshotFile} checks the path, which becomes the name of a file on the reader's disk.
     *
     * @throws IllegalArgumentException if one of them is not as the format says
     */
    public Companion {
        if (bytes <= 0 || !SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("a file has an impossible length or hash");
        }
    }

    /** Returns the path of the companion of that segment with that ending. */
    public static String path(String segment, String ending) {
        return segment.substring(0, segment.lastIndexOf('.') + 1) + ending;
    }

    /** Returns the file as JSON. */
    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("path", path);
        tree.put("bytes", bytes);
        tree.put("sha256", sha256);
        return tree;
    }

    /**
     * Reads a file from JSON.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Companion of(Object tree) {
        if (!(tree instanceof Map<?, ?> file)) {
            throw new IllegalArgumentException("a file is not an object");
        }
        return new Companion(Catalog.text(file, "path"), Catalog.number(file, "bytes"), Catalog.text(file, "sha256"));
    }
}
