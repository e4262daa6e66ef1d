package org.askfirst.registry.ledger;

import java.util.List;
import java.util.Map;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.DisputeEntry;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyState;

/**
 * A change that an entry made and does not state itself. An entry has at most one effect.
 *
 * <p>The fold of an entry returns its effect, and followers on the same node use it directly ({@link
 * LedgerGroup#effects}). Readers that come later read effects again from the tables ({@link Projections#effectsOf}).
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
     * The list of a repertoire changed.
     *
     * @param added subjects that were not listed before
     * @param removed subjects that were listed before, each with the position of the entry that listed it
     */
    record ListingChanged(long position, List<Subject> added, Map<Subject, Long> removed) implements Effect {}

    /**
     * The trust in a party changed.
     *
     * @param state its state from this position on; the state does not include erasure
     */
    record PartyStateChanged(long position, PartyId party, PartyState state) implements Effect {}

    /**
     * A mandate changed.
     *
     * @param term its term from this position on
     */
    record MandateTermChanged(long position, MandateId mandate, MandateTerm term) implements Effect {}

    /**
     * The contests of a dispute changed, or stayed as they are.
     *
     * @param ended the contests that ended
     * @param begun the contests that are in force from this position on
     */
    record ContestsChanged(long position, List<DisputeEntry.Contested> ended, List<DisputeEntry.Contested> begun)
            implements Effect {}
}
