package org.askfirst.ops;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Starts the service; first its own PostgreSQL, unless a database is configured.
 *
 * <p>The database must be up before the framework opens its pool, so it is started here and told to the framework
 * by system properties, which are what a configured one would have set.
 */
@QuarkusMain
public class Main implements QuarkusApplication {
    private static final String URL = "quarkus.datasource.jdbc.url";
    private static final Path DATA = Path.of("data");
    private static final int FAILED = 1;

    private static @Nullable EmbeddedDatabase database;

    /** The command {@code java -jar quarkus-run.jar}. */
    public static void main(String... arguments) {
        if (!isConfigured()) {
            try {
                EmbeddedDatabase started = EmbeddedDatabase.start(DATA);
                database = started;
                started.settings().forEach(System::setProperty);
            } catch (EmbeddedDatabase.StartException failure) {
                System.err.println("Ask First cannot start: " + failure.getMessage());
                System.exit(FAILED);
            }
        }
        Quarkus.run(
                Main.class,
                (code, failure) -> {
                    stopDatabase();
                    System.exit(code);
                },
                arguments);
    }

    private static boolean isConfigured() {
        return new SmallRyeConfigBuilder()
                .addDefaultSources()
                .addDiscoveredSources()
                .build()
                .getOptionalValue(URL, String.class)
                .filter(url -> !url.isBlank())
                .isPresent();
    }

    /** The service's own database; null if another one is configured. */
    static @Nullable EmbeddedDatabase database() {
        return database;
    }

    static void stopDatabase() {
        EmbeddedDatabase running = database;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public int run(String... arguments) {
        Quarkus.waitForExit();
        return 0;
    }
}
