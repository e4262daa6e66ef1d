package org.askfirst.engines;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.askfirst.subject.Sha256;

/**
 * A Parquet file of a release.
 *
 * @param path the name in the folder
 * @param bytes the length
 * @param sha256 the SHA-256 of the file, in hexadecimal
 * @param rows the number of rows
 */
public record ReleaseFile(String path, long bytes, String sha256, long rows) {
    private static final Pattern PATH = Pattern.compile("[a-z]{1,20}-[0-9]{12}\\.parquet");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /**
     * Checks the members.
     *
     * @throws IllegalArgumentException if one of them is not as the format says
     */
    public ReleaseFile {
        if (!PATH.matcher(path).matches() || !SHA256.matcher(sha256).matches() || bytes <= 0 || rows < 0) {
            throw new IllegalArgumentException("a file has an impossible path, hash or number: " + path);
        }
    }

    Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("path", path);
        tree.put("bytes", bytes);
        tree.put("sha256", sha256);
        tree.put("rows", rows);
        return tree;
    }

    /** Returns the SHA-256 of a file as {@link #sha256} has it. */
    static String hash(InputStream in) throws IOException {
        return Sha256.hexOf(in);
    }

    static ReleaseFile of(Object value) {
        if (value instanceof Map<?, ?> tree
                && tree.get("path") instanceof String path
                && tree.get("bytes") instanceof Long bytes
                && tree.get("sha256") instanceof String sha256
                && tree.get("rows") instanceof Long rows) {
            return new ReleaseFile(path, bytes, sha256, rows);
        }
        throw new IllegalArgumentException("a file lacks a member");
    }
}
