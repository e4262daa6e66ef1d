package org.askfirst.party;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.askfirst.declaration.PartyId;
import org.askfirst.http.Members;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/** The shapes of parties in the contract. */
final class PartyViews {
    private static final int MAX_NAME = 200;

    private PartyViews() {}

    /** {@code PartyRequest}. */
    record PartyRequest(String name, String kind, @Nullable String contact) {
        private static final List<String> KINDS = List.of("creator", "society", "publisher", "crawler");

        static PartyRequest parse(JsonNode body) {
            Members members = Members.of(body, "name", "kind", "contact");
            String name = members.text("name", MAX_NAME);
            if (!members.has("kind")) {
                members.refuse("kind", "\"kind\" is missing; one of " + String.join(", ", KINDS));
            }
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
            List<ControlView> controls,
            List<Notices.NoticeView> notices) {}

    /** A key, without its secret. */
    record KeyView(String id, Instant createdAt) {}

    /** {@code NewKey}. */
    record NewKey(String id, Instant createdAt, String key) {}

    /** {@code ControlRequest}. */
    record ControlRequest(PartyId party, Subject subject, String reason) {
        private static final int MAX_ID = 64;
        private static final int MAX_REASON = 2000;

        static ControlRequest parse(JsonNode body) {
            Members members = Members.of(body, "party", "subject", "reason");
            String id = members.text("party", MAX_ID);
            PartyId party = id == null ? null : PartyId.parse(id).orElse(null);
            if (id != null && party == null) {
                members.refuse("party", "Expected a party's id, p_ and 26 characters, not " + Members.shown(id));
            }
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

    /** {@code Control}. */
    record ControlView(String party, String subject, String method, long position, Instant recordedAt) {
        static ControlView of(Controls.Proof control) {
            return new ControlView(
                    control.party().toString(),
                    control.subject(),
                    control.method().wireName(),
                    control.position(),
                    control.recordedAt());
        }
    }
}
