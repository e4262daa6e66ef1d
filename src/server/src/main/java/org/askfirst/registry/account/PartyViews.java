package org.askfirst.registry.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.askfirst.entry.ControlEntry;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.control.Controls;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.party.Notices;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.PartyDecision;
import org.jspecify.annotations.Nullable;

/** The shapes of parties in the contract. */
final class PartyViews {
    private static final int MAX_NAME = 200;
    private static final int MAX_ID = 64;
    private static final int MAX_REASON = 2000;
    private static final List<String> KINDS =
            Arrays.stream(SubjectScheme.values()).map(SubjectScheme::wireName).toList();

    private PartyViews() {}

    /** {@code PartyRequest}. */
    record PartyRequest(String name, String kind, @Nullable String contact) {
        private static final List<String> KINDS = List.of("creator", "society", "publisher", "crawler");

        static PartyRequest parse(JsonNode body) {
            Members members = Members.of(body, "name", "kind", "contact");
            String name = members.text("name", MAX_NAME);
            members.require("kind", KINDS);
            String kind = members.optionalChoice("kind", KINDS);
            String contact = members.optionalContact("contact");
            members.finish();
            return new PartyRequest(String.valueOf(name), String.valueOf(kind), contact);
        }
    }

    /** {@code OpenedParty}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OpenedParty(
            String id,
            String name,
            String kind,
            String trust,
            @Nullable String contact,
            Instant openedAt,
            String key,
            String keyId) {}

    /** {@code OwnParty}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OwnParty(
            String id,
            String name,
            String kind,
            String trust,
            @Nullable String contact,
            Instant openedAt,
            List<KeyView> keys,
            @Nullable Boolean suspended,
            @Nullable List<String> vouchableSchemes,
            @Nullable String successor,
            @Nullable List<String> succeeds,
            List<ControlView> controls,
            List<Notices.NoticeView> notices) {}

    /** A key, without its secret. */
    record KeyView(String id, Instant createdAt) {}

    /** {@code NewKey}. */
    record NewKey(String id, Instant createdAt, String key) {}

    /** {@code ControlRequest}. */
    record ControlRequest(PartyId party, Subject subject, String reason) {
        static ControlRequest parse(JsonNode body) {
            Members members = Members.of(body, "party", "subject", "reason");
            PartyId party = partyOf(members, "party");
            Subject subject = members.parsed("subject", declared -> {
                Subject parsed = Subject.parse(declared);
                parsed.requireDeclarable();
                return parsed;
            });
            String reason = members.text("reason", MAX_REASON);
            members.finish();
            return new ControlRequest(
                    Objects.requireNonNull(party), Objects.requireNonNull(subject), Objects.requireNonNull(reason));
        }
    }

    /** {@code PartyDecisionRequest}. */
    record PartyDecisionRequest(PartyId party, PartyDecision ruling, List<SubjectScheme> kinds, String reason) {
        private static final List<String> RULINGS =
                Arrays.stream(PartyDecision.values()).map(PartyDecision::wireName).toList();

        static PartyDecisionRequest parse(JsonNode body) {
            Members members = Members.of(body, "party", "decision", "schemes", "reason");
            PartyId party = partyOf(members, "party");
            members.require("decision", RULINGS);
            String ruling = members.optionalChoice("decision", RULINGS);
            List<SubjectScheme> kinds = kindsOf(members, "schemes");
            boolean grants = PartyDecision.VOUCHING_GRANTED.wireName().equals(ruling);
            if (ruling != null && grants != members.hasList("schemes")) {
                members.refuse(
                        "schemes",
                        grants ? Reason.MISSING : Reason.CONFLICT,
                        grants
                                ? "name the schemes it may vouch for, such as [\"isbn\",\"isbn-prefix\"]"
                                : "schemes are named where vouching is granted, and nowhere else");
            }
            String reason = members.text("reason", MAX_REASON);
            members.finish();
            return new PartyDecisionRequest(
                    Objects.requireNonNull(party),
                    PartyDecision.named(String.valueOf(ruling)).orElseThrow(),
                    kinds,
                    Objects.requireNonNull(reason));
        }
    }

    /** {@code SuccessionRequest}. */
    record SuccessionRequest(PartyId party, String reason) {
        static SuccessionRequest parse(JsonNode body) {
            Members members = Members.of(body, "party", "reason");
            PartyId party = partyOf(members, "party");
            String reason = members.text("reason", MAX_REASON);
            members.finish();
            return new SuccessionRequest(Objects.requireNonNull(party), Objects.requireNonNull(reason));
        }
    }

    /** {@code Succession}. */
    record SuccessionView(String party, String successor, long position, Instant recordedAt) {}

    /** A party's id that must be there; null after noting a violation. */
    static @Nullable PartyId partyOf(Members members, String name) {
        String id = members.text(name, MAX_ID);
        PartyId party = id == null ? null : PartyId.parse(id).orElse(null);
        if (id != null && party == null) {
            members.refuse(name, Reason.MALFORMED, "give a party's id, p_ and 26 characters, not " + Members.shown(id));
        }
        return party;
    }

    private static List<SubjectScheme> kindsOf(Members members, String name) {
        return members.optionalChoices(name, KINDS.size(), KINDS).stream()
                .map(kind -> SubjectScheme.named(kind).orElseThrow())
                .toList();
    }

    /** {@code PartyDecision}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PartyDecisionView(
            String party, String decision, @Nullable List<String> schemes, long position, Instant recordedAt) {}

    /** {@code ControlRevocation}. */
    record ControlRevocationView(String party, String subject, long position, Instant recordedAt) {}

    /** {@code Control}. */
    record ControlView(String party, String subject, String method, long position, Instant recordedAt) {
        static ControlView of(Controls.ControlRecord control) {
            return new ControlView(
                    control.party().toString(),
                    control.subject(),
                    control.method().wireName(),
                    control.position(),
                    control.recordedAt());
        }

        /** The proof that this entry records. */
        static ControlView of(LedgerEntry entry) {
            ControlEntry.ControlProved proved = (ControlEntry.ControlProved) entry.entry();
            return new ControlView(
                    proved.party().toString(),
                    proved.subject().canonical(),
                    proved.method().wireName(),
                    entry.position(),
                    entry.recordedAt());
        }
    }
}
