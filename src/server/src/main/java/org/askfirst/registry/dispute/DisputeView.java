package org.askfirst.registry.dispute;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.DisputeEntry;
import org.askfirst.id.PartyId;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.measure.Measures;
import org.askfirst.registry.party.Parties;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/** {@code Dispute}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DisputeView(
        String id,
        String kind,
        String status,
        String waitingFor,
        @Nullable String ifNobodyActs,
        @Nullable String party,
        String respondent,
        @Nullable String declaration,
        @Nullable Boolean aboutControl,
        List<String> subjects,
        @Nullable String grounds,
        @Nullable Instant endsAt,
        @Nullable String arbiter,
        @Nullable List<StepView> steps,
        long position,
        Instant recordedAt) {
    /** {@code DisputeStep}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StepView(
            String type,
            String party,
            @Nullable String arbiter,
            @Nullable String arbiterName,
            @Nullable String statement,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> subjects,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> evidence,
            long position,
            Instant recordedAt) {
        static StepView of(LedgerEntry entry, boolean isOpen, Map<PartyId, Parties.Face> faces) {
            PartyId arbiter = entry.entry().by();
            Parties.Face face = arbiter == null ? null : faces.get(arbiter);
            Confidential confidential = isOpen ? entry.confidential() : null;
            List<String> evidence = List.of();
            List<Subject> subjects = List.of();
            if (entry.entry() instanceof DisputeEntry.DisputeFiled filed) {
                evidence = filed.evidence();
            } else if (entry.entry() instanceof DisputeEntry.DisputeStepped stepped) {
                evidence = stepped.evidence();
            } else if (entry.entry() instanceof DisputeEntry.DisputeDecided decided) {
                subjects = decided.subjects();
            }
            return new StepView(
                    entry.entry().type(),
                    entry.entry().party().toString(),
                    arbiter == null ? null : arbiter.toString(),
                    face == null ? null : face.name(),
                    confidential == null ? null : confidential.reason(),
                    subjects.stream().map(Subject::canonical).toList(),
                    evidence,
                    entry.position(),
                    entry.recordedAt());
        }
    }

    /** Returns the view for those who may not see hidden subjects: everybody but the two sides and the operator. */
    DisputeView shown(Measures measures) {
        return new DisputeView(
                id,
                kind,
                status,
                waitingFor,
                ifNobodyActs,
                party,
                respondent,
                declaration,
                aboutControl,
                subjects.stream().map(measures::shownSubject).toList(),
                grounds,
                endsAt,
                arbiter,
                steps == null
                        ? null
                        : steps.stream()
                                .map(step -> new StepView(
                                        step.type(),
                                        step.party(),
                                        step.arbiter(),
                                        step.arbiterName(),
                                        step.statement(),
                                        step.subjects().stream()
                                                .map(measures::shownSubject)
                                                .toList(),
                                        step.evidence(),
                                        step.position(),
                                        step.recordedAt()))
                                .toList(),
                position,
                recordedAt);
    }

    /** Returns the view of a dispute without its steps. */
    static DisputeView of(Disputes.Dispute dispute, Instant now) {
        return of(dispute, null, false, Map.of(), now);
    }

    /**
     * Returns the view of a dispute.
     *
     * @param thread the entries of the dispute; null to leave them out
     * @param isOpen true if the reader may see the statements
     * @param faces the names of arbiters that decided
     */
    static DisputeView of(
            Disputes.Dispute dispute,
            @Nullable List<LedgerEntry> thread,
            boolean isOpen,
            Map<PartyId, Parties.Face> faces,
            Instant now) {
        PartyId challenger = dispute.challenger();
        Stage stage = Stage.of(dispute, now);
        return new DisputeView(
                dispute.id().toString(),
                dispute.kind().wireName(),
                stage.status,
                stage.waitingFor,
                stage.ifNobodyActs,
                challenger == null ? null : challenger.toString(),
                dispute.respondent().toString(),
                dispute.declaration() == null ? null : dispute.declaration().toString(),
                dispute.isAboutControl() ? Boolean.TRUE : null,
                dispute.subjects().stream().map(Subject::canonical).toList(),
                dispute.grounds(),
                stage.ifNobodyActs == null ? null : dispute.endsAt(),
                dispute.arbiter() == null ? null : dispute.arbiter().toString(),
                thread == null
                        ? null
                        : thread.stream()
                                .map(entry -> StepView.of(entry, isOpen, faces))
                                .toList(),
                dispute.position(),
                dispute.recordedAt());
    }

    /**
     * The stage of a dispute at a moment, with the end of its time.
     *
     * @param waitingFor who can act
     * @param ifNobodyActs the effect if nobody acts in time; null if no time runs
     */
    private record Stage(
            String status, String waitingFor, @Nullable String ifNobodyActs) {
        static Stage of(Disputes.Dispute dispute, Instant now) {
            boolean isOver = dispute.isOver(now);
            if (dispute.kind() == Disputes.Kind.REJECTION) {
                return ofRejection(dispute.state(), isOver);
            }
            return switch (dispute.state()) {
                case OPEN ->
                    isOver
                            ? new Stage("unanswered", "nobody", null)
                            : new Stage("filed", "respondent", "permissions-end");
                case DEFECTIVE -> isOver ? closed() : new Stage("defective", "challenger", "closed");
                case ANSWERED -> isOver ? closed() : new Stage("answered", "challenger", "closed");
                case CONTINUED, APPEALED -> new Stage(dispute.state().wireName(), "operator", null);
                case WITHDRAWN -> new Stage("withdrawn", "nobody", null);
                case UPHELD, SET_ASIDE ->
                    isOver || dispute.endsAt() == null
                            ? new Stage(dispute.state().wireName(), "nobody", null)
                            : new Stage(dispute.state().wireName(), "both", "final");
            };
        }

        private static Stage ofRejection(Disputes.State state, boolean isOver) {
            if (state != Disputes.State.OPEN) {
                return new Stage(state.wireName(), "nobody", null);
            }
            return isOver ? new Stage("ended", "respondent", null) : new Stage("open", "respondent", "rejected");
        }

        private static Stage closed() {
            return new Stage("closed", "nobody", null);
        }
    }
}
