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
 * Starts the service, and before it the embedded PostgreSQL, unless a database is configured.
 *
 * <p>The database must run before the framework opens its connection pool. So this class starts it, and passes its
 * address to the framework as system properties, with which one would configure another database.
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

    /** Runs {@code java -jar quarkus-run.jar}: the service, or a command of {@link Commands}. */
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
            printFailure(failure);
        }
        System.exit(code);
    }

    /** Prints one line for a problem that a person can solve, and the stack trace for all others. */
    private static void printFailure(Throwable failure) {
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

    /** Returns the embedded database; null if another one is configured. */
    static @Nullable EmbeddedDatabase database() {
        return database;
    }

    /** Returns true if this run executes a command instead of the service. */
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
