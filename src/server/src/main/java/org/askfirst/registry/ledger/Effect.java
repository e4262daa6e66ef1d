package org.askfirst.registry.ledger;

import java.util.List;
import java.util.Map;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyState;

/**
 * A change that an entry made, where the entry alone does not tell it. An entry has one effect at most.
 *
 * <p>The fold of an entry returns it, and followers on the same node use it as it is ({@link LedgerGroup#effects}).
 * Whoever reads entries later reads it again from the tables ({@link Projections#effectsOf}).
 */
public sealed interface Effect {
    /** The position of the entry that made the change. */
    long position();

    /**
     * A statement ended, because it was amended or withdrawn.
     *
     * @param statedAt the position of the entry that made the statement
     * @param stated that entry
     */
    record StatementEnded(long position, long statedAt, DeclarationEntry.Stated stated) implements Effect {}

    /**
     * A repertoire lists other subjects.
     *
     * @param added subjects that were not listed before
     * @param removed subjects that were listed before, each with the position of the entry that had listed it
     */
    record ListingChanged(long position, List<Subject> added, Map<Subject, Long> removed) implements Effect {}

    /**
     * The trust in a party changed.
     *
     * @param state its state from this position on, erasure left aside
     */
    record PartyStateChanged(long position, PartyId party, PartyState state) implements Effect {}

    /**
     * A mandate changed.
     *
     * @param term its term from this position on
     */
    record MandateTermChanged(long position, MandateId mandate, MandateTerm term) implements Effect {}
}
