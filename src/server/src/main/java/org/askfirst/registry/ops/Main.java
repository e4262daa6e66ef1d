package org.askfirst.registry.ops;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.sql.SQLException;
import org.askfirst.registry.embedded.EmbeddedDatabase;
import org.askfirst.registry.transparency.LogMismatchException;
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
    private static final int MISUSED = 2;

    private static @Nullable EmbeddedDatabase database;
    private static boolean command;

    private final Commands commands;

    Main(Commands commands) {
        this.commands = commands;
    }

    /** The command {@code java -jar quarkus-run.jar}, which serves, or does what {@link Commands} can. */
    public static void main(String... arguments) {
        command = arguments.length > 0;
        if (command) {
            if (arguments.length > 1 || !Commands.ALL.contains(arguments[0])) {
                System.err.println("Usage: java -jar quarkus-run.jar [" + String.join(" | ", Commands.ALL) + "]");
                System.exit(MISUSED);
            }
            System.setProperty("quarkus.http.host-enabled", "false");
            System.setProperty("quarkus.log.category.\"io.quarkus\".level", "WARN");
            System.setProperty("quarkus.log.category.\"org.askfirst\".level", "WARN");
        }
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
            if (cause instanceof LogMismatchException mismatch) {
                System.err.println(FAILURE + mismatch.getMessage());
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

    /** Whether this run does something else than serve. */
    static boolean isCommand() {
        return command;
    }

    static void stopDatabase() {
        EmbeddedDatabase running = database;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public int run(String... arguments) throws SQLException {
        if (command) {
            return commands.run(arguments[0]);
        }
        Quarkus.waitForExit();
        return 0;
    }
}
