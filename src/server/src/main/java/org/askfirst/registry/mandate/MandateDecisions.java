package org.askfirst.registry.mandate;

import java.time.Instant;
import java.util.Optional;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.Mandate;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.mandate.Mandates.RecordedMandate;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may change a mandate, and which declarations a mandate allows. Pure: {@link MandateRules} reads the
 * mandates. Each method returns the refusal; empty if the act is allowed.
 */
final class MandateDecisions {
    private MandateDecisions() {}

    /** A society and its member are two parties. */
    static Optional<ProblemException> offer(Mandate terms) {
        return terms.society().equals(terms.member())
                ? refuse("/member", Reason.OWN_PARTY, "nobody needs a mandate to speak for itself")
                : Optional.empty();
    }

    /** Only the side to which a mandate was offered accepts or declines it, and only once. */
    static Optional<ProblemException> answer(RecordedMandate mandate, PartyId party) {
        boolean side = party.equals(mandate.terms().society())
                || party.equals(mandate.terms().member());
        if (!side || party.equals(mandate.offeredBy())) {
            return Optional.of(
                    Problem.FORBIDDEN.because("It is for the other side of the mandate to accept or decline"));
        }
        if (mandate.state() != Mandates.State.OFFERED) {
            return Optional.of(Problem.MANDATE_DECIDED.because(
                    "The mandate is " + mandate.state().wireName() + " already"));
        }
        return Optional.empty();
    }

    /**
     * Only the member ends a mandate; its society does until the member is known. A mandate that has an end gets only an
     * earlier one.
     *
     * @param until when it is to end; null for now
     */
    static Optional<ProblemException> withdrawal(
            RecordedMandate mandate, PartyId party, @Nullable Instant until, Instant now) {
        PartyId member = mandate.terms().member();
        PartyId alone = member == null ? mandate.terms().society() : member;
        Instant end = mandate.terms().period().to();
        if (!party.equals(alone)) {
            return Optional.of(Problem.FORBIDDEN.because(
                    member == null
                            ? "Only the society that recorded this mandate may end it, until its member is known"
                            : "Only the member may withdraw the mandate"));
        }
        if (mandate.state() == Mandates.State.OFFERED || mandate.state() == Mandates.State.DECLINED) {
            return Optional.of(Problem.MANDATE_DECIDED.because(
                    "The mandate is " + mandate.state().wireName() + "; there is nothing to withdraw"));
        }
        if (end != null && !end.isAfter(until == null ? now : until)) {
            return Optional.of(Problem.MANDATE_DECIDED.because("The mandate ends at " + end + " already"));
        }
        return Optional.empty();
    }

    /** Another party than the society claims a mandate, and only while it has no member. */
    static Optional<ProblemException> claim(RecordedMandate mandate, PartyId party) {
        if (mandate.terms().member() != null) {
            return Optional.of(Problem.NOT_FOUND.because("No mandate waits to be claimed with this code"));
        }
        return party.equals(mandate.terms().society())
                ? Optional.of(Problem.FORBIDDEN.because("A society is not its own member"))
                : Optional.empty();
    }

    /**
     * A declaration stays under the mandate under which it was made, or under none.
     *
     * @param before the mandate of the declaration that it amends; null if that has none, or if the declaration is new
     * @param mandate the mandate that it names; null if it names none, or there is no such mandate
     */
    static Optional<ProblemException> statement(
            DeclarationEntry.Stated stated,
            @Nullable RecordedMandate before,
            @Nullable RecordedMandate mandate,
            Instant now) {
        MandateId named = stated.content().mandate();
        if (before != null && !before.holdsAt(now)) {
            return ended(before, stated.party());
        }
        if (before != null && !before.id().equals(named)) {
            return refuse(
                    "/mandate", Reason.FIXED, "it was said under mandate " + before.id() + ", and stays under it");
        }
        if (before == null && stated.amends() && named != null) {
            return refuse(
                    "/mandate",
                    Reason.FIXED,
                    "a declaration that a party made for itself cannot come under a mandate; declare anew");
        }
        return named == null ? Optional.empty() : under(mandate, stated, now);
    }

    private static Optional<ProblemException> under(
            @Nullable RecordedMandate mandate, DeclarationEntry.Stated stated, Instant now) {
        if (mandate == null || !mandate.terms().society().equals(stated.party())) {
            return refuse("/mandate", Reason.UNKNOWN_MANDATE, "this party has no such mandate");
        }
        if (!mandate.holdsAt(now)) {
            return refuse("/mandate", Reason.MANDATE_NOT_IN_FORCE, "the mandate does not hold now");
        }
        return mandate.terms().objectionTo(stated.content()).flatMap(objection -> refuse("/mandate", objection));
    }

    /** While a mandate is in force, its society withdraws; afterwards its member does, in the society's name. */
    static boolean isTakenBackByMember(DeclarationEntry.Withdrawn withdrawn, RecordedMandate mandate, Instant now) {
        return !mandate.holdsAt(now) && withdrawn.party().equals(mandate.terms().member());
    }

    /** A declaration under a mandate does not change after the mandate has ended. */
    static Optional<ProblemException> change(DeclarationEntry entry, RecordedMandate mandate, Instant now) {
        return mandate.holdsAt(now) ? Optional.empty() : ended(mandate, entry.party());
    }

    /** A list changes while its mandate is in force, and gains only what the mandate reaches. */
    static Optional<ProblemException> list(DeclarationEntry.Listed listed, RecordedMandate mandate, Instant now) {
        return change(listed, mandate, now)
                .or(() -> mandate.terms()
                        .objectionTo(listed.added())
                        .flatMap(objection -> refuse("/add", objection)));
    }

    /** The refusal of a change after the mandate has ended: the society's, and all of the member's but a withdrawal. */
    private static Optional<ProblemException> ended(RecordedMandate mandate, PartyId party) {
        return Optional.of(
                party.equals(mandate.terms().member())
                        ? Problem.FORBIDDEN.because("Withdraw what your society said, and declare anew yourself")
                        : Problem.FORBIDDEN.at(
                                "",
                                Reason.MANDATE_ENDED,
                                "The mandate under which this was said has ended; the member alone can take it back"));
    }

    private static Optional<ProblemException> refuse(String pointer, Reason reason, String fault) {
        return Optional.of(Problem.INVALID_REQUEST.at(pointer, reason, fault));
    }

    private static Optional<ProblemException> refuse(String pointer, Mandate.Objection objection) {
        return refuse(pointer, objection.reason(), objection.detail());
    }
}
