package org.askfirst.index;

import org.askfirst.declaration.MandateId;
import org.askfirst.declaration.MandateTerm;
import org.askfirst.declaration.PartyId;
import org.askfirst.declaration.PartyState;
import org.askfirst.subject.Subject;

/** What an entry of the ledger changes in an index. */
public sealed interface Change {
    /** From the posting's position on it is kept about that subject. */
    record Kept(Subject subject, Posting posting) implements Change {}

    /**
     * From a position on a statement about that subject holds no more.
     *
     * @param statedAt the position of the entry that stated it
     * @param position of the entry that ends it
     */
    record Ended(Subject subject, long statedAt, long position) implements Change {}

    /**
     * From a position on, a contact of that party is nobody's address.
     *
     * @param position of the entry that says so
     */
    record Erased(PartyId party, long position) implements Change {}

    /** From a position on what that party proved of that subject, if it did, counts no more. */
    record Lapsed(Subject subject, PartyId party, long position) implements Change {}

    /** From a position on that is held of the party; erasure left aside. */
    record StateOf(PartyId party, PartyState state, long position) implements Change {}

    /** From a position on the mandate stands so. */
    record TermOf(MandateId mandate, MandateTerm term, long position) implements Change {}
}
