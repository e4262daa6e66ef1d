package org.askfirst.ops;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The service's own embedded PostgreSQL, on an empty folder, for all tests of one run. */
public final class TestDatabase implements QuarkusTestResourceLifecycleManager {
    private static final Path FOLDER = Path.of("target", "test-database");

    private @Nullable EmbeddedDatabase database;

    @Override
    public Map<String, String> start() {
        try {
            empty();
            EmbeddedDatabase started = EmbeddedDatabase.start(FOLDER);
            database = started;
            return started.settings();
        } catch (EmbeddedDatabase.StartException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void empty() {
        if (!Files.exists(FOLDER)) {
            return;
        }
        try (Stream<Path> all = Files.walk(FOLDER)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void stop() {
        if (database != null) {
            database.close();
        }
    }
}
