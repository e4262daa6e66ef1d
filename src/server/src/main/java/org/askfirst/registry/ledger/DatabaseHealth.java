package org.askfirst.registry.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import org.askfirst.registry.mirror.Mirror;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Reports to the readiness check if the database answers, if its clock agrees with the node's, and if it has room. It
 * never waits for the database.
 */
@Readiness
@ApplicationScoped
class DatabaseHealth implements HealthCheck {
    private final DatabaseWatch watch;
    private final Ledger ledger;
    private final Mirror mirror;

    DatabaseHealth(DatabaseWatch watch, Ledger ledger, Mirror mirror) {
        this.mirror = mirror;
        this.watch = watch;
        this.ledger = ledger;
    }

    @Override
    public HealthCheckResponse call() {
        if (mirror.isOn()) {
            return HealthCheckResponse.up("no database, because this is a mirror");
        }
        String reason = !watch.answers()
                ? "the database does not answer"
                : ledger.isStorageFull() ? "the storage of the database is full" : watch.reason();
        var response = HealthCheckResponse.named("database")
                .status(reason == null)
                .withData("clockDifferenceMillis", watch.difference().toMillis());
        return reason == null
                ? response.build()
                : response.withData("reason", reason).build();
    }
}
