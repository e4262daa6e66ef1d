package org.askfirst.registry.licensing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.askfirst.id.OfferId;
import org.askfirst.license.LicenseTerms;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.offer.LicenseTermsRequest;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * {@code LicenseDraft}: a call that asks for licenses of many works.
 *
 * @param items the works, in order
 * @param offers the offers that the asker accepts, at most one of them of each licensor
 * @param purpose confidential; null if not given
 * @param message confidential; null if not given
 */
record LicenseDraft(
        List<Item> items,
        LicenseTerms terms,
        List<OfferId> offers,
        @Nullable String purpose,
        @Nullable String message) {
    private static final int MAX_ITEMS = 100_000;
    private static final int MAX_SUBJECTS = 20;
    private static final int MAX_OFFERS = 100;
    private static final int MAX_ITEM_ID = 256;
    private static final int MAX_PURPOSE = 1_000;
    static final int MAX_MESSAGE = 10_000;
    private static final int ID_LENGTH = 28;
    private static final int MAX_RECEIPT = 8_192;

    /** Verifies receipts of lookups. */
    interface ReceiptCheck {
        /** Returns true if the registry signed that receipt for a lookup with that request. */
        boolean isOfLookup(String receipt, JsonNode request) throws SQLException;
    }

    /**
     * One work.
     *
     * @param id repeated in the answer; the index in the list if the item has none
     * @param problem the reason why the subjects could not be read; null if they could be read
     */
    record Item(String id, List<Subject> subjects, @Nullable ProblemException problem) {
        private static Item read(JsonNode node, int index) {
            String id = String.valueOf(index);
            try {
                JsonNode given = node.get("id");
                if (given != null && given.isTextual() && Members.isText(given.textValue(), MAX_ITEM_ID)) {
                    id = given.textValue();
                }
                Members members = Members.of(node, "id", "subjects");
                members.optionalVerbatim("id", MAX_ITEM_ID);
                List<Subject> subjects = members.parsedList("subjects", MAX_SUBJECTS, Subject::parse);
                if (!members.hasList("subjects")) {
                    members.refuse("subjects", Reason.MISSING, "name the work by at least one subject");
                }
                members.finish();
                return new Item(id, subjects, null);
            } catch (ProblemException problem) {
                return new Item(id, List.of(), problem);
            }
        }
    }

    static LicenseDraft parse(JsonNode body, Instant now, ReceiptCheck receipts) throws SQLException {
        Members members = Members.of(body, "items", "lookup", "terms", "offers", "purpose", "message");
        if (members.has("items") && members.has("lookup")) {
            members.refuse("lookup", Reason.CONFLICT, "give the works either here or in items");
        }
        List<Item> items = members.has("lookup") ? lookedUp(members, receipts) : items(members);
        LicenseTerms terms = LicenseTermsRequest.parse(members, LicenseTermsRequest.Kind.WANTED, now);
        List<OfferId> offers = members.parsedList("offers", MAX_OFFERS, LicenseDraft::offer);
        String purpose = members.optionalText("purpose", MAX_PURPOSE);
        String message = members.optionalText("message", MAX_MESSAGE);
        members.finish();
        return new LicenseDraft(items, Objects.requireNonNull(terms), offers, purpose, message);
    }

    private static OfferId offer(String text) {
        return OfferId.parse(text.length() > ID_LENGTH ? "" : text)
                .orElseThrow(() -> Problem.INVALID_REQUEST.at(
                        "", Reason.MALFORMED, "give the id of an offer: o_ and 26 characters"));
    }

    /** Returns the works of a lookup of which the asker has a receipt. */
    private static List<Item> lookedUp(Members members, ReceiptCheck receipts) throws SQLException {
        List<Item> items = new ArrayList<>();
        Members lookup = members.object("lookup", "request", "receipt");
        if (lookup == null) {
            return items;
        }
        lookup.require("request");
        String receipt = lookup.text("receipt", MAX_RECEIPT);
        JsonNode request = lookup.raw("request");
        if (receipt == null || request == null) {
            return items;
        }
        JsonNode works = request.path("items");
        if (!works.isArray() || works.isEmpty() || !receipts.isOfLookup(receipt, request)) {
            lookup.refuse(
                    "receipt",
                    Reason.CONFLICT,
                    "this registry did not sign it for a lookup with that request; send the request as it was sent then");
            return items;
        }
        for (JsonNode work : works) {
            ObjectNode named = JsonNodeFactory.instance.objectNode();
            for (String member : List.of("id", "subjects")) {
                if (work.has(member)) {
                    named.set(member, work.get(member));
                }
            }
            items.add(Item.read(named, items.size()));
        }
        return items;
    }

    private static List<Item> items(Members members) {
        JsonNode list = members.raw("items");
        List<Item> items = new ArrayList<>();
        if (list == null) {
            members.require("items");
        } else if (!list.isArray()) {
            members.refuse("items", Reason.NOT_A_LIST, "give a list of works");
        } else if (list.isEmpty()) {
            members.refuse("items", Reason.EMPTY, "give a list of at least one work");
        } else if (list.size() > MAX_ITEMS) {
            throw Problem.TOO_LARGE.because(
                    "A call asks for at most " + MAX_ITEMS + " works; ask for the others in another call");
        } else {
            for (JsonNode item : list) {
                items.add(Item.read(item, items.size()));
            }
        }
        return items;
    }

    /**
     * {@code LicenseStepRequest}.
     *
     * @param terms the terms of a counter-offer; null for other steps
     * @param message confidential; null if not given
     */
    record StepRequest(
            Step step,
            @Nullable LicenseTerms terms,
            @Nullable String message) {
        private static final List<String> STEPS = List.of("accept", "counter", "refuse");

        /** The steps that a side whose turn it is can take. */
        enum Step {
            ACCEPT,
            COUNTER,
            REFUSE
        }

        static StepRequest parse(JsonNode body, Instant now) {
            Members members = Members.of(body, "step", "terms", "message");
            members.require("step", STEPS);
            String named = members.optionalChoice("step", STEPS);
            LicenseTerms terms = null;
            if ("counter".equals(named)) {
                terms = LicenseTermsRequest.parse(members, LicenseTermsRequest.Kind.WANTED, now);
            } else if (members.has("terms")) {
                members.refuse("terms", Reason.CONFLICT, "only a counter-offer has terms");
            }
            String message = members.optionalText("message", MAX_MESSAGE);
            members.finish();
            return new StepRequest(
                    switch (Objects.requireNonNull(named)) {
                        case "accept" -> Step.ACCEPT;
                        case "counter" -> Step.COUNTER;
                        default -> Step.REFUSE;
                    },
                    terms,
                    message);
        }
    }
}
