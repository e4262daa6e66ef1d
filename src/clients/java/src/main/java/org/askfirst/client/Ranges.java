package org.askfirst.client;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a registry for everything whose key begins with certain digits. The registry learns these digits, and not which
 * work is meant. Answers are kept as long as the registry allows. Any number of threads may ask.
 */
public final class Ranges {
    /** The registry always accepts so many digits. */
    private static final int DIGITS = 6;

    private static final int KEPT = 4_096;
    private static final long KEPT_BYTES = 64 << 20;
    private static final int MAX_FAILURES = 3;
    private static final int MAX_BYTES = 8 << 20;

    /** So often the ranges of one work are asked again until they are of one moment. */
    private static final int ROUNDS = 3;

    private final RegistryCalls calls;
    private final LongSupplier nanos;
    private final Map<String, RangeAnswer> kept = new LinkedHashMap<>();
    private long keptBytes;

    /**
     * Creates a client.
     *
     * @param registry the address of the registry, such as {@code https://registry.example}
     * @param key the API key of the asker; null for none
     */
    public Ranges(URI registry, @Nullable String key) {
        // A clock that somebody sets must not lengthen the time for which answers are kept.
        this(registry, key, System::nanoTime, time -> Thread.sleep(time.toMillis()));
    }

    Ranges(URI registry, @Nullable String key, LongSupplier nanos, RegistryCalls.Pause pause) {
        this.calls = new RegistryCalls(registry, key, pause);
        this.nanos = nanos;
    }

    /** Returns the digits that are asked for a key with that hexadecimal name. */
    static String prefix(String key) {
        return key.substring(0, DIGITS);
    }

    /**
     * Returns the answers for some prefixes, without those of which nothing could be learned. Each is asked twice at
     * most, the second time past all caches.
     *
     * @param log the log of the registry that may answer
     * @param position the position that an answer must have reached
     */
    Map<String, RangeAnswer> of(Collection<String> prefixes, String log, long position) {
        Map<String, RangeAnswer> answers = new HashMap<>();
        int failures = 0;
        for (String prefix : prefixes) {
            RangeAnswer answer = kept(prefix);
            // If nothing can be learned again and again, the rest is not asked.
            if ((answer == null || answer.position() < position) && failures < MAX_FAILURES) {
                answer = ask(prefix, false).orElse(null);
                if (answer != null && answer.position() < position) {
                    answer = ask(prefix, true).orElse(null);
                }
                failures = answer == null ? failures + 1 : 0;
            }
            // An answer from before the filter's position may lack what the filter already has.
            if (answer != null && answer.position() >= position && answer.log().equals(log)) {
                answers.put(prefix, answer);
            }
        }
        return answers;
    }

    /**
     * Returns the answers as of one moment: all of them hold at one position. Otherwise a statement that moved from one
     * range to another could be missing in both. Those that are too old are asked again, past all caches.
     *
     * @return empty if that does not succeed
     */
    Optional<Map<String, RangeAnswer>> aligned(Map<String, RangeAnswer> answers) {
        Map<String, RangeAnswer> all = new HashMap<>(answers);
        for (int i = 0; i <= ROUNDS; i++) {
            long since =
                    all.values().stream().mapToLong(RangeAnswer::since).max().orElse(0);
            List<String> older = new ArrayList<>();
            all.forEach((prefix, answer) -> {
                if (answer.position() < since) {
                    older.add(prefix);
                }
            });
            if (older.isEmpty()) {
                return Optional.of(all);
            }
            for (String prefix : i == ROUNDS ? List.<String>of() : older) {
                RangeAnswer before = Objects.requireNonNull(all.get(prefix));
                RangeAnswer again = ask(prefix, true).orElse(null);
                if (again == null
                        || again.position() < before.position()
                        || !again.log().equals(before.log())) {
                    return Optional.empty();
                }
                all.put(prefix, again.after(before));
            }
        }
        return Optional.empty();
    }

    private @Nullable RangeAnswer kept(String prefix) {
        synchronized (kept) {
            RangeAnswer answer = kept.get(prefix);
            return answer != null && answer.until() - nanos.getAsLong() > 0 ? answer : null;
        }
    }

    private Optional<RangeAnswer> ask(String prefix, boolean pastCaches) {
        long askedAt = nanos.getAsLong();
        HttpRequest.Builder request = calls.request("v1/range/" + prefix);
        if (pastCaches) {
            request.header("Cache-Control", "no-cache");
        }
        Optional<RangeAnswer> answer = calls.call(
                request.build(), 1, MAX_BYTES, (headers, body) -> RangeAnswer.read(prefix, askedAt, headers, body));
        synchronized (kept) {
            forget(prefix);
            answer.filter(one -> one.until() - nanos.getAsLong() > 0).ifPresent(one -> {
                kept.put(prefix, one);
                keptBytes += one.bytes();
            });
            while (kept.size() > KEPT || keptBytes > KEPT_BYTES) {
                forget(kept.keySet().iterator().next());
            }
        }
        return answer;
    }

    /** Forgets the answer for a key, as time does. For tests. */
    void expire(String key) {
        synchronized (kept) {
            forget(prefix(key));
        }
    }

    private void forget(String prefix) {
        RangeAnswer old = kept.remove(prefix);
        keptBytes -= old == null ? 0 : old.bytes();
    }
}
