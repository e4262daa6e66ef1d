package org.askfirst.registry.journey;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A relay between a browser and the service. It passes everything on until a test tells it to break the connection or to
 * say that there were too many requests.
 */
final class Gate implements AutoCloseable {
    private static final Set<String> NOT_PASSED_ON =
            Set.of("connection", "content-length", "host", "transfer-encoding", "upgrade", "expect", "accept-encoding");

    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Service service;
    private final HttpServer server;
    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> refused = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> cut = new ConcurrentHashMap<>();

    private Gate(Service service, HttpServer server) {
        this.service = service;
        this.server = server;
    }

    static Gate to(Service service) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Gate gate = new Gate(service, server);
        server.createContext("/", gate::pass);
        server.setExecutor(gate.threads);
        server.start();
        return gate;
    }

    URI uri(String path) {
        return URI.create("http://localhost:" + server.getAddress().getPort() + path);
    }

    /**
     * Breaks every connection with that method, until it is {@linkplain #mend mended}. A browser tries again by itself, without
     * telling the page, as often as it has connections that it kept: to break a few is to break none.
     */
    void breakAll(String method) {
        broken.add(method);
    }

    /** Passes everything on again. */
    void mend() {
        broken.clear();
    }

    /** Answers the next requests of that method and path that there were too many. */
    void refuseNext(String methodAndPath, int times) {
        refused.put(methodAndPath, new AtomicInteger(times));
    }

    /** Passes the next request of that method and path on, and breaks the connection in the middle of the answer. */
    void cutNext(String methodAndPath) {
        cut.put(methodAndPath, new AtomicInteger(1));
    }

    /** Returns true if everything was refused that should be. */
    boolean isSpent() {
        return refused.values().stream().allMatch(left -> left.get() <= 0);
    }

    private static boolean takes(Map<String, AtomicInteger> wanted, String name) {
        AtomicInteger left = wanted.get(name);
        return left != null && left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String method = exchange.getRequestMethod();
            if (broken.contains(method)) {
                // Closed without an answer.
                return;
            }
            if (takes(refused, method + " " + exchange.getRequestURI().getPath())) {
                answer(
                        exchange,
                        429,
                        Map.of("Content-Type", List.of("application/problem+json"), "Retry-After", List.of("1")),
                        "{\"type\":\"https://askfirst.org/problems/too-many-requests\",\"status\":429,\"detail\":\"Wait\"}"
                                .getBytes(StandardCharsets.UTF_8),
                        false);
                return;
            }
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            service.uri(exchange.getRequestURI().toString()))
                    .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
            exchange.getRequestHeaders().forEach((name, values) -> {
                if (!NOT_PASSED_ON.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                    values.forEach(value -> request.header(name, value));
                }
            });
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            boolean cuts = takes(cut, method + " " + exchange.getRequestURI().getPath());
            answer(exchange, response.statusCode(), response.headers().map(), response.body(), cuts);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(
            HttpExchange exchange, int status, Map<String, List<String>> headers, byte[] body, boolean cuts)
            throws IOException {
        headers.forEach((name, values) -> {
            if (!NOT_PASSED_ON.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body, 0, cuts ? body.length / 2 : body.length);
                out.flush();
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
