package org.askfirst.verdict;

import java.util.List;
import java.util.Set;
import org.askfirst.id.PartyId;
import org.askfirst.subject.SubjectScheme;
import org.jspecify.annotations.Nullable;

/**
 * The recorded state of a party as of one position of the ledger, without its proofs of control.
 *
 * @param erased true if the party's personal data was erased, so that its contact reaches nobody
 * @param verified true if the operator checked who the party is
 * @param suspended true if the operator suspended the party, so that its permissions do not apply, nor its reservations
 *     of subjects to which its right is not evidenced
 * @param vouchesFor the schemes for which the party may vouch
 * @param vouchedBy the bodies that vouch for the party; whether that counts depends on the bodies' own states
 * @param contactable true if the party has a contact; null if the party never changed its name and contact. Each
 *     statement then records itself if the party had a contact
 * @param contactCheck the answer of the mailbox that is the party's contact; no verdict depends on it
 */
public record PartyState(
        boolean erased,
        boolean verified,
        boolean suspended,
        Set<SubjectScheme> vouchesFor,
        List<PartyId> vouchedBy,
        @Nullable Boolean contactable,
        ContactCheck contactCheck) {
    /** The state of a party about which nothing is recorded. */
    public static final PartyState PLAIN = new PartyState(false, false, false, Set.of(), List.of());

    public PartyState {
        vouchesFor = Set.copyOf(vouchesFor);
        vouchedBy = List.copyOf(vouchedBy);
    }

    /** Creates the state of a party that never changed its name and contact. */
    public PartyState(
            boolean erased,
            boolean verified,
            boolean suspended,
            Set<SubjectScheme> vouchesFor,
            List<PartyId> vouchedBy) {
        this(erased, verified, suspended, vouchesFor, vouchedBy, null, ContactCheck.NONE);
    }

    /** Returns this state with what is recorded about the contact replaced. */
    public PartyState withContact(@Nullable Boolean isContactable, ContactCheck check) {
        return new PartyState(erased, verified, suspended, vouchesFor, vouchedBy, isContactable, check);
    }

    /** Returns true if somebody can be asked about a statement of this party that was made with that contact. */
    public boolean canBeAsked(Contact contact) {
        if (contact == Contact.LICENSE) {
            return true;
        }
        if (erased) {
            return false;
        }
        return contact == Contact.OF_TERMS || (contactable == null ? contact == Contact.OF_PARTY : contactable);
    }

    /** Returns this state with {@code erased} replaced. */
    public PartyState withErased(boolean isErased) {
        return isErased == erased
                ? this
                : new PartyState(isErased, verified, suspended, vouchesFor, vouchedBy, contactable, contactCheck);
    }

    /**
     * Returns the state after a decision of the operator.
     *
     * @param schemes the schemes of {@link PartyDecision#VOUCHING_GRANTED}; ignored for all other decisions
     */
    public PartyState after(PartyDecision decision, Set<SubjectScheme> schemes) {
        return switch (decision) {
            case VERIFIED, UNVERIFIED ->
                new PartyState(
                        erased,
                        decision == PartyDecision.VERIFIED,
                        suspended,
                        vouchesFor,
                        vouchedBy,
                        contactable,
                        contactCheck);
            case SUSPENDED, REINSTATED ->
                new PartyState(
                        erased,
                        verified,
                        decision == PartyDecision.SUSPENDED,
                        vouchesFor,
                        vouchedBy,
                        contactable,
                        contactCheck);
            case VOUCHING_GRANTED ->
                new PartyState(erased, verified, suspended, schemes, vouchedBy, contactable, contactCheck);
            case VOUCHING_ENDED ->
                new PartyState(erased, verified, suspended, Set.of(), vouchedBy, contactable, contactCheck);
        };
    }

    /** Returns true if the party may vouch for others on subjects of this scheme now. */
    public boolean mayVouchFor(SubjectScheme scheme) {
        return !suspended && !erased && vouchesFor.contains(scheme);
    }

    /**
     * Returns the trust in this party's statements on subjects of this scheme, without proofs of control.
     *
     * @param parties the register that has the states of the vouching bodies, as of the same position
     */
    public Trust trustIn(SubjectScheme scheme, PartyRegister parties) {
        if (verified) {
            return Trust.VERIFIED;
        }
        boolean vouched = mayVouchFor(scheme)
                || vouchedBy.stream().anyMatch(body -> parties.state(body).mayVouchFor(scheme));
        return vouched ? Trust.VOUCHED : Trust.ASSERTED;
    }

    /**
     * Returns the highest trust that this party has for any scheme.
     *
     * @param parties the register that has the states of the vouching bodies, as of the same position
     */
    public Trust trust(PartyRegister parties) {
        Trust trust = Trust.ASSERTED;
        for (SubjectScheme scheme : SubjectScheme.values()) {
            trust = trust.stronger(trustIn(scheme, parties));
        }
        return trust;
    }
}
