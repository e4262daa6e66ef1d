package org.askfirst.registry.licensing;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.askfirst.id.PartyId;
import org.askfirst.license.LicenseTerms;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.licensing.LicenseRequests.LicenseRequest;
import org.askfirst.registry.licensing.LicenseRequests.Side;
import org.askfirst.registry.licensing.LicenseRequests.Status;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** {@code LicenseRequest}. Only the two sides get it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LicenseRequestView(
        String id,
        String status,
        String waitingFor,
        @Nullable Instant until,
        String asker,
        @Nullable String askerName,
        String licensor,
        @Nullable String licensorName,
        @Nullable String offer,
        @Nullable String grant,
        int workCount,
        boolean evidenced,
        @Nullable String purpose,
        @Nullable Map<String, Object> terms,
        @Nullable List<StepView> steps,
        @Nullable RecordView askerRecord,
        long position,
        Instant recordedAt,
        Instant changedAt) {
    /** {@code LicenseRequestStep}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record StepView(
            String type,
            String side,
            @Nullable String message,
            @Nullable Map<String, Object> terms,
            @Nullable Boolean automatic,
            @Nullable String salt,
            @Nullable String confidential,
            long position,
            Instant recordedAt) {}

    /** {@code AskerRecord}: the requests of the asker by status, over all licensors. */
    record RecordView(long requests, long granted, long refused, long withdrawn, long unanswered) {
        static RecordView of(Map<Status, Long> counts) {
            return new RecordView(
                    counts.values().stream().mapToLong(Long::longValue).sum(),
                    counts.getOrDefault(Status.GRANTED, 0L),
                    counts.getOrDefault(Status.REFUSED, 0L),
                    counts.getOrDefault(Status.WITHDRAWN, 0L),
                    counts.getOrDefault(Status.UNANSWERED, 0L));
        }
    }

    /** Returns the view without the texts, for lists. */
    static LicenseRequestView of(LicenseRequest request, Map<PartyId, Parties.Face> faces, Instant now) {
        Status status = request.statusAt(now);
        boolean isOpen = status == Status.WAITING || status == Status.COUNTERED;
        return new LicenseRequestView(
                request.id().toString(),
                status.wireName(),
                isOpen ? request.sideToAct().wireName() : "nobody",
                request.endsAt(),
                request.asker().toString(),
                name(faces, request.asker()),
                request.licensor().toString(),
                name(faces, request.licensor()),
                request.offer() == null ? null : request.offer().toString(),
                request.grant(),
                request.workCount(),
                request.evidenced(),
                null,
                null,
                null,
                null,
                request.position(),
                request.recordedAt(),
                request.changedAt());
    }

    private static @Nullable String name(Map<PartyId, Parties.Face> faces, PartyId party) {
        Parties.Face face = faces.get(party);
        return face == null ? null : face.name();
    }

    /**
     * Returns the view with its texts.
     *
     * @param thread the entries, oldest first
     * @param openings the openings of their commitments, by position
     * @param record the record of the asker; null if the reader is the asker
     */
    LicenseRequestView with(
            List<LedgerEntry> thread,
            Map<Long, LedgerStore.Opening> openings,
            LicenseRequest request,
            @Nullable RecordView record) {
        LicenseTerms newest = null;
        for (LedgerEntry entry : thread) {
            LicenseTerms proposed = LicenseText.of(entry).terms();
            newest = proposed == null ? newest : proposed;
        }
        return new LicenseRequestView(
                id,
                status,
                waitingFor,
                until,
                asker,
                askerName,
                licensor,
                licensorName,
                offer,
                grant,
                workCount,
                evidenced,
                thread.isEmpty() ? null : LicenseText.of(thread.get(0)).purpose(),
                newest == null ? null : new TreeMap<>(newest.toTree()),
                thread.stream()
                        .map(entry -> step(entry, openings.get(entry.position()), request))
                        .toList(),
                record,
                position,
                recordedAt,
                changedAt);
    }

    private static StepView step(LedgerEntry entry, LedgerStore.@Nullable Opening opening, LicenseRequest request) {
        LicenseText text = LicenseText.of(entry);
        Side side = entry.entry().party().equals(request.askerAlias()) ? Side.ASKER : Side.LICENSOR;
        LicenseTerms terms = text.terms();
        return new StepView(
                entry.entry().type().substring("license-".length()),
                side.wireName(),
                text.message(),
                terms == null ? null : terms.toTree(),
                text.automatic() ? Boolean.TRUE : null,
                opening == null ? null : opening.salt(),
                opening == null ? null : opening.text(),
                entry.position(),
                entry.recordedAt());
    }
}
