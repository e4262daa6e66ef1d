package org.askfirst.registry.lookup;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.askfirst.verdict.Verdicts;

/** Counts the verdicts that lookups gave, by use: {@code askfirst.lookups.verdicts}. */
@Singleton
class VerdictMeters {
    private final Map<Use, Map<Verdict, LongAdder>> counts = new EnumMap<>(Use.class);

    VerdictMeters(MeterRegistry meters) {
        for (Use use : Use.values()) {
            Map<Verdict, LongAdder> ofUse = new EnumMap<>(Verdict.class);
            counts.put(use, ofUse);
            for (Verdict verdict : Verdict.values()) {
                LongAdder count = new LongAdder();
                ofUse.put(verdict, count);
                FunctionCounter.builder("askfirst.lookups.verdicts", count, LongAdder::doubleValue)
                        .description("Verdicts of lookups")
                        .tag("use", use.wireName())
                        .tag("verdict", verdict.wireName())
                        .register(meters);
            }
        }
    }

    /** Counts the verdicts of {@code works} works that all have the same. */
    void count(Verdicts verdicts, int works) {
        if (works > 0) {
            verdicts.uses()
                    .forEach((use, verdict) -> Objects.requireNonNull(
                                    Objects.requireNonNull(counts.get(use)).get(verdict))
                            .add(works));
        }
    }
}
