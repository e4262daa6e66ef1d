package org.askfirst.registry.ops;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.util.Optional;
import org.askfirst.registry.embedded.EmbeddedDatabase;
import org.askfirst.registry.operator.Operator;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Prints the addresses when the service is ready, and stops the database last.
 *
 * <p>Requests in flight finish before the framework announces the stop. Then the ledger appends their proposals. Then
 * this class shuts the database down.
 */
@ApplicationScoped
class Lifecycle {
    private static final int LAST = Integer.MAX_VALUE;
    private static final int PORT_TRIES = 100;
    private static final int PORT_PAUSE_MILLIS = 20;

    private final Operator operator;
    private final OpsConfig config;
    private final HttpServer server;
    private final String url;
    private Optional<String> operatorKey = Optional.empty();

    Lifecycle(
            Operator operator,
            OpsConfig config,
            HttpServer server,
            @ConfigProperty(name = "quarkus.datasource.jdbc.url") String url) {
        this.operator = operator;
        this.config = config;
        this.server = server;
        this.url = url;
    }

    /** Creates the operator's key if necessary. Commands do not, because they could not show it. */
    void start(@Observes StartupEvent event) {
        if (Main.isCommand()) {
            return;
        }
        operatorKey = operator.makeKey(config.renewKey());
    }

    /** Prints to standard output, not to the log, because the key must not get into a log collector. */
    void reachable(@ObservesAsync HttpServerStart event) {
        String root = "http://localhost:" + port(event);
        EmbeddedDatabase database = Main.database();
        StringBuilder text = new StringBuilder(512);
        text.append("\nAsk First is ready.\n");
        text.append("  page      ").append(root).append("/\n");
        text.append("  API       ")
                .append(root)
                .append("/v1/ (contract: ")
                .append(root)
                .append("/openapi.yaml)\n");
        text.append("  data      ")
                .append(database == null ? withoutParameters(url) : database.folder() + " (embedded PostgreSQL)")
                .append('\n');
        operatorKey.ifPresent(key -> text.append("  operator  ")
                .append(key)
                .append("\n            This is the operator's key. It is shown only once; keep it.\n"));
        operatorKey = Optional.empty();
        System.out.println(text);
    }

    /**
     * Returns the port. If any free port was requested, the framework may learn the actual one a moment after it
     * announces the start, so this waits for it.
     */
    private int port(HttpServerStart event) {
        int port = event.options().getPort();
        for (int tries = 0; port <= 0 && tries < PORT_TRIES; tries++) {
            pause();
            port = server.getPort();
        }
        return port;
    }

    private static void pause() {
        try {
            Thread.sleep(PORT_PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Removes the parameters of a JDBC URL, which may include a password. */
    private static String withoutParameters(String url) {
        return url.replaceFirst("[?].*", "");
    }

    void stop(@Observes @Priority(LAST) ShutdownEvent event) {
        Main.stopDatabase();
    }
}
