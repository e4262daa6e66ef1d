package org.askfirst.registry.dispute;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.askfirst.id.PartyId;
import org.askfirst.registry.measure.Measures;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/** {@code Rejection}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RejectionView(
        String id,
        String status,
        @Nullable String party,
        String respondent,
        @Nullable String declaration,
        List<String> subjects,
        @Nullable Instant endsAt,
        @Nullable String reason,
        long position,
        Instant recordedAt) {
    static RejectionView of(Disputes.Dispute rejection, @Nullable String reason, Instant now) {
        PartyId challenger = rejection.challenger();
        return new RejectionView(
                rejection.id().toString(),
                status(rejection, now),
                challenger == null ? null : challenger.toString(),
                rejection.respondent().toString(),
                rejection.declaration() == null ? null : rejection.declaration().toString(),
                rejection.subjects().stream().map(Subject::canonical).toList(),
                rejection.endsAt(),
                reason,
                rejection.position(),
                rejection.recordedAt());
    }

    /** Returns the view for those who may not see hidden subjects: everybody but the two sides and the operator. */
    RejectionView shown(Measures measures) {
        return new RejectionView(
                id,
                status,
                party,
                respondent,
                declaration,
                subjects.stream().map(measures::shownSubject).toList(),
                endsAt,
                reason,
                position,
                recordedAt);
    }

    private static String status(Disputes.Dispute rejection, Instant now) {
        Instant endsAt = rejection.endsAt();
        boolean isOver = rejection.state() == Disputes.State.OPEN && endsAt != null && !now.isBefore(endsAt);
        return isOver ? "ended" : rejection.state().wireName();
    }
}
