package org.askfirst.registry.ops;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.askfirst.client.RefusedException;
import org.askfirst.registry.embedded.EmbeddedDatabase;
import org.askfirst.registry.files.PrivateFiles;
import org.askfirst.registry.operator.OperatorKeys;
import org.askfirst.registry.testsite.TestSiteCommand;
import org.askfirst.registry.transparency.LogMismatchException;
import org.askfirst.registry.witness.WitnessCommand;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;

/**
 * Starts the service, and before it the embedded PostgreSQL, unless a database is configured.
 *
 * <p>The database must run before the framework opens its connection pool. So this class starts it, and passes its
 * address to the framework as system properties, with which one would configure another database.
 */
@QuarkusMain
public class Main implements QuarkusApplication {
    static final String URL = "quarkus.datasource.jdbc.url";
    static final String USERNAME = "quarkus.datasource.username";
    static final String PASSWORD = "quarkus.datasource.password";

    private static final Path DATA = Path.of("data");
    private static final String FAILURE = "Ask First cannot start: ";
    private static final int MANAGEMENT_PORT = 9000;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    /** The argument that makes this node a mirror, and the setting for which it stands. */
    private static final String MIRROR = "--mirror=";

    private static final String MIRROR_SOURCE = "askfirst.mirror.source";
    private static final String MIRROR_KEY = "askfirst.mirror.key";

    private static @Nullable EmbeddedDatabase database;
    private static boolean command;

    private final Commands commands;

    Main(Commands commands) {
        this.commands = commands;
    }

    /** Runs {@code java -jar quarkus-run.jar}: the service, or a command. */
    public static void main(String... arguments) {
        if (arguments.length == 1 && arguments[0].startsWith(MIRROR)) {
            System.setProperty(MIRROR_SOURCE, arguments[0].substring(MIRROR.length()));
            mirror(settings());
            Quarkus.run(Main.class, Main::stopped);
            return;
        }
        command = arguments.length > 0;
        if (command && !isCommand(arguments)) {
            System.err.println("Usage: java -jar quarkus-run.jar [" + String.join(" | ", Commands.PLAIN) + " | "
                    + String.join(" NAME | ", Commands.NAMING) + " NAME | " + Commands.SNAPSHOT + " FOLDER | "
                    + WitnessCommand.NAME + " | " + TestSiteCommand.NAME + " | " + FileCommands.MIGRATE + " | "
                    + FileCommands.BACKUP + " FILE | "
                    + FileCommands.RESTORE
                    + " FILE | " + MIRROR + "URL]");
            System.exit(MISUSED);
        }
        SmallRyeConfig config = settings();
        if (!command && config.getOptionalValue(MIRROR_SOURCE, String.class).isPresent()) {
            mirror(config);
            Quarkus.run(Main.class, Main::stopped);
            return;
        }
        if (command && arguments[0].equals(WitnessCommand.NAME)) {
            System.exit(WitnessCommand.run(config));
        }
        if (command && arguments[0].equals(TestSiteCommand.NAME)) {
            System.exit(TestSiteCommand.run(config));
        }
        if (command && arguments[0].equals(FileCommands.MIGRATE)) {
            System.exit(FileCommands.migrate(config, DATA));
        }
        boolean copies = command && arguments[0].equals(Commands.SNAPSHOT);
        if (arguments.length == 2 && !copies && !Commands.NAMING.contains(arguments[0])) {
            System.exit(FileCommands.run(arguments[0], Path.of(arguments[1]), config, DATA));
        }
        // All but this one can run beside the service.
        boolean rebuilds = command && arguments[0].equals(Commands.REBUILD);
        if (command) {
            System.setProperty("askfirst.serving", "false");
            // Commands are about this node's own database.
            System.setProperty(MIRROR_SOURCE, "");
            System.setProperty("askfirst.index.open", String.valueOf(rebuilds || copies));
            if (copies) {
                // A serving node keeps its own index open.
                System.setProperty("askfirst.index.folder", temporaryFolder());
            }
            System.setProperty("quarkus.http.host-enabled", "false");
            System.setProperty("quarkus.management.host-enabled", "false");
            System.setProperty("quarkus.shutdown.delay", "0S");
            System.setProperty("quarkus.log.category.\"io.quarkus\".level", "WARN");
            System.setProperty("quarkus.log.category.\"org.askfirst\".level", "WARN");
        }
        // A node that may not migrate refuses to start on the tables of an older release.
        if (!config.getOptionalValue("quarkus.flyway.migrate-at-start", Boolean.class)
                .orElse(true)) {
            System.setProperty("quarkus.flyway.validate-at-start", "true");
        }
        if (!isConfigured(config)) {
            try {
                EmbeddedDatabase started =
                        command && !rebuilds ? EmbeddedDatabase.startOrJoin(DATA) : EmbeddedDatabase.start(DATA);
                database = started;
                started.settings().forEach(System::setProperty);
            } catch (EmbeddedDatabase.StartException failure) {
                System.err.println(FAILURE + failure.getMessage());
                System.exit(FAILED);
            }
        }
        Quarkus.run(Main.class, Main::stopped, arguments);
    }

