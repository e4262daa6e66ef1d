package org.askfirst.registry.indexing;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.askfirst.index.IndexView;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.ledger.LedgerHead;
import org.askfirst.registry.mirror.Mirror;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Reports to the readiness check if lookups are answered, and the size of the index. */
@Readiness
@ApplicationScoped
class IndexHealth implements HealthCheck {
    private final IndexFollower index;

    IndexHealth(IndexFollower index) {
        this.index = index;
    }

    /** Registers the meters at the start, not at the first health check. */
    void start(@Observes StartupEvent event, LedgerHead head, MeterRegistry meters, Mirror mirror) {
        Gauge.builder("askfirst.index.position", index, IndexFollower::position)
                .description("Position up to which lookups are answered")
                .register(meters);
        if (!mirror.isOn()) {
            Gauge.builder("askfirst.index.lag", index, follower -> Math.max(0, head.position() - follower.position()))
                    .description("Entries of the ledger that lookups do not see yet")
                    .register(meters);
        }
        Gauge.builder("askfirst.index.keys", index, IndexFollower::keys)
                .description("Keys of subjects in the index")
                .register(meters);
        Gauge.builder("askfirst.index.bytes", index, IndexFollower::bytes)
                .description("Size of the index")
                .baseUnit("bytes")
                .register(meters);
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("lookup index");
        try {
            IndexView view = index.view();
            return response.up()
                    .withData("position", view.position())
                    .withData("keys", view.keys())
                    .withData("bytes", view.bytes())
                    .build();
        } catch (ProblemException unavailable) {
            return response.down().withData("reason", unavailable.detail()).build();
        }
    }
}
