package org.askfirst.registry.ops;

import io.quarkus.flyway.FlywayConfigurationCustomizer;
import jakarta.inject.Singleton;
import java.util.Map;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Lets migrations build an index without blocking writers.
 *
 * <p>By default Flyway holds its lock in a transaction of its own, and {@code create index concurrently} would wait for
 * that transaction for ever. Here it holds the lock by a session instead.
 */
@Singleton
class SchemaMigration implements FlywayConfigurationCustomizer {
    @Override
    public void customize(FluentConfiguration configuration) {
        configuration.configuration(Map.of("flyway.postgresql.transactional.lock", "false"));
    }
}
