package org.askfirst.registry.ledger;

import java.util.List;

/** The entries that one transaction appended, in order, with their effects. A group is equal only to itself. */
public final class LedgerGroup {
    private final List<LedgerEntry> entries;
    private final List<Effect> effects;

    LedgerGroup(List<LedgerEntry> entries, List<Effect> effects) {
        this.entries = List.copyOf(entries);
        this.effects = List.copyOf(effects);
    }

    /** Returns a group of one entry that was recorded before, without its effects. */
    public static LedgerGroup of(LedgerEntry entry) {
        return new LedgerGroup(List.of(entry), List.of());
    }

    /** Returns the entries, at least one, with consecutive positions. */
    public List<LedgerEntry> entries() {
        return entries;
    }

    /** Returns the effects that the folds of the entries returned, in the order of positions. */
    public List<Effect> effects() {
        return effects;
    }
}
