package org.askfirst.registry.party;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Members;
import org.jspecify.annotations.Nullable;

/** The shapes of parties and their keys in the contract. */
public final class PartyViews {
    private static final int MAX_NAME = 200;
    private static final int MAX_ID = 64;
    private static final int MAX_LABEL = 100;

    private PartyViews() {}

    /** {@code PartyRequest}. */
    public record PartyRequest(
            String name, String kind, @Nullable String contact) {
        private static final List<String> KINDS = List.of("creator", "society", "publisher", "crawler");

        public static PartyRequest parse(JsonNode body) {
            Members members = Members.of(body, "name", "kind", "contact");
            String name = members.text("name", MAX_NAME);
            members.require("kind", KINDS);
            String kind = members.optionalChoice("kind", KINDS);
            String contact = members.optionalContact("contact");
            members.finish();
            return new PartyRequest(String.valueOf(name), String.valueOf(kind), contact);
        }
    }

    /**
     * {@code PartyChange}.
     *
     * @param name null to keep the name
     * @param contact the new contact; null to remove it, if {@code changesContact}
     * @param relay null to keep the choice between the contact and the form
     */
    public record PartyChange(
            @Nullable String name,
            boolean changesContact,
            @Nullable String contact,
            @Nullable Boolean relay) {
        public static PartyChange parse(JsonNode body) {
            Members members = Members.of(body, "name", "contact", "relay");
            String name = members.optionalText("name", MAX_NAME);
            JsonNode contact = members.raw("contact");
            boolean removes = contact != null && contact.isNull();
            String given = removes ? null : members.optionalContact("contact");
            boolean relay = members.isTrue("relay");
            if (!members.has("name") && !members.has("contact") && !members.has("relay")) {
                members.require("name");
            }
            members.finish();
            return new PartyChange(name, contact != null, given, members.has("relay") ? relay : null);
        }

        /** Returns the name and the contact after this change. */
        public Parties.Face after(Parties.Face before) {
            return new Parties.Face(
                    name == null ? before.name() : name,
                    changesContact ? contact : before.contact(),
                    relay == null ? before.relay() : relay);
        }
    }

    /** {@code OpenedParty}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record OpenedParty(
            String id,
            String name,
            String kind,
            String trust,
            @Nullable String contact,
            Instant openedAt,
            String key,
            String keyId) {}

    /** {@code ApiKey}: a key without its secret. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record KeyView(
            String id,
            Instant createdAt,
            @Nullable String label,
            String scope,
            @Nullable Instant expiresAt,
            @Nullable Instant lastUsedAt) {
        public static KeyView of(KeyRow key) {
            return new KeyView(key.id, key.createdAt, key.label, key.scope, key.expiresAt, key.usedAt);
        }
    }

    /** {@code NewKey}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NewKey(
            String id,
            Instant createdAt,
            @Nullable String label,
            String scope,
            @Nullable Instant expiresAt,
            String key) {
        public static NewKey of(Map.Entry<ApiKey, KeyRow> created) {
            KeyRow row = created.getValue();
            return new NewKey(
                    row.id,
                    row.createdAt,
                    row.label,
                    row.scope,
                    row.expiresAt,
                    created.getKey().text());
        }
    }

    /** {@code KeyRequest}. */
    public record KeyRequest(
            @Nullable String label,
            KeyScope scope,
            @Nullable Instant expiresAt) {
        /** A key that can do everything and does not expire. */
        public static final KeyRequest FULL = new KeyRequest(null, KeyScope.FULL, null);

        public static KeyRequest parse(JsonNode body, Instant now) {
            Members members = Members.of(body, "label", "scope", "expiresAt");
            String label = members.optionalText("label", MAX_LABEL);
            String scope = members.optionalChoice("scope", KeyScope.names());
            Instant expiresAt = members.optionalMoment("expiresAt");
            if (expiresAt != null && !expiresAt.isAfter(now)) {
                members.refuse("expiresAt", Reason.OUT_OF_RANGE, "give a time in the future");
            }
            members.finish();
            return new KeyRequest(label, scope == null ? KeyScope.FULL : KeyScope.named(scope), expiresAt);
        }
    }

    /** Reads a required member that is a party's id. Returns null if it is missing or malformed, after a violation. */
    public static @Nullable PartyId partyOf(Members members, String name) {
        String id = members.text(name, MAX_ID);
        PartyId party = id == null ? null : PartyId.parse(id).orElse(null);
        if (id != null && party == null) {
            members.refuse(name, Reason.MALFORMED, "give a party's id, p_ and 26 characters, not " + Members.shown(id));
        }
        return party;
    }
}
