package org.askfirst.registry.imports;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Copies of import files on this node's disk, because a workbook can only be read there. The database has the
 * originals.
 *
 * <p>The last few copies are kept, because people change a plan several times. If a copy is deleted while somebody
 * reads it, the reader can continue: only the directory entry is deleted.
 */
@ApplicationScoped
class ImportFiles {
    private static final int MAX_COPIES = 6;

    private final ImportStore store;
    private final Map<UUID, Path> copies = new LinkedHashMap<>();

    ImportFiles(ImportStore store) {
        this.store = store;
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
        Path file = Files.createTempFile("askfirst-import", ".file");
        copies.put(id, file);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.copyFile(id, out);
        }
        return file;
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
