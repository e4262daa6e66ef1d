package org.askfirst.registry.embedded;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The embedded PostgreSQL, in an empty folder, for all tests of a run.
 *
 * <p>Its data need not survive a crash of the machine, so it does not wait for the disk. The databases of the journeys
 * do.
 */
public final class TestDatabase implements QuarkusTestResourceLifecycleManager {
    private static final Path FOLDER = Path.of("target", "test-database");

    private @Nullable EmbeddedDatabase database;

    @Override
    public Map<String, String> start() {
        try {
            empty();
            EmbeddedDatabase started = EmbeddedDatabase.start(FOLDER);
            database = started;
            Map<String, String> settings = new HashMap<>(started.settings());
            waitForNoDisk(settings);
            // Only servers that a test starts listen there: no test sends requests to other machines.
            settings.put("askfirst.fetch.name-servers", "127.0.0.1:" + freePort());
            settings.put("askfirst.fetch.loopback-port", "" + freePort());
            // All sites of all tests have the same address.
            settings.put("askfirst.fetch.visits-of-an-address", "1000000");
            return settings;
        } catch (EmbeddedDatabase.StartException | SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void waitForNoDisk(Map<String, String> settings) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        settings.get("quarkus.datasource.jdbc.url"),
                        settings.get("quarkus.datasource.username"),
                        settings.get("quarkus.datasource.password"));
                Statement statement = connection.createStatement()) {
            statement.execute("alter system set fsync = off");
            statement.execute("select pg_reload_conf()");
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
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
