package org.askfirst.registry.indexing;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import org.askfirst.index.IndexView;
import org.askfirst.problem.ProblemException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Reports to the readiness check if lookups are answered, and the size of the index. */
@Readiness
@ApplicationScoped
class IndexHealth implements HealthCheck {
    private final IndexFollower index;

    IndexHealth(IndexFollower index, MeterRegistry meters) {
        this.index = index;
        meters.gauge("askfirst.index.position", index, IndexFollower::position);
        meters.gauge("askfirst.index.keys", index, IndexFollower::keys);
        meters.gauge("askfirst.index.bytes", index, IndexFollower::bytes);
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
