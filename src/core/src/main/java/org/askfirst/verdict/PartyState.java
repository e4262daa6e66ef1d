package org.askfirst.verdict;

import java.util.List;
import java.util.Set;
import org.askfirst.id.PartyId;
import org.askfirst.subject.SubjectScheme;

/**
 * What is held of a party at one position of the ledger, beside what it proved control of.
 *
 * @param erased whether what names it was erased, so that its contacts are nobody's address
 * @param verified whether the operator checked who it is
 * @param suspended whether its permissions do not count
 * @param vouchesFor the kinds of subjects it may vouch for
 * @param vouchedBy the bodies that vouch for it; what that is worth depends on their own states
 */
public record PartyState(
        boolean erased, boolean verified, boolean suspended, Set<SubjectScheme> vouchesFor, List<PartyId> vouchedBy) {
    /** Of a party of which nothing is held. */
    public static final PartyState PLAIN = new PartyState(false, false, false, Set.of(), List.of());

    public PartyState {
        vouchesFor = Set.copyOf(vouchesFor);
        vouchedBy = List.copyOf(vouchedBy);
    }

    /** The same, erased or not. */
    public PartyState withErased(boolean now) {
        return now == erased ? this : new PartyState(now, verified, suspended, vouchesFor, vouchedBy);
    }

    /** What follows from a ruling; {@code kinds} matter to {@link PartyDecision#VOUCHING_GRANTED} alone. */
    public PartyState after(PartyDecision ruling, Set<SubjectScheme> kinds) {
        return switch (ruling) {
            case VERIFIED, UNVERIFIED ->
                new PartyState(erased, ruling == PartyDecision.VERIFIED, suspended, vouchesFor, vouchedBy);
            case SUSPENDED, REINSTATED ->
                new PartyState(erased, verified, ruling == PartyDecision.SUSPENDED, vouchesFor, vouchedBy);
            case VOUCHING_GRANTED -> new PartyState(erased, verified, suspended, kinds, vouchedBy);
            case VOUCHING_ENDED -> new PartyState(erased, verified, suspended, Set.of(), vouchedBy);
        };
    }

    /** Whether its word on subjects of this kind stands for others now. */
    public boolean mayVouchFor(SubjectScheme kind) {
        return !suspended && !erased && vouchesFor.contains(kind);
    }

    /**
     * What stands behind its word on subjects of this kind, proofs of control left aside.
     *
     * @param speakers who know the bodies that vouch for it, at the same position
     */
    public Trust trustIn(SubjectScheme kind, PartyRegister speakers) {
        if (verified) {
            return Trust.VERIFIED;
        }
        boolean vouched = mayVouchFor(kind)
                || vouchedBy.stream().anyMatch(body -> speakers.state(body).mayVouchFor(kind));
        return vouched ? Trust.VOUCHED : Trust.ASSERTED;
    }

    /** The most that stands behind its word on any kind of subjects. */
    public Trust trust(PartyRegister speakers) {
        Trust trust = Trust.ASSERTED;
        for (SubjectScheme kind : SubjectScheme.values()) {
            trust = trust.stronger(trustIn(kind, speakers));
        }
        return trust;
    }
}
