package org.askfirst.registry.party;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Members;
import org.jspecify.annotations.Nullable;

/** The shapes of parties and their keys in the contract. */
public final class PartyViews {
    private static final int MAX_NAME = 200;
    private static final int MAX_ID = 64;

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
    public record KeyView(String id, Instant createdAt) {}

    /** {@code NewKey}. */
    public record NewKey(String id, Instant createdAt, String key) {}

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
