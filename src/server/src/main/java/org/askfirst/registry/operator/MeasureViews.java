package org.askfirst.registry.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.askfirst.entry.MeasureEntry.Ground;
import org.askfirst.entry.MeasureEntry.Kind;
import org.askfirst.entry.MeasureEntry.MeasureChanged;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.party.PartyViews;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/** The shapes of the operator's measures in the contract. */
final class MeasureViews {
    private static final int MAX_REASON = 2000;
    private static final int ID_LENGTH = 28;
    private static final List<String> GROUNDS =
            Arrays.stream(Ground.values()).map(Ground::wireName).toList();

    private MeasureViews() {}

    /** An act of the operator about a measure. */
    enum Act {
        HIDE("hide", Kind.HIDING, true),
        UNHIDE("unhide", Kind.HIDING, false),
        RESTRICT("restrict", Kind.RESTRICTION, true),
        UNRESTRICT("unrestrict", Kind.RESTRICTION, false);

        private static final List<String> NAMES =
                Arrays.stream(values()).map(Act::wireName).toList();

        private final String wireName;
        private final Kind kind;
        private final boolean takes;

        Act(String wireName, Kind kind, boolean takes) {
            this.wireName = wireName;
            this.kind = kind;
            this.takes = takes;
        }

        String wireName() {
            return wireName;
        }

        Kind kind() {
            return kind;
        }

        /** Returns true if the act takes a measure, and false if it lifts one. */
        boolean takes() {
            return takes;
        }

        static Act named(String wireName) {
            return Arrays.stream(values())
                    .filter(act -> act.wireName.equals(wireName))
                    .findFirst()
                    .orElseThrow();
        }

        static Act of(MeasureChanged changed) {
            return Arrays.stream(values())
                    .filter(act -> act.kind == changed.kind() && act.takes == (changed.ground() != null))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /**
     * {@code MeasureRequest}.
     *
     * @param party null if a declaration is named
     * @param declaration the declaration whose texts are hidden; null for something else
     * @param subject the subject that is hidden; null for something else
     * @param ground null if a measure is lifted
     */
    record MeasureRequest(
            Act act,
            @Nullable PartyId party,
            @Nullable DeclarationId declaration,
            @Nullable Subject subject,
            @Nullable Ground ground,
            String reason) {
        static MeasureRequest parse(JsonNode body) {
            Members members = Members.of(body, "measure", "party", "declaration", "subject", "ground", "reason");
            members.require("measure", Act.NAMES);
            String act = members.optionalChoice("measure", Act.NAMES);
            boolean ofDeclaration = members.has("declaration");
            PartyId party = ofDeclaration ? null : PartyViews.partyOf(members, "party");
            if (ofDeclaration && members.has("party")) {
                members.refuse("party", Reason.CONFLICT, "leave it out; the declaration has one party");
            }
            String declaration = members.optionalText("declaration", ID_LENGTH);
            DeclarationId id = declaration == null
                    ? null
                    : DeclarationId.parse(declaration).orElse(null);
            if (declaration != null && id == null) {
                members.refuse("declaration", Reason.MALFORMED, "give a declaration's id, d_ and 26 characters");
            }
            Subject subject = members.has("subject") ? members.parsed("subject", Subject::parse) : null;
            String ground = members.optionalChoice("ground", GROUNDS);
            if (act != null) {
                check(members, Act.named(act));
            }
            String reason = members.text("reason", MAX_REASON);
            members.finish();
            return new MeasureRequest(
                    Act.named(String.valueOf(act)),
                    party,
                    id,
                    subject,
                    ground == null ? null : Ground.named(ground).orElseThrow(),
                    Objects.requireNonNull(reason));
        }

        private static void check(Members members, Act act) {
            if (act.takes() && !members.has("ground")) {
                members.refuse("ground", Reason.MISSING, "give one of " + String.join(", ", GROUNDS));
            } else if (!act.takes() && members.has("ground")) {
                members.refuse("ground", Reason.CONFLICT, "a measure that is lifted needs no ground");
            }
            for (String name : List.of("declaration", "subject")) {
                if (act.kind() == Kind.RESTRICTION && members.has(name)) {
                    members.refuse(name, Reason.CONFLICT, "only a party is restricted");
                }
            }
            if (members.has("declaration") && members.has("subject")) {
                members.refuse("subject", Reason.CONFLICT, "name a declaration or a subject, not both");
            }
        }
    }

    /** {@code Measure}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MeasureView(
            String measure,
            String party,
            @Nullable String declaration,
            @Nullable String subjectKey,
            @Nullable String ground,
            long position,
            Instant recordedAt) {
        static MeasureView of(LedgerEntry entry) {
            MeasureChanged changed = (MeasureChanged) entry.entry();
            DeclarationId declaration = changed.target().declaration();
            return new MeasureView(
                    Act.of(changed).wireName(),
                    changed.party().toString(),
                    declaration == null ? null : declaration.toString(),
                    changed.target().subject() == null
                            ? null
                            : changed.target().subject().hex(),
                    changed.ground() == null ? null : changed.ground().wireName(),
                    entry.position(),
                    entry.recordedAt());
        }
    }
}
