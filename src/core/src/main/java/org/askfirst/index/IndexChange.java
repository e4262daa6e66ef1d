package org.askfirst.index;

import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.ContactCheck;
import org.askfirst.verdict.Contest;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyState;

/** A change that an entry of the ledger makes in an index. */
public sealed interface IndexChange {
    /** From the posting's position on, the posting is stored for that subject. */
    record Kept(Subject subject, Posting posting) implements IndexChange {}

    /** From the listing's position on, the repertoire lists that subject. */
    record RepertoireListed(Subject subject, Listing listing) implements IndexChange {}

    /** From the posting's position on, the statement applies to all subjects that the repertoire lists. */
    record KeptFor(DeclarationId repertoire, Posting posting) implements IndexChange {}

    /**
     * From {@code position} on, the statement made at {@code statedAt} no longer applies to subjects in the repertoire.
     */
    record EndedFor(DeclarationId repertoire, long statedAt, long position) implements IndexChange {}

    /**
     * From {@code position} on, a statement on that subject is not in force any longer, or a repertoire does not list
     * the subject any longer.
     *
     * @param subject the subject
     * @param statedAt the position of the entry that stated or listed it
     * @param position the position of the entry that ends it
     */
    record Ended(Subject subject, long statedAt, long position) implements IndexChange {}

    /**
     * From {@code position} on, the contact of that party is erased and reaches nobody.
     *
     * @param party the party
     * @param position the position of the entry of the erasure
     */
    record Erased(PartyId party, long position) implements IndexChange {}

    /**
     * At {@code position}, the party changed its name and contact.
     *
     * @param contactable true if somebody can ask the party from then on
     * @param sameContact true if the contact is the one before, so that the answer of its mailbox still counts
     */
    record Described(PartyId party, boolean contactable, boolean sameContact, long position) implements IndexChange {}

    /** At {@code position}, the mailbox that is the contact of the party answered. */
    record ContactChecked(PartyId party, ContactCheck check, long position) implements IndexChange {}

    /**
     * From {@code position} on, that party's proof of control of the subject is revoked. Without a proof, nothing
     * changes.
     */
    record Lapsed(Subject subject, PartyId party, long position) implements IndexChange {}

    /** From the contest's position on, it is stored for that subject. */
    record Contested(Subject subject, Contest contest) implements IndexChange {}

    /**
     * From {@code position} on, a contest of that subject is not in force any longer.
     *
     * @param contestedAt the position of the contest
     * @param position the position of the entry that ends it
     */
    record ContestEnded(Subject subject, long contestedAt, long position) implements IndexChange {}

    /** From {@code position} on, the party has that state. The state's {@code erased} and its contact are ignored. */
    record StateOf(PartyId party, PartyState state, long position) implements IndexChange {}

    /** From {@code position} on, the mandate has those parties and that period. */
    record TermOf(MandateId mandate, MandateTerm term, long position) implements IndexChange {}
}
