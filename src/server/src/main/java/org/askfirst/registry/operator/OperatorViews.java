package org.askfirst.registry.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Reason;
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
    public record PartyDecisionRequest(PartyId party, PartyDecision decision, List<SubjectScheme> schemes, String reason) {
        private static final List<String> DECISIONS =
                Arrays.stream(PartyDecision.values()).map(PartyDecision::wireName).toList();

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

    /** {@code Succession}. */
    public record SuccessionView(String party, String successor, long position, Instant recordedAt) {}

    private static List<SubjectScheme> schemesOf(Members members, String name) {
        return members.optionalChoices(name, SCHEMES.size(), SCHEMES).stream()
                .map(scheme -> SubjectScheme.named(scheme).orElseThrow())
                .toList();
    }

    /** {@code PartyDecision}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PartyDecisionView(
            String party, String decision, @Nullable List<String> schemes, long position, Instant recordedAt) {}
}
