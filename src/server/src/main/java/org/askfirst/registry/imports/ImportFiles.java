package org.askfirst.registry.imports;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.askfirst.registry.files.PrivateFiles;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Copies of import files on this node's disk, because a workbook can only be read there. The database has the
 * originals.
 *
 * <p>The last few copies are kept, because people change a plan several times. If a copy is deleted while somebody
 * reads it, the reader can continue: only the directory entry is deleted. A start deletes the copies that a killed
 * process left.
 */
@ApplicationScoped
class ImportFiles {
    private static final Logger LOG = Logger.getLogger(ImportFiles.class);
    private static final int MAX_COPIES = 6;
    private static final String PREFIX = "import-";

    /** Files of this name in the folder for temporary files are copies of an earlier release. */
    private static final String FORMER = "askfirst-import*.file";

    private final ImportStore store;
    private final Path folder;
    private final Map<UUID, Path> copies = new LinkedHashMap<>();

    /** Uses the folder {@code folder}, which several processes may share. */
    ImportFiles(
            ImportStore store,
            @ConfigProperty(name = "askfirst.imports.folder", defaultValue = "data/imports") Path folder) {
        this.store = store;
        this.folder = folder;
    }

    /** Deletes the copies of processes that no longer run. */
    void deleteStale() {
        deleteAll(Path.of(String.valueOf(System.getProperty("java.io.tmpdir"))), FORMER);
        if (Files.isDirectory(folder)) {
            deleteAll(folder, PREFIX + "*");
        }
    }

    private void deleteAll(Path from, String pattern) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from, pattern)) {
            for (Path file : files) {
                if (isStale(file)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException failure) {
            LOG.warnf("Old copies of imports could not be deleted: %s", failure);
        }
    }

    private boolean isStale(Path file) {
        String[] parts = String.valueOf(file.getFileName()).split("-", 3);
        if (!parts[0].equals("import") || parts.length < 3 || !parts[1].matches("[0-9]{1,10}")) {
            return Files.isWritable(file);
        }
        long process = Long.parseLong(parts[1]);
        return !copies.containsValue(file)
                && (process == ProcessHandle.current().pid()
                        || ProcessHandle.of(process).isEmpty());
    }

    /**
     * Returns a complete copy of the file.
     *
     * @param size in bytes
     */
    synchronized Path of(UUID id, long size) throws SQLException, IOException {
        Path copy = copies.remove(id);
        if (copy != null && Files.exists(copy) && Files.size(copy) == size) {
            copies.put(id, copy);
            return copy;
        }
        while (copies.size() >= MAX_COPIES) {
            Iterator<Path> oldest = copies.values().iterator();
            Files.deleteIfExists(oldest.next());
            oldest.remove();
        }
        Path file = temporary();
        copies.put(id, file);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.copyFile(id, out);
        }
        return file;
    }

    /** Creates an empty file in the folder of the copies, which the caller deletes. A start deletes forgotten ones. */
    Path temporary() throws IOException {
        PrivateFiles.createFolder(folder);
        return PrivateFiles.createTemporary(
                folder, PREFIX + ProcessHandle.current().pid() + "-", ".file");
    }

    synchronized void delete(UUID id) {
        Path file = copies.remove(id);
        if (file != null) {
            delete(file);
        }
    }

    @PreDestroy
    synchronized void deleteAll() {
        copies.values().forEach(ImportFiles::delete);
        copies.clear();
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
