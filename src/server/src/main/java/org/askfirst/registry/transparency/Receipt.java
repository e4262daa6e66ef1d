package org.askfirst.registry.transparency;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.askfirst.registry.ledger.LedgerEntry;
import org.jspecify.annotations.Nullable;

/**
 * {@code Receipt}: what binds the registry to what it acknowledged.
 *
 * @param leafHash hex
 * @param path RFC 6962 inclusion path within the group, base64; null where nothing is signed
 * @param jws signs the group's root; null where nothing is signed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Receipt(
        long position,
        String leafHash,
        Instant recordedAt,
        @Nullable List<String> path,
        @Nullable String jws) {
    /** The bare facts, unsigned: for views of what was acknowledged before. */
    public static Receipt unsigned(LedgerEntry entry) {
        return new Receipt(entry.position(), entry.leafHash().hex(), entry.recordedAt(), null, null);
    }
}
