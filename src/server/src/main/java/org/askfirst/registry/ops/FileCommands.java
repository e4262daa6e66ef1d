package org.askfirst.registry.ops;

import io.smallrye.config.SmallRyeConfig;
import java.nio.file.Path;
import org.askfirst.registry.backup.Backup;
import org.askfirst.registry.backup.BackupException;
import org.askfirst.registry.backup.Database;
import org.askfirst.registry.backup.Restore;
import org.askfirst.registry.embedded.EmbeddedDatabase;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The commands {@code backup}, {@code restore} and {@code migrate}. They need a database and no other part of the
 * service, so the framework does not start. They use the database of the settings, or else the embedded one.
 */
final class FileCommands {
    static final String BACKUP = "backup";
    static final String RESTORE = "restore";
    static final String MIGRATE = "migrate";

    private static final String KEYS = "The keys data/log.key and data/receipt.key are not in the file. ";

    private FileCommands() {}

    /** Creates the tables of this release, or changes older ones to them, and returns the exit status. */
    static int migrate(SmallRyeConfig config, Path data) {
        try (EmbeddedDatabase embedded = Main.isConfigured(config) ? null : EmbeddedDatabase.start(data)) {
            int migrations = flyway(database(config, embedded)).load().migrate().migrationsExecuted;
            System.out.println("The tables are those of this release; " + migrations + " migrations were needed.");
            return 0;
        } catch (FlywayException | EmbeddedDatabase.StartException failure) {
            System.err.println("Ask First cannot " + MIGRATE + ": "
                    + String.valueOf(failure.getMessage()).strip());
            return 1;
        }
    }

    /** Runs backup or restore and returns its exit status. */
    static int run(String command, Path file, SmallRyeConfig config, Path data) {
        try {
            if (command.equals(BACKUP)) {
                backup(file, config, data);
            } else {
                restore(file, config, data);
            }
            return 0;
        } catch (BackupException | EmbeddedDatabase.StartException failure) {
            System.err.println("Ask First cannot " + command + ": " + failure.getMessage());
            return 1;
        }
    }

    private static void backup(Path file, SmallRyeConfig config, Path data)
            throws BackupException, EmbeddedDatabase.StartException {
        try (EmbeddedDatabase embedded = Main.isConfigured(config) ? null : EmbeddedDatabase.startOrJoin(data)) {
            System.out.println("Copying all tables as they are now; the service continues meanwhile.");
            Backup.write(database(config, embedded), file, System.out::println);
        }
        System.out.println(KEYS + "Keep copies of them elsewhere.");
    }

    private static void restore(Path file, SmallRyeConfig config, Path data)
            throws BackupException, EmbeddedDatabase.StartException {
        try (EmbeddedDatabase embedded = Main.isConfigured(config) ? null : EmbeddedDatabase.start(data)) {
            System.out.println("Creating the tables and filling them.");
            Restore.read(file, database(config, embedded), FileCommands::migrate, System.out::println);
        }
        System.out.println(KEYS + "Put them in place, then run verify, then start.");
    }

    private static Database database(SmallRyeConfig config, @Nullable EmbeddedDatabase embedded) {
        if (embedded != null) {
            return new Database(
                    embedded.settings().getOrDefault(Main.URL, ""),
                    embedded.settings().get(Main.USERNAME),
                    embedded.settings().get(Main.PASSWORD));
        }
        return new Database(
                config.getValue(Main.URL, String.class),
                config.getOptionalValue(Main.USERNAME, String.class).orElse(null),
                config.getOptionalValue(Main.PASSWORD, String.class).orElse(null));
    }

    private static void migrate(Database database, String version) throws BackupException {
        try {
            flyway(database).target(version).load().migrate();
        } catch (FlywayException failure) {
            throw new BackupException(
                    "the tables of version " + version + " cannot be created by this release: " + failure.getMessage(),
                    failure);
        }
    }

    private static FluentConfiguration flyway(Database database) {
        return Flyway.configure()
                .dataSource(database.url(), database.user(), database.password())
                .configuration(SchemaMigration.SETTINGS)
                .ignoreMigrationPatterns(SchemaMigration.IGNORED);
    }
}
