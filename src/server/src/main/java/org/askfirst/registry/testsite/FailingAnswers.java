package org.askfirst.registry.testsite;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** The failures that are the same at every path below their address. Any number of threads may call it. */
final class FailingAnswers {
    private static final int OK = 200;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;
    private static final int PROMISED_BYTES = 100_000;
    private static final int MOST_HELD = 500;
    private static final String RETRY_SECONDS = "5";
    private static final String JSON = "application/json";
    private static final String PERMISSION =
            "{\"answers\":[{\"id\":\"0\",\"verdict\":\"allow\",\"verdicts\":{\"ai-training\":\"allow\"}}";

    private final Deque<HttpExchange> held = new ArrayDeque<>();

    /** Fails as that name says. Returns false if the name is not one of these failures. */
    boolean answer(String name, HttpExchange exchange) throws IOException {
        switch (name) {
            case "timeout" -> hold(exchange);
            case "429" -> later(exchange, TOO_MANY);
            case "503" -> later(exchange, UNAVAILABLE);
            case "garbage" -> Answers.send(exchange, OK, JSON, "<!doctype html>\n\0\1\2 allow");
            case "empty" -> Answers.send(exchange, OK, JSON, "");
            case "cut" -> cut(exchange);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void later(HttpExchange exchange, int status) throws IOException {
        exchange.getResponseHeaders().set("Retry-After", RETRY_SECONDS);
        Answers.send(exchange, status, "text/plain; charset=utf-8", "Ask again later.\n");
    }

    /** Keeps the connection open and is silent. If too many are kept, the oldest is closed. */
    private void hold(HttpExchange exchange) {
        HttpExchange oldest = null;
        synchronized (held) {
            held.add(exchange);
            if (held.size() > MOST_HELD) {
                oldest = held.poll();
            }
        }
        if (oldest != null) {
            oldest.close();
        }
    }

    private static void cut(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", JSON);
        exchange.sendResponseHeaders(OK, PROMISED_BYTES);
        // It is closed before the promised bytes are written, so the server closes the connection.
        OutputStream out = exchange.getResponseBody();
        out.write(PERMISSION.getBytes(StandardCharsets.UTF_8));
        out.flush();
        exchange.close();
    }
}
