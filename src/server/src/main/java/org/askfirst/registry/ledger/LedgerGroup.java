package org.askfirst.registry.ledger;

import java.util.List;

/** The entries that one transaction appended, in order; equal only to itself. */
public final class LedgerGroup {
    private final List<LedgerEntry> entries;

    LedgerGroup(List<LedgerEntry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** A group of one. */
    public static LedgerGroup of(LedgerEntry entry) {
        return new LedgerGroup(List.of(entry));
    }

    /** The entries, with consecutive positions; at least one. */
    public List<LedgerEntry> entries() {
        return entries;
    }
}
