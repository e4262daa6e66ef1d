package org.askfirst.engines;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.askfirst.catalog.Catalog;
import org.askfirst.client.Refusal;
import org.askfirst.client.RefusedException;
import org.askfirst.client.Snapshot;
import org.askfirst.json.CanonicalJson;
import org.jspecify.annotations.Nullable;

/**
 * The list of the Parquet files of a release, with the signed catalogue of the files from which they were made.
 *
 * <p>The signature proves until when the release may be used, and of which log and position it is. It does not prove what
 * is in the Parquet files: they are as trustworthy as whoever made them.
 *
 * @param catalog the catalogue; nobody has verified it yet
 * @param catalogJson the signed text of the catalogue
 * @param logKey the verifier key of the log with which the maker verified the catalogue
 * @param suffixes the version of the public suffix list of the site prefilters
 * @param postings the file of {@link PostingTable}
 * @param register the file of {@link RegisterTable}
 * @param sites the file of site prefilters
 */
public record ParquetRelease(
        Catalog catalog,
        String catalogJson,
        String logKey,
        String suffixes,
        ReleaseFile postings,
        ReleaseFile register,
        ReleaseFile sites) {
    /** The version of the format. */
    static final int FORMAT = 1;

    /** The name of the list in the folder. */
    static final String FILE = "release.json";

    /** The greatest length of that file in bytes. A catalogue in it is escaped, so that it is at most twice as long. */
    static final int MAX_BYTES = 3 * Catalog.MAX_BYTES;

    /** Returns the content of the list. */
    String json() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("format", FORMAT);
        tree.put("log", catalog.log());
        tree.put("position", catalog.position());
        tree.put("expiresAt", catalog.expiresAt().toString());
        tree.put("catalog", catalogJson);
        tree.put("logKey", logKey);
        tree.put("suffixes", suffixes);
        tree.put("postings", postings.tree());
        tree.put("register", register.tree());
        tree.put("sites", sites.tree());
        return CanonicalJson.write(tree) + "\n";
    }

    /** Returns all files. */
    List<ReleaseFile> files() {
        return List.of(postings, register, sites);
    }

    /**
     * Reads a list and verifies its catalogue.
     *
     * @param trustedKey the verifier key of the log; null to take the maker's word for it
     * @param moment the moment for which is asked
     * @throws RefusedException if the list cannot be read, if the log's key did not sign its catalogue, or if nothing may
     *     be answered from it at that moment
     */
    static ParquetRelease parse(String json, @Nullable String trustedKey, Instant moment) throws RefusedException {
        try {
            Map<?, ?> tree = CanonicalJson.parseObject(json);
            if (!Long.valueOf(FORMAT).equals(tree.get("format"))) {
                throw new RefusedException(
                        Refusal.UNSUPPORTED, "the release has the format " + tree.get("format") + "; export it again");
            }
            if (!(tree.get("catalog") instanceof String catalogJson)
                    || !(tree.get("logKey") instanceof String logKey)
                    || !(tree.get("suffixes") instanceof String suffixes)
                    || !(tree.get("position") instanceof Long position)) {
                throw new IllegalArgumentException("a member is missing");
            }
            Catalog catalog = Snapshot.checked(catalogJson, trustedKey == null ? logKey : trustedKey, moment);
            if (catalog.position() != position) {
                throw new RefusedException(Refusal.MIXED, "the files are not of the position of the catalogue");
            }
            return new ParquetRelease(
                    catalog,
                    catalogJson,
                    logKey,
                    suffixes,
                    file(tree, "postings", position),
                    file(tree, "register", position),
                    file(tree, "sites", position));
        } catch (IllegalArgumentException malformed) {
            throw new RefusedException(Refusal.TAMPERED, FILE + " cannot be read: " + malformed.getMessage());
        }
    }

    private static ReleaseFile file(Map<?, ?> tree, String name, long position) throws RefusedException {
        Object value = tree.get(name);
        if (value == null) {
            throw new IllegalArgumentException("it lacks " + name);
        }
        ReleaseFile file = ReleaseFile.of(value);
        if (!file.path().equals(path(name, position))) {
            throw new RefusedException(Refusal.MIXED, file.path() + " is not of this position");
        }
        return file;
    }

    /** Returns the name of a file. */
    static String path(String table, long position) {
        return String.format(Locale.ROOT, "%s-%012d.parquet", table, position);
    }

    /** Where the files of a release are. */
    interface Folder {
        /** Returns the length of a file; negative if there is none. */
        long length(String name) throws IOException;

        /** Opens a file. */
        InputStream open(String name) throws IOException;
    }

    /**
     * Opens the release in that folder of this machine.
     *
     * @throws RefusedException if it is refused, or if a file is missing or has another length or content
     */
    static ParquetRelease open(Path folder, @Nullable String trustedKey, Instant moment)
            throws IOException, RefusedException {
        return open(
                new Folder() {
                    @Override
                    public long length(String name) throws IOException {
                        Path file = folder.resolve(name);
                        return Files.exists(file) ? Files.size(file) : -1;
                    }

                    @Override
                    public InputStream open(String name) throws IOException {
                        return Files.newInputStream(folder.resolve(name));
                    }

                    @Override
                    public String toString() {
                        return folder.toString();
                    }
                },
                trustedKey,
                moment);
    }

    /** Does the same for a folder anywhere. It reads all files once. */
    static ParquetRelease open(Folder folder, @Nullable String trustedKey, Instant moment)
            throws IOException, RefusedException {
        if (folder.length(FILE) < 0) {
            throw new RefusedException(Refusal.UNREACHABLE, "there is no " + FILE + " in " + folder);
        }
        ParquetRelease release;
        try (InputStream in = folder.open(FILE)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new RefusedException(Refusal.UNSUPPORTED, FILE + " is too long");
            }
            release = parse(new String(bytes, StandardCharsets.UTF_8), trustedKey, moment);
        }
        for (ReleaseFile file : release.files()) {
            long length = folder.length(file.path());
            if (length != file.bytes()) {
                throw new RefusedException(
                        Refusal.TRUNCATED, file.path() + (length < 0 ? " is missing" : " has another length"));
            }
        }
        for (ReleaseFile file : release.files()) {
            try (InputStream in = folder.open(file.path())) {
                if (!ReleaseFile.hash(in).equals(file.sha256())) {
                    throw new RefusedException(Refusal.TAMPERED, file.path() + " has another content");
                }
            }
        }
        return release;
    }
}
