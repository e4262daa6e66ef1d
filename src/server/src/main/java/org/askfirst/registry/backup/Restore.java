package org.askfirst.registry.backup;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.postgresql.PGConnection;

/**
 * Reads a backup into an empty database.
 *
 * <p>It creates the tables by the migrations that the backed-up database had. Then it fills all tables in one
 * transaction, and compares the rows, bytes and hashes with the manifest before it commits. So an interrupted restore
 * leaves empty tables, and can be repeated.
 */
public final class Restore {
    private static final long PROGRESS_BYTES = 100L << 20;

    private Restore() {}

    /** Migrates the schema of a database. */
    public interface Migration {
        /** Migrates to that version, and no further. */
        void to(Database database, String version) throws BackupException;
    }

    /**
     * Restores a backup.
     *
     * @param progress receives lines for people
     * @throws BackupException with a message for a person; the database is then as empty as before
     */
    public static void read(Path file, Database database, Migration migration, Consumer<String> progress)
            throws BackupException {
        try (ZipFile archive = new ZipFile(file.toFile())) {
            Manifest manifest = manifest(archive, file);
            try (Connection connection = database.connect()) {
                requireEmpty(connection, manifest);
            }
            migration.to(database, manifest.schemaVersion());
            try (Connection connection = database.connect()) {
                fill(connection, archive, manifest, progress);
            }
            progress.accept("Restored all entries up to position " + manifest.position() + ", as of "
                    + manifest.createdAt() + ".");
        } catch (SQLException failure) {
            throw new BackupException("the database cannot be filled: " + BackupException.firstLine(failure), failure);
        } catch (IOException failure) {
            throw new BackupException(file.toAbsolutePath() + " cannot be read: " + failure.getMessage(), failure);
        }
    }

    private static Manifest manifest(ZipFile archive, Path file) throws IOException, BackupException {
        ZipEntry entry = archive.getEntry(Manifest.ENTRY);
        if (entry == null) {
            throw new BackupException(file.toAbsolutePath() + " is not a complete backup: it has no manifest");
        }
        try (InputStream in = archive.getInputStream(entry)) {
            Manifest manifest = Backup.json().readValue(in, Manifest.class);
            if (!Manifest.FORMAT.equals(manifest.format())) {
                throw new BackupException(file.toAbsolutePath() + " has the format " + manifest.format()
                        + ", which this release does not know");
            }
            return manifest;
        }
    }

    private static void requireEmpty(Connection connection, Manifest manifest) throws SQLException, BackupException {
        for (String table : Schema.tables(connection).keySet()) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("select exists (table " + Schema.quoted(table) + ")")) {
                row.next();
                if (row.getBoolean(1)) {
                    throw new BackupException("the database is not empty: " + table
                            + " has rows. Restore into an empty data folder or an empty database");
                }
            }
        }
        String version = Schema.version(connection);
        if (!version.isEmpty() && !version.equals(manifest.schemaVersion())) {
            throw new BackupException("the empty database was already migrated to version " + version
                    + ", and the backup has version " + manifest.schemaVersion() + "; restore into a new database");
        }
    }

    private static void fill(Connection connection, ZipFile archive, Manifest manifest, Consumer<String> progress)
            throws SQLException, IOException, BackupException {
        connection.setAutoCommit(false);
        Map<String, Manifest.Table> tables = new LinkedHashMap<>();
        manifest.tables().forEach(table -> tables.put(table.name(), table));
        Map<String, List<String>> present = Schema.tables(connection);
        if (!present.keySet().equals(tables.keySet())) {
            throw new BackupException("the backup has the tables " + new TreeSet<>(tables.keySet())
                    + ", and the database has " + new TreeSet<>(present.keySet()));
        }
        for (String name : Schema.inOrderOfReferences(connection, tables.keySet())) {
            Manifest.Table table = tables.get(name);
            if (table != null) {
                fill(connection, archive, table, progress);
            }
        }
        for (Manifest.Sequence sequence : manifest.sequences()) {
            try (PreparedStatement set = connection.prepareStatement("select setval(?::regclass, ?, ?)")) {
                set.setString(1, Schema.quoted(sequence.name()));
                set.setLong(2, sequence.value());
                set.setBoolean(3, sequence.called());
                set.execute();
            }
        }
        connection.commit();
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("analyze");
        }
    }

    private static void fill(Connection connection, ZipFile archive, Manifest.Table table, Consumer<String> progress)
            throws SQLException, IOException, BackupException {
        ZipEntry entry = archive.getEntry(table.entry());
        if (entry == null) {
            throw new BackupException("the backup is damaged: " + table.entry() + " is missing");
        }
        try (Counted in = new Counted(archive.getInputStream(entry), table.name(), progress)) {
            long rows = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "copy " + Schema.quoted(table.name()) + " (" + String.join(", ", table.columns())
                                    + ") from stdin",
                            in);
            if (rows != table.rows()
                    || in.bytes != table.bytes()
                    || !Arrays.equals(in.digest.digest(), HexFormat.of().parseHex(table.sha256()))) {
                throw new BackupException("the backup is damaged: the rows of " + table.name()
                        + " do not match the manifest. Nothing was restored");
            }
            progress.accept("  " + table.name() + ": " + rows + " rows");
        }
    }

    /** Counts and hashes the bytes of one table, and reports every 100 MB. */
    private static final class Counted extends FilterInputStream {
        private final MessageDigest digest = Backup.sha256();
        private final String table;
        private final Consumer<String> progress;
        private long bytes;
        private long reported;

        Counted(InputStream in, String table, Consumer<String> progress) {
            super(in);
            this.table = table;
            this.progress = progress;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int read = super.read(to, offset, length);
            if (read > 0) {
                digest.update(to, offset, read);
                bytes += read;
                if (bytes >= reported + PROGRESS_BYTES) {
                    reported = bytes;
                    progress.accept("  … " + table + ", " + (bytes >> 20) + " MB");
                }
            }
            return read;
        }
    }
}
