package org.askfirst.index;

import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyState;

/** What an entry of the ledger changes in an index. */
public sealed interface IndexChange {
    /** From the posting's position on it is kept about that subject. */
    record Kept(Subject subject, Posting posting) implements IndexChange {}

    /** From the listing's position on its repertoire lists that subject. */
    record RepertoireListed(Subject subject, Listing listing) implements IndexChange {}

    /** From the posting's position on that is said of whatever the repertoire lists. */
    record KeptFor(DeclarationId repertoire, Posting posting) implements IndexChange {}

    /** From a position on what was stated at another is said of nothing that the repertoire lists any more. */
    record EndedFor(DeclarationId repertoire, long statedAt, long position) implements IndexChange {}

    /**
     * From a position on a statement about that subject holds no more, or it is listed no more.
     *
     * @param statedAt the position of the entry that stated or listed it
     * @param position of the entry that ends it
     */
    record Ended(Subject subject, long statedAt, long position) implements IndexChange {}

    /**
     * From a position on, a contact of that party is nobody's address.
     *
     * @param position of the entry that says so
     */
    record Erased(PartyId party, long position) implements IndexChange {}

    /** From a position on what that party proved of that subject, if it did, counts no more. */
    record Lapsed(Subject subject, PartyId party, long position) implements IndexChange {}

    /** From a position on that is held of the party; erasure left aside. */
    record StateOf(PartyId party, PartyState state, long position) implements IndexChange {}

    /** From a position on the mandate stands so. */
    record TermOf(MandateId mandate, MandateTerm term, long position) implements IndexChange {}
}
