package org.askfirst.verdict;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.askfirst.id.GrantId;

/**
 * A grant of the asker that covers a statement: the statement's party permits the uses to this asker alone.
 *
 * @param id the id of the grant
 * @param leaves the uses below which no other is; an umbrella is replaced by its leaves
 * @param period the time in which the grant is in force, up to its expiry, revocation or supersession, whichever is
 *     first
 */
public record Grant(GrantId id, Set<Use> leaves, Period period) {
    public Grant {
        leaves = Set.copyOf(leaves);
    }

    /** Returns a grant of these uses, with each umbrella replaced by its leaves. */
    public static Grant of(GrantId id, Iterable<Use> uses, Period period) {
        Set<Use> leaves = EnumSet.noneOf(Use.class);
        uses.forEach(use -> leaves.addAll(use.leaves()));
        return new Grant(id, leaves, period);
    }

    /** Returns true if the grant permits the leaf at that moment. */
    boolean permits(Use leaf, Instant moment) {
        return leaves.contains(leaf) && period.contains(moment);
    }
}
