package org.askfirst.registry.grant;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A shared cache by the letter of RFC 9111: it stores what it may store, also answers to requests with a key if they are
 * {@code public}, and reuses what matches {@code Vary}. Answers stay fresh until it is closed.
 */
final class CachingProxy implements AutoCloseable {
    private static final List<String> SENT = List.of("Authorization", "Accept", "Accept-Encoding");
    private static final List<String> RETURNED =
            List.of("Cache-Control", "Vary", "ETag", "Content-Type", "Askfirst-Position", "Askfirst-As-Of");

    private final HttpServer server;
    private final URI origin;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ConcurrentMap<String, List<Stored>> stored = new ConcurrentHashMap<>();
    private final AtomicInteger hits = new AtomicInteger();

    /** A stored answer with the values of the request's headers that {@code Vary} names. */
    private record Stored(Map<String, String> selecting, HttpResponse<byte[]> answer) {}

    private CachingProxy(HttpServer server, URI origin) {
        this.server = server;
        this.origin = origin;
    }

    static CachingProxy before(URI origin) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        CachingProxy proxy = new CachingProxy(server, origin);
        server.createContext("/", proxy::handle);
        server.start();
        return proxy;
    }

    String address() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** Returns the number of requests that were answered from the cache. */
    int hits() {
        return hits.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String target = exchange.getRequestURI().toString();
        HttpResponse<byte[]> answer = null;
        for (Stored one : stored.getOrDefault(target, List.of())) {
            boolean isSelected = one.selecting.entrySet().stream()
                    .allMatch(header -> header.getValue().equals(header(exchange, header.getKey())));
            answer = isSelected ? one.answer : answer;
        }
        if (answer == null) {
            answer = forward(exchange, target);
        } else {
            hits.incrementAndGet();
        }
        for (String name : RETURNED) {
            answer.headers()
                    .firstValue(name)
                    .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
        }
        exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
        exchange.getResponseBody().write(answer.body());
        exchange.close();
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, String target) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(origin.resolve(target));
        for (String name : SENT) {
            String value = header(exchange, name);
            if (!value.isEmpty()) {
                request.header(name, value);
            }
        }
        HttpResponse<byte[]> answer;
        try {
            answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
        String caching = answer.headers().firstValue("Cache-Control").orElse("").toLowerCase(Locale.ROOT);
        boolean isKeyed = !header(exchange, "Authorization").isEmpty();
        boolean mayStore = caching.contains("max-age")
                && !caching.contains("private")
                && !caching.contains("no-store")
                && (!isKeyed || caching.contains("public"));
        List<String> vary = answer.headers().allValues("Vary").stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .map(String::strip)
                .toList();
        if (answer.statusCode() == 200 && mayStore && !vary.contains("*")) {
            Map<String, String> selecting = new ConcurrentHashMap<>();
            vary.forEach(name -> selecting.put(name, header(exchange, name)));
            stored.computeIfAbsent(target, any -> new CopyOnWriteArrayList<>()).add(new Stored(selecting, answer));
        }
        return answer;
    }

    private static String header(HttpExchange exchange, String name) {
        @Nullable String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
