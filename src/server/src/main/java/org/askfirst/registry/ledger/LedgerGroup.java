package org.askfirst.registry.ledger;

import java.util.List;

/** The entries that one transaction appended, in order, with their effects; equal only to itself. */
public final class LedgerGroup {
    private final List<LedgerEntry> entries;
    private final List<Effect> effects;

    LedgerGroup(List<LedgerEntry> entries, List<Effect> effects) {
        this.entries = List.copyOf(entries);
        this.effects = List.copyOf(effects);
    }

    /** A group of one that was recorded before, and whose effects nobody asks for. */
    public static LedgerGroup of(LedgerEntry entry) {
        return new LedgerGroup(List.of(entry), List.of());
    }

    /** The entries, with consecutive positions; at least one. */
    public List<LedgerEntry> entries() {
        return entries;
    }

    /** The effects that the folds of the entries returned, in the order of positions. */
    public List<Effect> effects() {
        return effects;
    }
}
