package org.askfirst.registry.webhook;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code WebhookAttempt}: one attempt to post to a webhook.
 *
 * @param status of the receiver's answer; null if there was none
 * @param detail a sentence for people
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Attempt(Instant time, Outcome outcome, @Nullable Integer status, String detail) {
    private static final int OK = 200;
    private static final int REDIRECTION = 300;
    private static final int GONE = 410;

    /** The outcome of an attempt. */
    enum Outcome {
        /** The receiver answered with a status of success. */
        DELIVERED("delivered"),
        /** The receiver answered with another status. */
        REJECTED("rejected"),
        /** The receiver did not answer in time, or must not be contacted. */
        UNANSWERED("unanswered"),
        /** The host received enough posts for now. It is no fault of the receiver, and it is not stored. */
        DEFERRED("deferred");

        private final String wireName;

        Outcome(String wireName) {
            this.wireName = wireName;
        }

        @JsonValue
        String wireName() {
            return wireName;
        }

        static Outcome named(String wireName) {
            return Arrays.stream(values())
                    .filter(outcome -> outcome.wireName.equals(wireName))
                    .findFirst()
                    .orElseThrow();
        }
    }

    static Attempt answered(Instant time, int status) {
        boolean delivered = status >= OK && status < REDIRECTION;
        return new Attempt(
                time,
                delivered ? Outcome.DELIVERED : Outcome.REJECTED,
                status,
                "The receiver answered with status " + status);
    }

    static Attempt unanswered(Instant time, String detail) {
        return new Attempt(time, Outcome.UNANSWERED, null, detail);
    }

    static Attempt deferred(Instant time, String detail) {
        return new Attempt(time, Outcome.DEFERRED, null, detail);
    }

    /** Returns true if the receiver says that it wants no further posts. */
    @JsonIgnore
    boolean isGone() {
        return status != null && status == GONE;
    }
}
