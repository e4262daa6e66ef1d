package org.askfirst.registry.imports;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Counts the imports that have entered a state ({@code askfirst.imports}), and the rows of stored reports by outcome
 * ({@code askfirst.imports.rows}).
 */
@Startup
@ApplicationScoped
class ImportMeters {
    private final Map<ImportStore.Status, Counter> states = new EnumMap<>(ImportStore.Status.class);
    private final Counter declared;
    private final Counter repeated;
    private final Counter refused;
    private final Counter skipped;

    ImportMeters(MeterRegistry meters) {
        for (ImportStore.Status status : ImportStore.Status.values()) {
            states.put(
                    status,
                    Counter.builder("askfirst.imports")
                            .description("Imports that have entered the state")
                            .tag("state", status.wireName())
                            .register(meters));
        }
        declared = rows(meters, "declared");
        repeated = rows(meters, "repeated");
        refused = rows(meters, "refused");
        skipped = rows(meters, "skipped");
    }

    private static Counter rows(MeterRegistry meters, String outcome) {
        return Counter.builder("askfirst.imports.rows")
                .description("Rows of imports")
                .tag("outcome", outcome)
                .register(meters);
    }

    void entered(ImportStore.Status status) {
        Objects.requireNonNull(states.get(status)).increment();
    }

    /** Counts the rows of one block, after their results are stored. */
    void rows(ImportStore.Counts counts) {
        declared.increment((double) counts.declared());
        repeated.increment((double) counts.alreadyDeclared());
        refused.increment((double) counts.refused());
        skipped.increment((double) counts.skipped());
    }
}
