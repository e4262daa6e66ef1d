package org.askfirst.registry.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.askfirst.entry.MeasureEntry.Target;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.dispute.DisputeView;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.party.PartyViews;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.PartyDecision;
import org.jspecify.annotations.Nullable;

/** The shapes of the operator's acts in the contract. */
public final class OperatorViews {
    private static final int MAX_REASON = 2000;
    private static final List<String> SCHEMES =
            Arrays.stream(SubjectScheme.values()).map(SubjectScheme::wireName).toList();

    private OperatorViews() {}

    /** {@code PartyDecisionRequest}. */
    public record PartyDecisionRequest(
            PartyId party, PartyDecision decision, List<SubjectScheme> schemes, String reason) {
        private static final List<String> DECISIONS = Arrays.stream(PartyDecision.values())
                .map(PartyDecision::wireName)
                .toList();

        public static PartyDecisionRequest parse(JsonNode body) {
            Members members = Members.of(body, "party", "decision", "schemes", "reason");
            PartyId party = PartyViews.partyOf(members, "party");
            members.require("decision", DECISIONS);
            String decision = members.optionalChoice("decision", DECISIONS);
            List<SubjectScheme> schemes = schemesOf(members, "schemes");
            boolean grants = PartyDecision.VOUCHING_GRANTED.wireName().equals(decision);
            if (decision != null && grants != members.hasList("schemes")) {
                members.refuse(
                        "schemes",
                        grants ? Reason.MISSING : Reason.CONFLICT,
                        grants
                                ? "name the schemes that the party may vouch for, such as [\"isbn\",\"isbn-prefix\"]"
                                : "name schemes only if the decision is vouching-granted");
            }
            String reason = members.text("reason", MAX_REASON);
            members.finish();
            return new PartyDecisionRequest(
                    Objects.requireNonNull(party),
                    PartyDecision.named(String.valueOf(decision)).orElseThrow(),
                    schemes,
                    Objects.requireNonNull(reason));
        }
    }

    /** {@code DisputeDefectRequest}. */
    public record DisputeDefectRequest(String dispute, String reason) {
        private static final int ID_LENGTH = 28;

        public static DisputeDefectRequest parse(JsonNode body) {
            Members members = Members.of(body, "dispute", "reason");
            String dispute = members.text("dispute", ID_LENGTH);
            String reason = members.text("reason", MAX_REASON);
            members.finish();
            return new DisputeDefectRequest(Objects.requireNonNull(dispute), Objects.requireNonNull(reason));
        }
    }

    /** {@code ArbiterRequest}. */
    public record ArbiterRequest(String dispute, PartyId party, String reason) {
        public static ArbiterRequest parse(JsonNode body) {
            Members members = Members.of(body, "dispute", "party", "reason");
            String dispute = members.text("dispute", DisputeDefectRequest.ID_LENGTH);
            PartyId party = PartyViews.partyOf(members, "party");
            String reason = members.text("reason", MAX_REASON);
            members.finish();
            return new ArbiterRequest(
                    Objects.requireNonNull(dispute), Objects.requireNonNull(party), Objects.requireNonNull(reason));
        }
    }

    /** {@code DisputePage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record UndecidedPage(
            List<DisputeView> disputes, @Nullable Long next) {}

    /** {@code SuccessionRequest}. */
    public record SuccessionRequest(PartyId party, String reason) {
        public static SuccessionRequest parse(JsonNode body) {
            Members members = Members.of(body, "party", "reason");
            PartyId party = PartyViews.partyOf(members, "party");
            String reason = members.text("reason", MAX_REASON);
            members.finish();
            return new SuccessionRequest(Objects.requireNonNull(party), Objects.requireNonNull(reason));
        }
    }

    /**
     * {@code BudgetRequest}.
     *
     * @param works null to restore the default
     */
    public record BudgetRequest(PartyId party, @Nullable Long works, String reason) {
        public static BudgetRequest parse(JsonNode body) {
            Members members = Members.of(body, "party", "works", "reason");
            PartyId party = PartyViews.partyOf(members, "party");
            Long works = members.has("works") ? members.wholeNumber("works", 0) : null;
            String reason = members.text("reason", MAX_REASON);
            members.finish();
            return new BudgetRequest(Objects.requireNonNull(party), works, Objects.requireNonNull(reason));
        }
    }

    /** {@code Budget}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record BudgetView(String party, @Nullable Long works, Instant setAt) {}

    /**
     * {@code OperatorProposal}.
     *
     * @param confirmedBy null while it is open
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ProposalView(
            String id,
            String act,
            String party,
            @Nullable String successor,
            @Nullable String declaration,
            @Nullable String subjectKey,
            String reason,
            String proposedBy,
            Instant proposedAt,
            Instant expiresAt,
            @Nullable String confirmedBy,
            @Nullable Long position) {
        static ProposalView of(OperatorProposals.Pending pending) {
            boolean transfers = pending.act() == OperatorProposals.Act.SUCCESSION;
            Target target =
                    transfers ? Target.of(pending.party()) : MeasureActs.read(pending.party(), pending.request());
            return new ProposalView(
                    OperatorProposals.text(pending.id()),
                    pending.act().wireName(),
                    pending.party().toString(),
                    transfers ? pending.request() : null,
                    target.declaration() == null ? null : target.declaration().toString(),
                    target.subject() == null ? null : target.subject().hex(),
                    pending.reason(),
                    pending.proposedBy(),
                    pending.proposedAt(),
                    pending.expiresAt(),
                    pending.confirmedBy(),
                    pending.position());
        }
    }

    /** {@code OperatorProposalList}. */
    public record ProposalList(List<ProposalView> proposals) {}

    static List<SubjectScheme> schemesOf(Members members, String name) {
        return members.optionalChoices(name, SCHEMES.size(), SCHEMES).stream()
                .map(scheme -> SubjectScheme.named(scheme).orElseThrow())
                .toList();
    }

    /** {@code PartyDecision}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PartyDecisionView(
            String party, String decision, @Nullable List<String> schemes, long position, Instant recordedAt) {}
}
