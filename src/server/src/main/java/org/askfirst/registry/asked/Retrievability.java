package org.askfirst.registry.asked;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.askfirst.registry.transparency.Proofs;
import org.jspecify.annotations.Nullable;

/**
 * {@code Retrievability}: the certificate that a declaration could be read by machines, and was.
 *
 * @param position the position of the first entry, from which on lookups answer with the declaration
 * @param withdrawnAt the time of the withdrawal; null if the declaration is not withdrawn
 * @param firstDay the day, in UTC, of the first retrieval that is shown; null if there was none
 * @param text what the certificate says, in both languages
 * @param proof the proof that the first entry is in the log; not signed, because a checkpoint signs it
 * @param jws the signature over all members but {@code proof} and itself
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Retrievability(
        String declaration,
        String party,
        @Nullable String partyName,
        String status,
        long position,
        Instant recordedAt,
        String leafHash,
        @Nullable Instant withdrawnAt,
        @Nullable String firstDay,
        @Nullable String lastDay,
        LookupCounts.LookupTotal retrievals,
        List<NamedAsker> askers,
        long omittedAskers,
        Instant countedUntil,
        Text text,
        Proofs.@Nullable EntryProof proof,
        @Nullable String jws) {
    /**
     * {@code RetrievabilityAsker}: a named asker.
     *
     * @param firstBy the first lookup was not later
     * @param lastSince the last lookup was not earlier
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record NamedAsker(String asker, @Nullable String askerName, long lookups, Instant firstBy, Instant lastSince) {}

    /** {@code RetrievabilityText}. */
    record Text(List<String> ko, List<String> en) {}

    /** Returns the certificate with its proof and its signature. */
    Retrievability signed(Proofs.EntryProof entry, String signature) {
        return new Retrievability(
                declaration,
                party,
                partyName,
                status,
                position,
                recordedAt,
                leafHash,
                withdrawnAt,
                firstDay,
                lastDay,
                retrievals,
                askers,
                omittedAskers,
                countedUntil,
                text,
                entry,
                signature);
    }
}
