package org.askfirst.registry.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.askfirst.registry.files.PrivateFiles;
import org.postgresql.PGConnection;

/**
 * Writes a backup.
 *
 * <p>All tables are copied in one snapshot of the database, so the backup is a state that existed at one moment, and
 * writers never wait. The file appears under its name only when it is complete and durable. Only its owner can read it.
 * It has names, contacts and hashes of keys, and no private key.
 */
public final class Backup {
    private static final long PROGRESS_BYTES = 100L << 20;
    private static final int BUFFER = 1 << 16;

    private Backup() {}

    /**
     * Writes a backup of the database.
     *
     * @param file must not exist yet
     * @param progress receives lines for people
     * @throws BackupException with a message for a person, if there is no backup now
     */
    public static void write(Database database, Path file, Consumer<String> progress) throws BackupException {
        Path target = file.toAbsolutePath();
        if (Files.exists(target)) {
            throw new BackupException(target + " exists already; choose another name");
        }
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            Files.deleteIfExists(part);
            PrivateFiles.createFile(part);
            try (Connection connection = database.connect()) {
                Manifest manifest = write(connection, part, progress);
                PrivateFiles.force(part);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                progress.accept("Wrote " + target + ": all entries up to position " + manifest.position() + ", "
                        + Files.size(target) + " bytes.");
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (SQLException failure) {
            throw new BackupException("the database cannot be read: " + BackupException.firstLine(failure), failure);
        } catch (IOException failure) {
            throw new BackupException(target + " cannot be written: " + failure, failure);
        }
    }

    private static Manifest write(Connection connection, Path part, Consumer<String> progress)
            throws SQLException, IOException, BackupException {
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        String version = Schema.version(connection);
        if (version.isEmpty()) {
            throw new BackupException("the database is empty; there is nothing to back up");
        }
        Instant now = now(connection);
        List<Manifest.Sequence> sequences = Schema.sequences(connection);
        List<Manifest.Table> tables = new ArrayList<>();
        try (ZipOutputStream archive =
                new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(part), BUFFER))) {
            archive.setLevel(Deflater.BEST_SPEED);
            for (Map.Entry<String, List<String>> table :
                    Schema.tables(connection).entrySet()) {
                tables.add(copy(connection, table.getKey(), table.getValue(), archive, progress));
            }
            Manifest manifest = new Manifest(Manifest.FORMAT, now, version, position(connection), tables, sequences);
            archive.putNextEntry(new ZipEntry(Manifest.ENTRY));
            archive.write(json().writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
            archive.closeEntry();
            return manifest;
        } finally {
            connection.rollback();
        }
    }

    private static Manifest.Table copy(
            Connection connection,
            String name,
            List<String> columns,
            ZipOutputStream archive,
            Consumer<String> progress)
            throws SQLException, IOException {
        archive.putNextEntry(new ZipEntry(new Manifest.Table(name, columns, 0, 0, "").entry()));
        Counted counted = new Counted(archive, name, progress);
        long rows = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut(
                        "copy (select " + String.join(", ", columns) + " from " + Schema.quoted(name) + ") to stdout",
                        counted);
        archive.closeEntry();
        progress.accept("  " + name + ": " + rows + " rows");
        return new Manifest.Table(
                name, columns, rows, counted.bytes, HexFormat.of().formatHex(counted.digest.digest()));
    }

    private static Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select extract(epoch from now())::bigint")) {
            row.next();
            return Instant.ofEpochSecond(row.getLong(1));
        }
    }

    private static long position(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select coalesce(max(position), 0) from ledger_entry")) {
            row.next();
            return row.getLong(1);
        }
    }

    static ObjectMapper json() {
        return new ObjectMapper()
                .registerModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** Counts and hashes the bytes of one table, and reports every 100 MB. It does not close the stream below it. */
    private static final class Counted extends FilterOutputStream {
        private final MessageDigest digest = sha256();
        private final String table;
        private final Consumer<String> progress;
        private long bytes;
        private long reported;

        Counted(OutputStream out, String table, Consumer<String> progress) {
            super(out);
            this.table = table;
            this.progress = progress;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            out.write(from, offset, length);
            digest.update(from, offset, length);
            bytes += length;
            if (bytes >= reported + PROGRESS_BYTES) {
                reported = bytes;
                progress.accept("  … " + table + ", " + (bytes >> 20) + " MB");
            }
        }

        @Override
        public void close() {
            // The archive is closed by its owner.
        }
    }
}
