package org.askfirst.registry.feed;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import org.askfirst.registry.ledger.LedgerEntry;

/** {@code FeedEntry}: an entry with its position. The entry is sent as exactly the text that was hashed. */
record FeedEntry(
        long position,
        Instant recordedAt,
        String leafHash,
        @JsonRawValue String entry) {
    static FeedEntry of(LedgerEntry entry) {
        return new FeedEntry(
                entry.position(), entry.recordedAt(), entry.leafHash().hex(), entry.canonical());
    }
}