    /** Returns true for a directory, or an address that a client can fetch from. An address with a password is none. */
    private static boolean isSource(String source) {
        if (!source.contains("://")) {
            return !source.isBlank() && Files.isDirectory(Path.of(source));
        }
        try {
            URI address = new URI(source);
            return ("https".equals(address.getScheme()) || "http".equals(address.getScheme()))
                    && address.getHost() != null
                    && address.getUserInfo() == null;
        } catch (URISyntaxException none) {
            return false;
        }
    }

    /** Prepares the start of a mirror, which has no database. */
    private static void mirror(SmallRyeConfig config) {
        if (config.getOptionalValue(MIRROR_SOURCE, String.class)
                        .filter(Main::isSource)
                        .isEmpty()
                || config.getOptionalValue(MIRROR_KEY, String.class)
                        .filter(key -> !key.isBlank())
                        .isEmpty()) {
            System.err.println(FAILURE + "a mirror needs the address of a snapshot, such as"
                    + " https://registry.example/snapshot/, or a folder, and in ASKFIRST_MIRROR_KEY the"
                    + " verifier key of the registry's log, from somebody you trust");
            System.exit(MISUSED);
        }
        System.setProperty("askfirst.serving", "false");
        System.setProperty("askfirst.index.open", "false");
        // Nothing listens there: whatever asks for the database fails, and is not answered.
        System.setProperty(URL, "jdbc:postgresql://127.0.0.1:1/mirror");
        System.setProperty("quarkus.datasource.jdbc.initial-size", "0");
        System.setProperty("quarkus.datasource.jdbc.min-size", "0");
        System.setProperty("quarkus.hibernate-orm.database.start-offline", "true");
        System.setProperty("quarkus.flyway.migrate-at-start", "false");
    }

    /** Returns a new folder that is removed when the process ends. */
    private static String temporaryFolder() {
        try {
            PrivateFiles.createFolder(DATA);
            Path folder = Files.createTempDirectory(DATA, "index-of-snapshot-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
            return folder.toString();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException failure) {
            System.err.println("The folder " + folder + " was not removed: " + failure.getMessage());
        }
    }

    private static boolean isCommand(String... arguments) {
        return switch (arguments[0]) {
            case FileCommands.BACKUP, FileCommands.RESTORE, Commands.SNAPSHOT ->
                arguments.length == 2 && !arguments[1].isBlank();
            case Commands.ADD_KEY, Commands.REVOKE_KEY -> arguments.length == 2 && OperatorKeys.isName(arguments[1]);
            default ->
                arguments.length == 1
                        && (arguments[0].equals(WitnessCommand.NAME)
                                || arguments[0].equals(TestSiteCommand.NAME)
                                || arguments[0].equals(FileCommands.MIGRATE)
                                || Commands.PLAIN.contains(arguments[0]));
        };
    }

    private static void stopped(Integer code, @Nullable Throwable failure) {
        stopDatabase();
        if (failure != null) {
            printFailure(failure);
        }
        System.exit(code);
    }

    private static void printPortInUse(int port, String setting) {
        System.err.println(
                FAILURE + "port " + port + " is in use. Stop what uses it, or choose another one with " + setting);
    }

    /** Prints one line for a problem that a person can solve, and the stack trace for all others. */
    private static void printFailure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof QuarkusBindException bind) {
                printPortInUse(
                        bind.getPort(),
                        bind.getPort() == managementPort() ? "QUARKUS_MANAGEMENT_PORT" : "QUARKUS_HTTP_PORT");
                return;
            }
            // The framework names the port of its management interface in no exception of its own.
            if (cause instanceof BindException) {
                printPortInUse(managementPort(), "QUARKUS_MANAGEMENT_PORT");
                return;
            }
            if (cause instanceof FlywayValidateException) {
                System.err.println(
                        FAILURE + "the tables of the database are not those of this release. Run the command "
                                + FileCommands.MIGRATE);
                return;
            }
            if (cause instanceof RefusedException refused) {
                System.err.println(FAILURE + "the copy of the snapshot cannot be used: " + refused.getMessage()
                        + ". Correct ASKFIRST_MIRROR_KEY, or delete the copy's folder");
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

    /** Returns true if the settings name a database, so that no embedded one is used. */
    static boolean isConfigured(SmallRyeConfig config) {
        return config.getOptionalValue(URL, String.class)
                .filter(url -> !url.isBlank())
                .isPresent();
    }

    private static int managementPort() {
        return settings()
                .getOptionalValue("quarkus.management.port", Integer.class)
                .orElse(MANAGEMENT_PORT);
    }

    private static SmallRyeConfig settings() {
        return new SmallRyeConfigBuilder()
                .addDefaultSources()
                .addDiscoveredSources()
                .build();
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
            return commands.run(arguments);
        }
        Quarkus.waitForExit();
        return 0;
    }
}
