package org.askfirst.registry.control;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.askfirst.verdict.ControlMethod;

/** Counts the places that checks of control have read, by result: {@code askfirst.control.checks}. */
@Startup
@ApplicationScoped
class ControlMeters {
    private static final Set<ControlMethod> CHECKED = Set.of(
            ControlMethod.DNS_TXT, ControlMethod.WELL_KNOWN_FILE, ControlMethod.META_TAG, ControlMethod.PAGE_TOKEN);

    private final Map<ControlMethod, Map<ControlCheck.Outcome, Counter>> counters = new EnumMap<>(ControlMethod.class);

    ControlMeters(MeterRegistry meters) {
        for (ControlMethod method : CHECKED) {
            Map<ControlCheck.Outcome, Counter> ofMethod = new EnumMap<>(ControlCheck.Outcome.class);
            counters.put(method, ofMethod);
            for (ControlCheck.Outcome outcome : ControlCheck.Outcome.values()) {
                ofMethod.put(
                        outcome,
                        Counter.builder("askfirst.control.checks")
                                .description("Places that checks of control have read")
                                .tag("method", method.wireName())
                                .tag("outcome", outcome.wireName())
                                .register(meters));
            }
        }
    }

    void count(ControlCheck.MethodResult result) {
        Objects.requireNonNull(
                        Objects.requireNonNull(counters.get(result.method())).get(result.outcome()))
                .increment();
    }
}
