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
 * Files of imports on this node's disk, where a workbook can be read; the database has them for good.
 *
 * <p>The last few are kept, since people change a plan several times. One that is dropped while somebody reads it
 * stays readable to them: its name goes, not its bytes.
 */
@ApplicationScoped
class ImportFiles {
    private static final int KEPT = 6;

    private final ImportStore store;
    private final Map<UUID, Path> kept = new LinkedHashMap<>();

    ImportFiles(ImportStore store) {
        this.store = store;
    }

    /** The file, whole. */
    synchronized Path of(UUID id, long size) throws SQLException, IOException {
        Path known = kept.remove(id);
        if (known != null && Files.exists(known) && Files.size(known) == size) {
            kept.put(id, known);
            return known;
        }
        while (kept.size() >= KEPT) {
            Iterator<Path> oldest = kept.values().iterator();
            Files.deleteIfExists(oldest.next());
            oldest.remove();
        }
        Path file = Files.createTempFile("askfirst-import", ".file");
        kept.put(id, file);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.copyFile(id, out);
        }
        return file;
    }

    synchronized void forget(UUID id) {
        Path file = kept.remove(id);
        if (file != null) {
            delete(file);
        }
    }

    @PreDestroy
    synchronized void forgetAll() {
        kept.values().forEach(ImportFiles::delete);
        kept.clear();
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
