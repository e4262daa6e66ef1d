package org.askfirst.entry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The title and the creators of a work. They are not in the ledger, so that they can be erased.
 *
 * @param title the title, as the party gave it
 * @param creators the creators, as the party gave them
 * @param kind one word, such as book or choreography; null if not given
 */
public record Work(
        String title, List<String> creators, @Nullable String kind) {
    public Work {
        creators = List.copyOf(creators);
    }
}
