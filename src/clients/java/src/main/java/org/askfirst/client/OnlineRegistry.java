package org.askfirst.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.json.CanonicalJson;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Asks a registry in bulk. It waits when the registry's {@code RateLimit} headers tell it to, and tries again after
 * failures that pass. If it can learn nothing, the answer is {@link Decision.Reason#UNREACHABLE}, which is no permission.
 */
public final class OnlineRegistry {
    /** The greatest number of works in one call, and of characters of their subjects. */
    private static final int TOGETHER = 2_000;

    private static final int CHARACTERS = 1 << 20;

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

    private final URI lookups;
    private final @Nullable String key;
    private final Clock clock;
    private final Pause pause;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();

    /** Waits. Tests do not. */
    interface Pause {
        void sleep(Duration time) throws InterruptedException;
    }

    /**
     * Creates a client.
     *
     * @param registry the address of the registry, such as {@code https://registry.example}
     * @param key the API key of the asker; null for none
     */
    public OnlineRegistry(URI registry, @Nullable String key) {
        this(registry, key, Clock.systemUTC(), time -> Thread.sleep(time.toMillis()));
    }

    OnlineRegistry(URI registry, @Nullable String key, Clock clock, Pause pause) {
        String address = registry.toString();
        this.lookups = URI.create((address.endsWith("/") ? address : address + "/") + "v1/lookups?detail=verdict");
        this.key = key;
        this.clock = clock;
        this.pause = pause;
    }

    /**
     * Decides about many works, in their order.
     *
     * @param works for each work its subjects or addresses
     * @param uses the asked uses, at least one
     */
    public List<Decision> decideAll(List<List<String>> works, Collection<Use> uses) {
        List<Decision> decisions = new ArrayList<>(works.size());
        int from = 0;
        int characters = 0;
        for (int at = 0; at < works.size(); at++) {
            int more = works.get(at).stream().mapToInt(String::length).sum();
            if (at > from && (at - from == TOGETHER || characters + more > CHARACTERS)) {
                decisions.addAll(decide(works.subList(from, at), uses));
                from = at;
                characters = 0;
            }
            characters += more;
        }
        if (from < works.size()) {
            decisions.addAll(decide(works.subList(from, works.size()), uses));
        }
        return decisions;
    }

    private List<Decision> decide(List<List<String>> works, Collection<Use> uses) {
        List<Object> items = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < works.size(); i++) {
            List<String> subjects = WorkNames.read(works.get(i)).stream()
                    .map(Subject::canonical)
                    .toList();
            if (!subjects.isEmpty()) {
                items.add(Map.of("id", Integer.toString(i), "subjects", subjects));
                places.add(i);
            }
        }
        List<Decision> decisions = new ArrayList<>();
        works.forEach(work -> decisions.add(Decision.nothing(Decision.Reason.UNREADABLE, clock.instant())));
        if (items.isEmpty()) {
            return decisions;
        }
        String body = CanonicalJson.write(
                Map.of("items", items, "uses", uses.stream().map(Use::wireName).toList()));
        List<Decision> answers = ask(body, places);
        for (int i = 0; i < places.size(); i++) {
            decisions.set(places.get(i), answers.get(i));
        }
        return decisions;
    }

    private List<Decision> ask(String body, List<Integer> places) {
        try {
            for (int i = 0; i < TRIES; i++) {
                Optional<List<Decision>> answers = tryOnce(body, places, i);
                if (answers.isPresent()) {
                    return answers.get();
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return unreachable(places.size());
    }

    private List<Decision> unreachable(int count) {
        Instant now = clock.instant();
        List<Decision> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(Decision.nothing(Decision.Reason.UNREACHABLE, now));
        }
        return all;
    }

    /** Returns the decisions; empty to try again. */
    private Optional<List<Decision>> tryOnce(String body, List<Integer> places, int tries) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(lookups)
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        HttpResponse<InputStream> answer;
        byte[] bytes;
        try {
            answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = new Watched(answer.body(), ANSWER)) {
                bytes = in.readNBytes(MAX_ANSWER_BYTES);
            }
        } catch (IOException unreachable) {
            pause.sleep(backOff(tries));
            return Optional.empty();
        }
        if (answer.statusCode() == TOO_MANY || answer.statusCode() >= SERVER_FAULT) {
            pause.sleep(answer.headers()
                    .firstValue("Retry-After")
                    .map(OnlineRegistry::seconds)
                    .orElse(backOff(tries)));
            return Optional.empty();
        }
        if (answer.statusCode() != OK) {
            // The registry refuses this call, and would again.
            return Optional.of(unreachable(places.size()));
        }
        List<Decision> decisions;
        try {
            decisions = read(new String(bytes, StandardCharsets.UTF_8), places);
        } catch (IllegalArgumentException nonsense) {
            pause.sleep(backOff(tries));
            return Optional.empty();
        }
        pace(answer, places.size());
        return Optional.of(decisions);
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

    /** Returns the decisions of a complete answer. */
    private static List<Decision> read(String json, List<Integer> places) {
        Map<?, ?> answer = CanonicalJson.parseObject(json);
        if (!(answer.get("answers") instanceof List<?> answers)
                || !(answer.get("position") instanceof Long position)
                || !(answer.get("answeredAt") instanceof String answeredAt)
                || answers.size() != places.size()) {
            throw new IllegalArgumentException("the answer is incomplete");
        }
        Instant moment;
        try {
            moment = Instant.parse(answeredAt);
        } catch (DateTimeException none) {
            throw new IllegalArgumentException("the answer has no time", none);
        }
        List<Decision> decisions = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            if (!(answers.get(i) instanceof Map<?, ?> one)
                    || !Integer.toString(places.get(i)).equals(one.get("id"))) {
                throw new IllegalArgumentException("the answers are in another order");
            }
            decisions.add(decision(one, position, moment));
        }
        return decisions;
    }

    private static Decision decision(Map<?, ?> answer, long position, Instant moment) {
        if (answer.get("problem") != null) {
            return Decision.nothing(Decision.Reason.UNREADABLE, moment);
        }
        Verdict verdict = verdict(answer.get("verdict"));
        Map<Use, Verdict> uses = new EnumMap<>(Use.class);
        if (answer.get("verdicts") instanceof Map<?, ?> verdicts) {
            verdicts.forEach(
                    (use, one) -> Use.named(String.valueOf(use)).ifPresent(known -> uses.put(known, verdict(one))));
        }
        return new Decision(
                verdict,
                uses,
                verdict == Verdict.UNKNOWN ? Decision.Reason.NOTHING_DECLARED : Decision.Reason.DECLARED,
                null,
                position,
                moment);
    }

    private static Verdict verdict(@Nullable Object name) {
        for (Verdict verdict : Verdict.values()) {
            if (verdict.wireName().equals(name)) {
                return verdict;
            }
        }
        throw new IllegalArgumentException("the answer has an unknown verdict");
    }
}
