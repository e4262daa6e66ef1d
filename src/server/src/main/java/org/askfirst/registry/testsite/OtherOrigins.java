package org.askfirst.registry.testsite;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Sites of their own, each at the next port, because a site has only one robots.txt. All have one page, and a
 * robots.txt that fails.
 */
final class OtherOrigins implements AutoCloseable {
    private static final int BACKLOG = 64;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String CLOSED = "/closed.txt";

    private final FailingAnswers failing;
    private final List<HttpServer> servers = new ArrayList<>();
    private final Map<String, String> addresses = new LinkedHashMap<>();

    private OtherOrigins(FailingAnswers failing) {
        this.failing = failing;
    }

    /** Returns no sites. */
    static OtherOrigins none() {
        return new OtherOrigins(new FailingAnswers());
    }

    /**
     * Starts the sites.
     *
     * @param first the address of the test site; the ports after it are used, or any free ones if its port is 0
     * @param host the host as crawlers write it
     * @throws IOException if a port cannot be used
     */
    static OtherOrigins start(
            List<SitePlan.Origin> plan, InetSocketAddress first, String host, FailingAnswers failing, Executor threads)
            throws IOException {
        OtherOrigins origins = new OtherOrigins(failing);
        try {
            int port = first.getPort();
            for (SitePlan.Origin origin : plan) {
                port += first.getPort() == 0 ? 0 : 1;
                HttpServer server = HttpServer.create(new InetSocketAddress(first.getAddress(), port), BACKLOG);
                origins.servers.add(server);
                server.setExecutor(threads);
                server.createContext("/", exchange -> origins.answer(origin, exchange));
                server.start();
                origins.addresses.put(
                        origin.name(),
                        "http://" + host + ":" + server.getAddress().getPort());
            }
            return origins;
        } catch (IOException | RuntimeException failure) {
            origins.close();
            throw failure;
        }
    }

    /** Returns the address of each site by its name. */
    Map<String, String> addresses() {
        return Map.copyOf(addresses);
    }

    private void answer(SitePlan.Origin origin, HttpExchange exchange) throws IOException {
        try {
            switch (exchange.getRequestURI().getPath()) {
                case "/robots.txt" -> answerRobots(origin.name(), exchange);
                case CLOSED -> Answers.send(exchange, 200, TEXT, "User-agent: *\nDisallow: /\n");
                case SitePlan.Origin.PAGE -> Answers.send(exchange, 200, TEXT, origin.reason() + "\n");
                default -> Answers.send(exchange, 404, TEXT, "There is nothing here\n");
            }
        } catch (IOException | RuntimeException failure) {
            exchange.close();
            throw failure;
        }
    }

    private void answerRobots(String name, HttpExchange exchange) throws IOException {
        if (failing.answer(name, exchange)) {
            return;
        }
        if (name.equals("redirect")) {
            exchange.getResponseHeaders().set("Location", CLOSED);
            Answers.send(exchange, 301, TEXT, "It is at " + CLOSED + "\n");
            return;
        }
        Answers.send(exchange, 404, TEXT, "There is no robots.txt here\n");
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
    }
}
