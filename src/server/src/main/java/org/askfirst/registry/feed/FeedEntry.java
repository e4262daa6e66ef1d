package org.askfirst.registry.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.measure.Measures;
import org.jspecify.annotations.Nullable;

/**
 * {@code FeedEntry}: an entry with its position.
 *
 * @param entry exactly the text that was hashed, unless a subject in it is hidden
 * @param withheld true if a subject in the text is hidden; null otherwise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record FeedEntry(
        long position,
        Instant recordedAt,
        String leafHash,
        @JsonRawValue String entry,
        @Nullable Boolean withheld) {
    static FeedEntry of(LedgerEntry entry, Measures measures) {
        Measures.ShownText shown = measures.shown(entry);
        return new FeedEntry(
                entry.position(), entry.recordedAt(), entry.leafHash().hex(), shown.text(), shown.withheld());
    }
}
