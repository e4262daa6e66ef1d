package org.askfirst.registry.trust;

import java.time.Duration;
import java.time.Instant;
import org.askfirst.id.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * The relation of a vouching body to a member: an offer to vouch, or the vouching.
 *
 * @param position the position of the entry from which this state counts
 * @param time the time of the offer or of the acceptance; null if the member was never asked
 * @param mayRecover true if the member lets the body confirm a recovery of its lost keys
 */
public record Membership(
        PartyId body,
        PartyId member,
        State state,
        long position,
        @Nullable Instant time,
        boolean mayRecover) {
    /** An offer that is not accepted within this time lapses. */
    static final Duration OFFER_PERIOD = Duration.ofDays(30);

    /** The states of a membership. */
    public enum State {
        OFFERED("offered"),
        DECLINED("declined"),
        /** The member did not answer the offer in time. */
        LAPSED("lapsed"),
        ACCEPTED("accepted"),
        /** An earlier release recorded it without asking the member. */
        RECORDED("recorded");

        private final String wireName;

        State(String wireName) {
            this.wireName = wireName;
        }

        /** Returns the name of the state in the contract. */
        public String wireName() {
            return wireName;
        }
    }

    /** Returns the membership as it is at the moment, when an offer may have lapsed. */
    Membership at(Instant now) {
        return state == State.OFFERED && !now.isBefore(lapsesAt())
                ? new Membership(body, member, State.LAPSED, position, time, false)
                : this;
    }

    /** Returns true if the body vouches for the member. */
    public boolean isInForce() {
        return state == State.ACCEPTED || state == State.RECORDED;
    }

    /** Returns the time at which the offer lapses or lapsed. Only an offer has it. */
    Instant lapsesAt() {
        if (time == null) {
            throw new IllegalArgumentException("Nobody offered this membership");
        }
        return time.plus(OFFER_PERIOD);
    }
}
