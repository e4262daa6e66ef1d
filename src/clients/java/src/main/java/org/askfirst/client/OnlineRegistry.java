package org.askfirst.client;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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

    private final RegistryCalls calls;
    private final Clock clock;

    /**
     * Creates a client.
     *
     * @param registry the address of the registry, such as {@code https://registry.example}
     * @param key the API key of the asker; null for none
     */
    public OnlineRegistry(URI registry, @Nullable String key) {
        this(registry, key, Clock.systemUTC(), time -> Thread.sleep(time.toMillis()));
    }

    OnlineRegistry(URI registry, @Nullable String key, Clock clock, RegistryCalls.Pause pause) {
        this.calls = new RegistryCalls(registry, key, pause);
        this.clock = clock;
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
        HttpRequest request = calls.request("v1/lookups?detail=verdict")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return calls.call(request, places.size(), (headers, answer) -> read(answer, places))
                .orElseGet(() -> unreachable(places.size()));
    }

    private List<Decision> unreachable(int count) {
        Instant now = clock.instant();
        List<Decision> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(Decision.nothing(Decision.Reason.UNREACHABLE, now));
        }
        return all;
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
        Object problem = answer.get("problem");
        if (problem != null) {
            Object status = problem instanceof Map<?, ?> members ? members.get("status") : null;
            // Only these are about the names of the work. After any other, nothing is known of it.
            boolean isUnreadable =
                    Long.valueOf(400).equals(status) || Long.valueOf(422).equals(status);
            return Decision.nothing(isUnreadable ? Decision.Reason.UNREADABLE : Decision.Reason.UNREACHABLE, moment);
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
