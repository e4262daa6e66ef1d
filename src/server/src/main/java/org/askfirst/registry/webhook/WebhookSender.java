package org.askfirst.registry.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.askfirst.id.PartyId;
import org.askfirst.registry.fetch.DnsBudget;
import org.askfirst.registry.fetch.FetchException;
import org.askfirst.registry.fetch.Fetcher;
import org.askfirst.registry.party.Notices;
import org.jspecify.annotations.Nullable;

/** Signs an event and posts it, once. Each attempt is counted in {@code askfirst.webhooks.deliveries}. */
@Startup
@ApplicationScoped
class WebhookSender {
    private final Fetcher fetcher;
    private final ObjectMapper json;
    private final Clock clock;
    private final Map<Attempt.Outcome, Counter> counters = new EnumMap<>(Attempt.Outcome.class);

    WebhookSender(Fetcher fetcher, ObjectMapper json, Clock clock, MeterRegistry meters) {
        this.fetcher = fetcher;
        this.json = json;
        this.clock = clock;
        for (Attempt.Outcome outcome : Attempt.Outcome.values()) {
            counters.put(
                    outcome,
                    Counter.builder("askfirst.webhooks.deliveries")
                            .description("Attempts to post to webhooks")
                            .tag("outcome", outcome.wireName())
                            .register(meters));
        }
    }

    /**
     * The body of a post.
     *
     * @param data the notice as the API shows it; null if this is a test
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Event(String type, Instant timestamp, String party, Notices.@Nullable NoticeView data) {}

    /** Posts a notice. Each attempt has the same id, so that the receiver can drop what it has received before. */
    Attempt send(PartyId party, Webhooks.Receiver receiver, Notices.NoticeView notice) {
        Event event = new Event("notice." + notice.kind(), notice.time(), party.toString(), notice);
        return send(receiver, "notice_" + notice.id(), event);
    }

    /** Posts an event without a notice. */
    Attempt sendTest(PartyId party, Webhooks.Receiver receiver) {
        Instant now = clock.instant();
        Event event = new Event("test", now, party.toString(), null);
        return send(receiver, "test_" + party + "_" + now.toEpochMilli(), event);
    }

    private Attempt send(Webhooks.Receiver receiver, String id, Event event) {
        byte[] body = bytes(event);
        Instant now = clock.instant();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", String.valueOf(now.getEpochSecond()));
        headers.put("webhook-signature", receiver.secret().sign(id, now, body));
        Attempt attempt = post(receiver, headers, body, now);
        Objects.requireNonNull(counters.get(attempt.outcome())).increment();
        return attempt;
    }

    private Attempt post(Webhooks.Receiver receiver, Map<String, String> headers, byte[] body, Instant now) {
        try {
            return Attempt.answered(now, fetcher.post(receiver.target(), headers, body, new DnsBudget()));
        } catch (FetchException failure) {
            String detail = String.valueOf(failure.getMessage());
            return failure.kind() == FetchException.Kind.TOO_OFTEN
                    ? Attempt.deferred(now, detail)
                    : Attempt.unanswered(now, detail);
        }
    }

    private byte[] bytes(Event event) {
        try {
            return json.writeValueAsBytes(event);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("an event has texts and numbers only", impossible);
        }
    }
}
