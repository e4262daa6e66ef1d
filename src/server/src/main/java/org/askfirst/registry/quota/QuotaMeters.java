package org.askfirst.registry.quota;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Counts the lookups that quotas refused or ended: {@code askfirst.quota.refusals}. */
@Startup
@Singleton
class QuotaMeters {
    private final Map<Limit, Map<Asker, Counter>> counters = new EnumMap<>(Limit.class);

    /** The limits of a quota. */
    enum Limit {
        /** Too few works were left for a call. */
        WORKS("works"),
        /** A stream has waited for as long as it may. */
        PATIENCE("patience"),
        /** As many streams as may wait were waiting. */
        WAITING("waiting");

        private final String wireName;

        Limit(String wireName) {
            this.wireName = wireName;
        }
    }

    /** The kinds of askers. */
    enum Asker {
        ANONYMOUS("anonymous", "address"),
        KEYED("keyed", "party");

        private final String wireName;

        /** The name in {@code Quota}. */
        final String viewName;

        Asker(String wireName, String viewName) {
            this.wireName = wireName;
            this.viewName = viewName;
        }
    }

    QuotaMeters(MeterRegistry meters) {
        for (Limit limit : Limit.values()) {
            Map<Asker, Counter> ofLimit = new EnumMap<>(Asker.class);
            counters.put(limit, ofLimit);
            for (Asker asker : Asker.values()) {
                ofLimit.put(
                        asker,
                        Counter.builder("askfirst.quota.refusals")
                                .description("Lookups that a quota refused or ended")
                                .tag("limit", limit.wireName)
                                .tag("asker", asker.wireName)
                                .register(meters));
            }
        }
    }

    void count(Limit limit, Asker asker) {
        Objects.requireNonNull(Objects.requireNonNull(counters.get(limit)).get(asker))
                .increment();
    }
}
