package org.askfirst.registry.ops;

import jakarta.enterprise.context.ApplicationScoped;
import org.askfirst.subject.PublicSuffixes;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Reports the version of the public suffix list. Nodes with the same version give the same answers. */
@Readiness
@ApplicationScoped
class PublicSuffixHealth implements HealthCheck {
    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("public suffix list")
                .up()
                .withData("version", PublicSuffixes.bundled().version())
                .build();
    }
}
