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
                ? refuse("/member", Reason.OWN_PARTY, "a party needs no mandate to declare for itself")
                : Optional.empty();
    }

    /** Only the side to which a mandate was offered accepts or declines it, and only once. */
    static Optional<ProblemException> answer(RecordedMandate mandate, PartyId party) {
        boolean side = party.equals(mandate.terms().society())
                || party.equals(mandate.terms().member());
        if (!side || party.equals(mandate.offeredBy())) {
            return Optional.of(Problem.FORBIDDEN.because(
                    "Only the party to which the mandate was offered can accept or decline it"));
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
        PartyId entitled = member == null ? mandate.terms().society() : member;
        Instant end = mandate.terms().period().to();
        if (!party.equals(entitled)) {
            return Optional.of(Problem.FORBIDDEN.because(
                    member == null
                            ? "Until the member claims this mandate, only the society that recorded it may end it"
                            : "Only the member may withdraw the mandate"));
        }
        if (mandate.state() == Mandates.State.OFFERED || mandate.state() == Mandates.State.DECLINED) {
            return Optional.of(Problem.MANDATE_DECIDED.because(
                    "The mandate is " + mandate.state().wireName() + "; there is nothing to withdraw"));
        }
        if (end != null && !end.isAfter(until == null ? now : until)) {
            return Optional.of(Problem.MANDATE_DECIDED.because("The mandate already ends at " + end));
        }
        return Optional.empty();
    }

    /** Another party than the society claims a mandate, and only while it has no member. */
    static Optional<ProblemException> claim(RecordedMandate mandate, PartyId party) {
        if (mandate.terms().member() != null) {
            return Optional.of(Problem.NOT_FOUND.because("There is no unclaimed mandate with this code"));
        }
        return party.equals(mandate.terms().society())
                ? Optional.of(Problem.FORBIDDEN.because("A society cannot be its own member"))
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
        if (before != null && !before.isInForceAt(now)) {
            return ended(before, stated.party());
        }
        if (before != null && !before.id().equals(named)) {
            return refuse(
                    "/mandate",
                    Reason.FIXED,
                    "the declaration was made under mandate " + before.id() + "; an amendment cannot change this");
        }
        if (before == null && stated.amends() && named != null) {
            return refuse(
                    "/mandate",
                    Reason.FIXED,
                    "the party made this declaration for itself; make a new declaration under the mandate");
        }
        return named == null ? Optional.empty() : under(mandate, stated, now);
    }

    private static Optional<ProblemException> under(
            @Nullable RecordedMandate mandate, DeclarationEntry.Stated stated, Instant now) {
        if (mandate == null || !mandate.terms().society().equals(stated.party())) {
            return refuse("/mandate", Reason.UNKNOWN_MANDATE, "this party has no such mandate");
        }
        if (!mandate.isInForceAt(now)) {
            return refuse("/mandate", Reason.MANDATE_NOT_IN_FORCE, "the mandate is not in force now");
        }
        return mandate.terms().objectionTo(stated.content()).flatMap(objection -> refuse("/mandate", objection));
    }

    /** True if the member withdraws, on behalf of its society: only after the mandate has ended. */
    static boolean isWithdrawnByMember(DeclarationEntry.Withdrawn withdrawn, RecordedMandate mandate, Instant now) {
        return !mandate.isInForceAt(now)
                && withdrawn.party().equals(mandate.terms().member());
    }

    /** A declaration under a mandate does not change after the mandate has ended. */
    static Optional<ProblemException> change(DeclarationEntry entry, RecordedMandate mandate, Instant now) {
        return mandate.isInForceAt(now) ? Optional.empty() : ended(mandate, entry.party());
    }

    /** A list changes while its mandate is in force, and gains only what the mandate reaches. */
    static Optional<ProblemException> list(DeclarationEntry.Listed listed, RecordedMandate mandate, Instant now) {
        return change(listed, mandate, now)
                .or(() -> mandate.terms().objectionTo(listed.added()).flatMap(objection -> refuse("/add", objection)));
    }

    /** Refuses a change after the mandate has ended: each by the society, and each by the member except a withdrawal. */
    private static Optional<ProblemException> ended(RecordedMandate mandate, PartyId party) {
        return Optional.of(
                party.equals(mandate.terms().member())
                        ? Problem.FORBIDDEN.because(
                                "You cannot amend your society's declaration; withdraw it and make your own")
                        : Problem.FORBIDDEN.at(
                                "",
                                Reason.MANDATE_ENDED,
                                "The mandate of this declaration has ended; only the member can withdraw the"
                                        + " declaration"));
    }

    private static Optional<ProblemException> refuse(String pointer, Reason reason, String fault) {
        return Optional.of(Problem.INVALID_REQUEST.at(pointer, reason, fault));
    }

    private static Optional<ProblemException> refuse(String pointer, Mandate.Objection objection) {
        return refuse(pointer, objection.reason(), objection.detail());
    }
}
