package org.askfirst.registry.transparency;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.askfirst.registry.ledger.LedgerEntry;
import org.jspecify.annotations.Nullable;

/**
 * {@code Receipt}: the registry's signed acknowledgement of an act.
 *
 * @param leafHash RFC 6962 leaf hash of the entry, in hex
 * @param path RFC 6962 inclusion path within the group, in base64; null if the receipt is not signed
 * @param jws the signature over the group's root, as a compact JWS; null if the receipt is not signed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Receipt(
        long position,
        String leafHash,
        Instant recordedAt,
        @Nullable List<String> path,
        @Nullable String jws) {
    /** Returns an unsigned receipt, for views of acts that were acknowledged before. */
    public static Receipt unsigned(LedgerEntry entry) {
        return new Receipt(entry.position(), entry.leafHash().hex(), entry.recordedAt(), null, null);
    }
}
