package org.askfirst.registry.testsite;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes answers. */
final class Answers {
    private static final int PARTIAL = 206;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,9})-");

    private Answers() {}

    /** Sends a text. */
    static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        send(exchange, status, type, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes; for HEAD, only the headers. */
    static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type);
        headers.set("Cache-Control", "no-store");
        if (exchange.getRequestMethod().equals("HEAD")) {
            headers.set("Content-Length", String.valueOf(body.length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
        exchange.close();
    }

    /** Sends a file, from the byte on that the request asks for. */
    static void sendFile(HttpExchange exchange, String type, byte[] file) throws IOException {
        String asked = exchange.getRequestHeaders().getFirst("Range");
        Matcher range = RANGE.matcher(asked == null ? "" : asked);
        int from = range.matches() ? Integer.parseInt(range.group(1)) : 0;
        if (from == 0 || from >= file.length) {
            send(exchange, 200, type, file);
            return;
        }
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes " + from + "-" + (file.length - 1) + "/" + file.length);
        send(exchange, PARTIAL, type, Arrays.copyOfRange(file, from, file.length));
    }
}
