package org.askfirst.registry.ops;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import org.askfirst.registry.embedded.EmbeddedDatabase;
import org.askfirst.registry.mirror.Mirror;
import org.askfirst.registry.operator.OperatorKeys;
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

    private final OperatorKeys keys;
    private final OpsConfig config;
    private final HttpServer server;
    private final int managementPort;
    private final String url;
    private volatile boolean madeKey;

    Lifecycle(
            OperatorKeys keys,
            OpsConfig config,
            HttpServer server,
            @ConfigProperty(name = "quarkus.management.port", defaultValue = "9000") int managementPort,
            @ConfigProperty(name = "quarkus.datasource.jdbc.url") String url) {
        this.keys = keys;
        this.config = config;
        this.server = server;
        this.managementPort = managementPort;
        this.url = url;
    }

    /** Creates the operator's key if necessary. Commands do not: they leave it to the first start of the service. */
    void start(@Observes StartupEvent event, Mirror mirror) {
        if (mirror.isOn()) {
            return;
        }
        if (Main.isCommand()) {
            return;
        }
        madeKey = keys.makeFirst(config.renewKey(), config.keyFile());
    }

    /** Prints the addresses. The operator's key is not printed, because standard output often ends in a log. */
    void reachable(@ObservesAsync HttpServerStart event, Mirror mirror) {
        String root = "http://localhost:" + port(event);
        StringBuilder text = new StringBuilder(512);
        text.append("\nAsk First is ready.\n");
        if (!mirror.isOn()) {
            text.append("  page      ").append(root).append("/\n");
        }
        text.append("  API       ")
                .append(root)
                .append("/v1/ (contract: ")
                .append(root)
                .append("/openapi.yaml)\n");
        text.append("  health    http://localhost:").append(managementPort).append("/q/health\n");
        text.append("  data      ")
                .append(mirror.isOn() ? mirror.place() : database())
                .append('\n');
        if (madeKey) {
            text.append("  operator  ")
                    .append(config.keyFile().toAbsolutePath())
                    .append("\n            This file has the operator's key. Move it to a safe place.\n");
        }
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

    private String database() {
        EmbeddedDatabase database = Main.database();
        return database == null ? withoutParameters(url) : database.folder() + " (embedded PostgreSQL)";
    }

    /** Removes the parameters of a JDBC URL, which may include a password. */
    private static String withoutParameters(String url) {
        return url.replaceFirst("[?].*", "");
    }

    void stop(@Observes @Priority(LAST) ShutdownEvent event) {
        Main.stopDatabase();
    }
}
