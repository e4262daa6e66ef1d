package org.askfirst.registry.ops;

import io.quarkus.flyway.FlywayConfigurationCustomizer;
import jakarta.inject.Singleton;
import java.util.Map;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Lets migrations create an index without blocking writers.
 *
 * <p>By default Flyway's lock is held by a transaction, for which {@code create index concurrently} would wait forever.
 * With this setting a session holds the lock.
 */
@Singleton
class SchemaMigration implements FlywayConfigurationCustomizer {
    static final Map<String, String> SETTINGS = Map.of("flyway.postgresql.transactional.lock", "false");

    /** An older release still starts on tables that a newer release has migrated. */
    static final String IGNORED = "*:future";

    @Override
    public void customize(FluentConfiguration configuration) {
        configuration.configuration(SETTINGS);
    }
}
