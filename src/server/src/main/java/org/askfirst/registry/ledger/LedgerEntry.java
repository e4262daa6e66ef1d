package org.askfirst.registry.ledger;

import java.time.Instant;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.Entry;
import org.askfirst.tlog.Hash;
import org.jspecify.annotations.Nullable;

/**
 * An entry with its place in the ledger.
 *
 * @param position 1 for the first, without gaps, in the order of commit; also the size of the tree it completes
 * @param recordedAt never before the entry in front of it
 * @param entry what was done
 * @param canonical the text that was hashed
 * @param leafHash RFC 6962 leaf hash of the text in UTF-8
 * @param confidential what is kept beside the ledger; null if nothing is, or if it was erased
 * @param fingerprint what {@link #said} gives, if it was computed before; null if it was not
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record LedgerEntry(
        long position,
        Instant recordedAt,
        Entry entry,
        String canonical,
        Hash leafHash,
        @Nullable Confidential confidential,
        byte @Nullable [] fingerprint) {
    /** Tells whether two entries of one party say the same; empty of an entry that states nothing. */
    public byte[] said() {
        if (fingerprint != null) {
            return fingerprint;
        }
        return entry.fingerprint(confidential);
    }
}
