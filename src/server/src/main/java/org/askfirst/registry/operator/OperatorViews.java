package org.askfirst.registry.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.askfirst.id.PartyId;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.party.PartyViews;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.Ruling;
import org.jspecify.annotations.Nullable;

/** The shapes of the operator's acts in the contract. */
public final class OperatorViews {
    private static final int MAX_REASON = 2000;
    private static final List<String> KINDS =
            Arrays.stream(SubjectScheme.values()).map(SubjectScheme::wireName).toList();

    private OperatorViews() {}

    /** {@code RulingRequest}. */
    public record RulingRequest(PartyId party, Ruling ruling, List<SubjectScheme> kinds, String reason) {
        private static final List<String> RULINGS =
                Arrays.stream(Ruling.values()).map(Ruling::wireName).toList();

        public static RulingRequest parse(JsonNode body) {
            Members members = Members.of(body, "party", "ruling", "kinds", "reason");
            PartyId party = PartyViews.partyOf(members, "party");
            if (!members.has("ruling")) {
                members.refuse("ruling", "\"ruling\" is missing; one of " + String.join(", ", RULINGS));
            }
            String ruling = members.optionalChoice("ruling", RULINGS);
            List<SubjectScheme> kinds = kindsOf(members, "kinds");
            boolean grants = Ruling.VOUCHING_GRANTED.wireName().equals(ruling);
            if (ruling != null && grants != members.has("kinds")) {
                members.refuse(
                        "kinds",
                        grants
                                ? "Name the kinds of subjects it may vouch for, such as [\"isbn\",\"isbn-prefix\"]"
                                : "Kinds are named where vouching is granted, and nowhere else");
            }
            String reason = members.text("reason", MAX_REASON);
            members.finish();
            return new RulingRequest(
                    Objects.requireNonNull(party),
                    Ruling.named(String.valueOf(ruling)).orElseThrow(),
                    kinds,
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

    private static List<SubjectScheme> kindsOf(Members members, String name) {
        return members.optionalChoices(name, KINDS.size(), KINDS).stream()
                .map(kind -> SubjectScheme.named(kind).orElseThrow())
                .toList();
    }

    /** {@code Ruling}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RulingView(
            String party, String ruling, @Nullable List<String> kinds, long position, Instant recordedAt) {}
}
