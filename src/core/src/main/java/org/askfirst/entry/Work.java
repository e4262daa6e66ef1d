package org.askfirst.entry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a work is called and whose it is; kept out of the ledger, so that it can be erased.
 *
 * @param title as the party gave it
 * @param creators as the party gave them
 * @param kind in a word, such as book or choreography; null if not said
 */
public record Work(
        String title, List<String> creators, @Nullable String kind) {
    public Work {
        creators = List.copyOf(creators);
    }
}
