package org.askfirst.verdict;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Expansion;

/**
 * The contests of statements about one subject and about everything that reaches it. Used by one thread.
 *
 * <p>This class is the only place of these rules:
 *
 * <ul>
 *   <li>A contest of a subject reaches the respondent's statements about this subject and about what it contains.
 *   <li>A rejection counts only against a statement without evidence, and only while the challenger's right to the
 *       contested subject is evidenced and the challenger is not suspended. The statement is contested at first. From the end of the respondent's time on,
 *       it is set aside.
 *   <li>A dispute makes a statement contested while the challenger is neither suspended nor closed. If the respondent's
 *       time ends without an answer, the plain permissions that were stated before the contest end; all of a statement
 *       is set aside only under the conditions of a rejection. Otherwise the dispute is over then.
 *   <li>A decision against a statement sets it aside at once, with evidence or without.
 * </ul>
 */
public final class Contests {
    private final Expansion expansion;
    private final ControlEvidence controls;
    private final PartyRegister parties;
    private List<Found> contests = List.of();

    private record Found(int entry, boolean otherSubject, Contest contest) {}

    /**
     * Creates a set without contests.
     *
     * @param controls the evidence of rights to the entries of the expansion
     * @param parties the states of parties
     */
    public Contests(Expansion expansion, ControlEvidence controls, PartyRegister parties) {
        this.expansion = expansion;
        this.controls = controls;
        this.parties = parties;
    }

    /**
     * Adds a contest that was found under that entry of the expansion.
     *
     * @param otherSubject true if the contested subject is not that of the entry, but is stored under its key too
     */
    public void add(int entry, boolean otherSubject, Contest contest) {
        if (contests.isEmpty()) {
            contests = new ArrayList<>(2);
        }
        contests.add(new Found(entry, otherSubject, contest));
    }

    /**
     * Returns what the contests mean for a statement.
     *
     * @param party the party that makes the statement
     * @param position the position at which it was stated, as {@link Statement#position}
     * @param entry the entry under which the statement was found
     * @param otherSubject true if the declared subject is not that of the entry
     * @param isOtherSpelling true if the statement is about another spelling of an address
     * @param evidenced true if the right of the statement's party is evidenced
     */
    public ContestState of(
            PartyId party, long position, int entry, boolean otherSubject, boolean isOtherSpelling, boolean evidenced) {
        if (contests.isEmpty()) {
            return ContestState.NONE;
        }
        ContestState state = ContestState.NONE;
        for (Found one : contests) {
            if (one.contest.respondent().equals(party) && reaches(one, entry, otherSubject, isOtherSpelling)) {
                PartyId challenger = one.contest.challenger();
                boolean isAgainstUnproved = !evidenced
                        && challenger != null
                        && !parties.state(challenger).suspended()
                        && controls.of(one.entry, isOtherSpelling, challenger) == Control.PROVED
                        && !expansion.isShared(one.entry);
                state = state.and(effect(one.contest, position, isAgainstUnproved));
            }
        }
        return state;
    }

    private boolean reaches(Found one, int entry, boolean otherSubject, boolean isOtherSpelling) {
        if (one.entry == entry) {
            return one.otherSubject == otherSubject;
        }
        return !one.otherSubject
                && (isOtherSpelling
                        ? expansion.containsEverySpelling(one.entry)
                        : expansion.contains(one.entry, entry));
    }

    private ContestState effect(Contest contest, long position, boolean isAgainstUnproved) {
        Instant endsAt = contest.endsAt();
        return switch (contest.kind()) {
            case REJECTED -> isAgainstUnproved ? new ContestState(endsAt, null, endsAt) : ContestState.NONE;
            case DISPUTED ->
                isOfSuspendedOrClosed(contest)
                        ? ContestState.NONE
                        : new ContestState(
                                Objects.requireNonNullElse(endsAt == null ? contest.lapsesAt() : endsAt, Instant.MAX),
                                position < contest.position() ? endsAt : null,
                                isAgainstUnproved ? endsAt : null);
            case SET_ASIDE -> new ContestState(null, null, Instant.MIN);
        };
    }

    private boolean isOfSuspendedOrClosed(Contest contest) {
        PartyId challenger = contest.challenger();
        if (challenger == null) {
            return false;
        }
        PartyState state = parties.state(challenger);
        return state.suspended() || state.erased();
    }
}
