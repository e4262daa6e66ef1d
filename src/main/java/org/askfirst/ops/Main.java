package org.askfirst.ops;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.sql.SQLException;
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
    private static final String FAILURE = "Ask First cannot start: ";
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
                System.err.println(FAILURE + failure.getMessage());
                System.exit(FAILED);
            }
        }
        Quarkus.run(Main.class, Main::stopped, arguments);
    }

    private static void stopped(Integer code, @Nullable Throwable failure) {
        stopDatabase();
        if (failure != null) {
            complain(failure);
        }
        System.exit(code);
    }

    /** What a person can mend is said in one line; the rest is ours to mend, with all its traces. */
    private static void complain(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof QuarkusBindException bind) {
                System.err.println(FAILURE + "port " + bind.getPort()
                        + " is in use. Stop what uses it, or choose another one with QUARKUS_HTTP_PORT");
                return;
            }
            if (cause instanceof SQLException sql) {
                System.err.println(FAILURE + "the database cannot be used: "
                        + String.valueOf(sql.getMessage()).strip());
                return;
            }
        }
        failure.printStackTrace();
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
