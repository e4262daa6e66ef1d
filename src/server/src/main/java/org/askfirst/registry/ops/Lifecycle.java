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
 * Says where everything is once it can be reached, and stops the database after whatever uses it.
 *
 * <p>Requests in flight have ended before the framework announces the stop; the ledger then appends what they
 * proposed; last, here, the database is shut down.
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

    /** A key that is made must be shown, and a command shows none. */
    void start(@Observes StartupEvent event) {
        if (Main.isCommand()) {
            return;
        }
        operatorKey = operator.makeKey(config.renewKey());
    }

    /** On standard output, not in the log: the key must not end in a log collector. */
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
                .append("\n            This is the operator's key. It is shown this once; keep it.\n"));
        operatorKey = Optional.empty();
        System.out.println(text);
    }

    /**
     * The port that was asked for; or, asked for any free port, the one it became, which the framework may come to
     * know a moment after it announces the start.
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

    /** A JDBC URL may carry a password among its parameters. */
    private static String withoutParameters(String url) {
        return url.replaceFirst("[?].*", "");
    }

    void stop(@Observes @Priority(LAST) ShutdownEvent event) {
        Main.stopDatabase();
    }
}
