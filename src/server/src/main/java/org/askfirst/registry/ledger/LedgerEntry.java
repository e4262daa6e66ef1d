package org.askfirst.registry.ledger;

import java.time.Instant;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.Entry;
import org.askfirst.tlog.Hash;
import org.jspecify.annotations.Nullable;

/**
 * An entry with its place in the ledger.
 *
 * @param position 1 for the first entry, without gaps, in the order of commit; also the size of the log's tree that
 *     ends with this entry
 * @param recordedAt never before the time of the previous entry
 * @param entry the act
 * @param canonical the canonical text, which is hashed
 * @param leafHash RFC 6962 leaf hash of the text in UTF-8
 * @param confidential the confidential part; null if there is none, or if it was erased
 * @param fingerprint the fingerprint if it was computed before; null to compute it when it is needed
 */
@SuppressWarnings("ArrayRecordComponent") // Entries are never compared.
public record LedgerEntry(
        long position,
        Instant recordedAt,
        Entry entry,
        String canonical,
        Hash leafHash,
        @Nullable Confidential confidential,
        byte @Nullable [] fingerprint) {
    /**
     * Returns the fingerprint: equal if two entries of one party state the same. It is empty if an entry states
     * nothing.
     */
    @Override
    public byte[] fingerprint() {
        return fingerprint != null ? fingerprint : entry.fingerprint(confidential);
    }
}
