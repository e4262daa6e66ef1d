package org.askfirst.registry.backup;

import java.time.Instant;
import java.util.List;

/**
 * The content of a backup. It is the last entry of the archive, so an archive without it is not complete.
 *
 * @param format always {@link #FORMAT}
 * @param createdAt the time of the snapshot
 * @param schemaVersion the newest migration that the database had
 * @param position the last position of the ledger; 0 if it is empty
 */
record Manifest(
        String format,
        Instant createdAt,
        String schemaVersion,
        long position,
        List<Table> tables,
        List<Sequence> sequences) {
    static final String FORMAT = "askfirst-backup-1";
    static final String ENTRY = "manifest.json";

    /**
     * A table in the archive.
     *
     * @param columns quoted for SQL, in the order of the values
     * @param sha256 of the uncompressed entry, in hexadecimal
     */
    record Table(String name, List<String> columns, long rows, long bytes, String sha256) {
        String entry() {
            return "tables/" + name + ".copy";
        }
    }

    /** A sequence, with the arguments of {@code setval}. */
    record Sequence(String name, long value, boolean called) {}
}
