package org.askfirst.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Calls of a registry. It waits when the registry's {@code RateLimit} headers tell it to, and tries again after failures
 * that pass. Any number of threads may call.
 */
final class RegistryCalls {
    private static final int TRIES = 6;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);
    private static final int MAX_ANSWER_BYTES = 64 << 20;
    private static final int OK = 200;
    private static final int TOO_MANY = 429;
    private static final int SERVER_FAULT = 500;
    private static final Pattern LEFT = Pattern.compile("(?:^|;)\\s*r=(\\d{1,12})");
    private static final Pattern RESETS = Pattern.compile("(?:^|;)\\s*t=(\\d{1,9})");

    private final String address;
    private final @Nullable String key;
    private final Pause pause;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();

    /** True if the last call failed after all attempts. Then the next one tries once. */
    private volatile boolean isDown;

    /** Waits. Tests do not. */
    interface Pause {
        void sleep(Duration time) throws InterruptedException;
    }

    /** Reads a complete answer. */
    interface Reading<T> {
        /**
         * Returns the content.
         *
         * @throws IllegalArgumentException if it is none
         */
        T read(HttpHeaders headers, String body);
    }

    /**
     * Creates them.
     *
     * @param registry the address of the registry
     * @param key the API key of the asker; null for none
     */
    RegistryCalls(URI registry, @Nullable String key, Pause pause) {
        String text = registry.toString();
        this.address = text.endsWith("/") ? text : text + "/";
        this.key = key;
        this.pause = pause;
    }

    /** Returns a request of that path, which begins with {@code v1/}. */
    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + path))
                .timeout(ANSWER)
                .header("Accept", "application/json");
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }

    /**
     * Returns the content of the answer; empty if nothing can be learned.
     *
     * @param cost what the call takes from the quota
     */
    <T> Optional<T> call(HttpRequest request, int cost, Reading<T> reading) {
        return call(request, cost, MAX_ANSWER_BYTES, reading);
    }

    /**
     * Returns the content of the answer; empty if nothing can be learned.
     *
     * @param cost what the call takes from the quota
     * @param most the most bytes that the answer may have
     */
    <T> Optional<T> call(HttpRequest request, int cost, int most, Reading<T> reading) {
        int tries = isDown ? 1 : TRIES;
        try {
            for (int i = 0; i < tries; i++) {
                Optional<Attempt<T>> attempt = tryOnce(request, cost, most, reading, i);
                if (attempt.isPresent()) {
                    isDown = false;
                    return Optional.ofNullable(attempt.get().content);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        isDown = true;
        return Optional.empty();
    }

    /**
     * The end of a call.
     *
     * @param content null if the registry refuses
     */
    private record Attempt<T>(@Nullable T content) {}

    /** Returns the end of the call; empty to try again. */
    private <T> Optional<Attempt<T>> tryOnce(HttpRequest request, int cost, int most, Reading<T> reading, int tries)
            throws InterruptedException {
        HttpResponse<InputStream> answer;
        byte[] bytes;
        try {
            answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = new Watched(answer.body(), ANSWER)) {
                bytes = in.readNBytes(most + 1);
            }
            if (bytes.length > most) {
                throw new IOException("the answer is too long");
            }
        } catch (IOException unreachable) {
            pause.sleep(backOff(tries));
            return Optional.empty();
        }
        if (answer.statusCode() == TOO_MANY || answer.statusCode() >= SERVER_FAULT) {
            pause.sleep(answer.headers()
                    .firstValue("Retry-After")
                    .map(RegistryCalls::seconds)
                    .orElse(backOff(tries)));
            return Optional.empty();
        }
        if (answer.statusCode() != OK) {
            // The registry refuses this call, and would again.
            return Optional.of(new Attempt<>(null));
        }
        T content;
        try {
            content = reading.read(answer.headers(), new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException nonsense) {
            pause.sleep(backOff(tries));
            return Optional.empty();
        }
        pace(answer, cost);
        return Optional.of(new Attempt<>(content));
    }

    /** Waits until the quota has refilled if less than the next call is left. */
    private void pace(HttpResponse<?> answer, int next) throws InterruptedException {
        String limit = answer.headers().firstValue("RateLimit").orElse("");
        Matcher left = LEFT.matcher(limit);
        Matcher resets = RESETS.matcher(limit);
        if (left.find() && resets.find() && Long.parseLong(left.group(1)) < next) {
            pause.sleep(seconds(resets.group(1)));
        }
    }

    private static Duration seconds(String text) {
        try {
            Duration asked = Duration.ofSeconds(Long.parseLong(text.strip()));
            return asked.isNegative() || asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
        } catch (NumberFormatException date) {
            return LONGEST_WAIT;
        }
    }

    private static Duration backOff(int tries) {
        return Duration.ofMillis(500L << Math.min(tries, 6));
    }
}
