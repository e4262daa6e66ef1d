package org.askfirst.client;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks a registry for everything whose key begins with certain digits. The registry learns these digits, and not which
 * work is meant. Answers are kept as long as the registry allows. Any number of threads may ask.
 */
public final class Ranges {
    /** The registry always accepts so many digits. */
    private static final int DIGITS = 6;

    private static final int KEPT = 4_096;
    private static final int MAX_FAILURES = 3;

    private final RegistryCalls calls;
    private final Clock clock;
    private final Map<String, RangeAnswer> kept = new LinkedHashMap<>();

    /**
     * Creates a client.
     *
     * @param registry the address of the registry, such as {@code https://registry.example}
     * @param key the API key of the asker; null for none
     */
    public Ranges(URI registry, @Nullable String key) {
        this(registry, key, Clock.systemUTC(), time -> Thread.sleep(time.toMillis()));
    }

    Ranges(URI registry, @Nullable String key, Clock clock, RegistryCalls.Pause pause) {
        this.calls = new RegistryCalls(registry, key, pause);
        this.clock = clock;
    }

    /** Returns the digits that are asked for a key with that hexadecimal name. */
    static String prefix(String key) {
        return key.substring(0, DIGITS);
    }

    /**
     * Returns the answers for some prefixes, without those of which nothing could be learned. Each is asked once at most.
     *
     * @param position the position that an answer must have reached
     */
    Map<String, RangeAnswer> of(Collection<String> prefixes, long position) {
        Map<String, RangeAnswer> answers = new HashMap<>();
        int failures = 0;
        for (String prefix : prefixes) {
            RangeAnswer answer = kept(prefix);
            // If nothing can be learned again and again, the rest is not asked.
            if ((answer == null || answer.position() < position) && failures < MAX_FAILURES) {
                answer = ask(prefix).orElse(null);
                failures = answer == null ? failures + 1 : 0;
            }
            // An answer from before the filter's position may lack what the filter already has.
            if (answer != null && answer.position() >= position) {
                answers.put(prefix, answer);
            }
        }
        return answers;
    }

    private @Nullable RangeAnswer kept(String prefix) {
        synchronized (kept) {
            RangeAnswer answer = kept.get(prefix);
            return answer != null && answer.until().isAfter(clock.instant()) ? answer : null;
        }
    }

    private Optional<RangeAnswer> ask(String prefix) {
        Instant askedAt = clock.instant();
        HttpRequest request = calls.request("v1/range/" + prefix).build();
        Optional<RangeAnswer> answer =
                calls.call(request, 1, (headers, body) -> RangeAnswer.read(prefix, askedAt, headers, body));
        synchronized (kept) {
            kept.remove(prefix);
            answer.filter(one -> one.until().isAfter(clock.instant())).ifPresent(one -> kept.put(prefix, one));
            if (kept.size() > KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
        return answer;
    }
}
