package org.askfirst.registry.lookup;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.asked.Asker;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.Parameters;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/**
 * The part of a call that applies to all its works.
 *
 * @param uses at least one
 * @param asOf a moment, a position or both, as it was sent; null for now
 * @param full true if the answer gives reasons
 * @param origin the address of the registry, from which the addresses of pages are built
 * @param sees the contacts that the asker may see
 * @param asker counted as the asker of the works; null if the registry itself asks, which nobody counts
 */
record Question(
        Set<Use> uses,
        @Nullable String asOf,
        boolean full,
        String origin,
        Predicate<String> sees,
        @Nullable Asker asker) {
    private static final List<String> USES =
            Arrays.stream(Use.values()).map(Use::wireName).toList();
    private static final List<String> DETAILS = List.of("verdict", "full");
    private static final Set<Use> ALL_MINING = EnumSet.of(Use.TEXT_AND_DATA_MINING);
    static final int MAX_ITEM_ID = 256;
    static final int MAX_SUBJECTS = 20;

    /** Number of items of a call that may have a title: each costs a search. */
    static final int MAX_TITLED = 100;

    private static final int MAX_TITLE = 1_000;
    private static final int MAX_CREATORS = 20;
    private static final int MAX_CREATOR = 500;

    /** The title and the creators of a work, as the asker knows them. They decide no verdict. */
    record Named(String title, List<String> creators) {}

    /**
     * One work, named by all subjects that the asker knows.
     *
     * @param id repeated in the answer; null if an item in a line has none
     * @param line the number of its line, from 1; 0 if the item is in a list or alone
     * @param subjects empty if they could not be read
     * @param problem the reason why the subjects could not be read; null if they could be read
     * @param named the title and the creators by which candidates are searched; null for none
     */
    record Item(
            @Nullable String id,
            long line,
            List<Subject> subjects,
            @Nullable ProblemException problem,
            @Nullable Named named) {
        /** Creates an item without a title. */
        Item(@Nullable String id, long line, List<Subject> subjects, @Nullable ProblemException problem) {
            this(id, line, subjects, problem, null);
        }

        /** Returns the same item with a problem, and without a title. */
        Item refused(ProblemException refusal) {
            return new Item(id, line, subjects, refusal);
        }

        /** Returns the item; if it is one title too many, with a problem. */
        Item bounded(int titledBefore) {
            return named == null || titledBefore < MAX_TITLED
                    ? this
                    : refused(Problem.TOO_LARGE.because("A call takes at most " + MAX_TITLED
                            + " items with a title; send the others in another call"));
        }

        /**
         * Reads an item. Violations become the item's problem, not a problem of the call.
         *
         * @param otherwise used as the id if the item has none
         */
        static Item read(JsonNode node, @Nullable String otherwise, long line) {
            String id = otherwise;
            try {
                // The id is read first, so that all other violations are answered under it.
                JsonNode idNode = node.get("id");
                if (idNode != null && idNode.isTextual() && Members.isText(idNode.textValue(), MAX_ITEM_ID)) {
                    id = idNode.textValue();
                }
                Members members = Members.of(node, "id", "subjects", "title", "creators");
                members.optionalVerbatim("id", MAX_ITEM_ID);
                List<Subject> subjects = members.parsedList("subjects", MAX_SUBJECTS, Subject::parse);
                String title = members.optionalText("title", MAX_TITLE);
                List<String> creators = members.optionalTexts("creators", MAX_CREATORS, MAX_CREATOR);
                if (!members.hasList("subjects") && !members.has("title")) {
                    members.refuse(
                            "subjects", Reason.MISSING, "name the work by at least one subject, or by its title");
                }
                if (members.hasList("creators") && !members.has("title")) {
                    members.refuse("creators", Reason.CONFLICT, "creators are compared only beside a title");
                }
                members.finish();
                return new Item(id, line, subjects, null, title == null ? null : new Named(title, creators));
            } catch (ProblemException problem) {
                return new Item(id, line, List.of(), problem);
            }
        }
    }

    /**
     * Reads the parameters of the query.
     *
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if one violates the contract
     */
    static Question fromParameters(@Nullable List<String> uses, @Nullable String asOf, @Nullable String detail) {
        Set<Use> chosen = EnumSet.noneOf(Use.class);
        for (String use : uses == null ? List.<String>of() : uses) {
            chosen.add(Use.named(use).orElseThrow(() -> Parameters.notOneOf("use", use, USES)));
        }
        if (detail != null && !detail.equals("full") && !detail.equals("verdict")) {
            throw Parameters.notOneOf("detail", detail, DETAILS);
        }
        return new Question(
                chosen.isEmpty() ? ALL_MINING : chosen,
                asOf,
                !"verdict".equals(detail),
                "",
                contact -> false,
                Asker.ANONYMOUS);
    }

    /** Returns the same question, asked at that address of the registry by somebody who may see these contacts. */
    Question at(String address, Predicate<String> visible) {
        return new Question(uses, asOf, full, address, visible, asker);
    }

    /** Returns the party whose grants the answers follow; null without one. */
    @Nullable PartyId party() {
        return asker == null ? null : asker.party();
    }

    /** Returns the same question, asked by that asker. */
    Question by(Asker who) {
        return new Question(uses, asOf, full, origin, sees, who);
    }

    /** Returns the claims of a receipt that describe the question, in words of the contract. */
    Map<String, Object> claims() {
        return Map.of(
                "uses",
                uses.stream().map(Use::wireName).sorted().toList(),
                "detail",
                full ? DETAILS.get(1) : DETAILS.get(0));
    }

    /**
     * Reads the members of a call. The query has the values of absent members. Violations are added to {@code members}.
     */
    static Question fromMembers(Members members, Question query) {
        List<String> uses = members.optionalChoices("uses", USES.size(), USES);
        Set<Use> chosen = EnumSet.noneOf(Use.class);
        uses.forEach(use -> chosen.add(Use.named(use).orElseThrow()));
        JsonNode asOf = members.raw("asOf");
        if (asOf != null && !asOf.isTextual()) {
            members.refuse(
                    "asOf",
                    Reason.NOT_A_STRING,
                    "give a moment such as 2026-11-22T09:00:00Z, a position, or both as in 42@2026-11-22T09:00:00Z");
        }
        String detail = members.optionalChoice("detail", DETAILS);
        return new Question(
                chosen.isEmpty() ? query.uses() : chosen,
                asOf == null ? query.asOf() : asOf.textValue(),
                detail == null ? query.full() : detail.equals("full"),
                query.origin(),
                query.sees(),
                query.asker());
    }

    /**
     * Reads one item from the query.
     *
     * @throws ProblemException if it cannot be read
     */
    static Item itemFromParameters(@Nullable List<String> subjects) {
        if (subjects == null || subjects.isEmpty()) {
            throw Parameters.refused("subject", Reason.MISSING, "name the work by at least one subject");
        }
        if (subjects.size() > MAX_SUBJECTS) {
            throw Parameters.refused("subject", Reason.TOO_MANY, "give at most " + MAX_SUBJECTS + " subjects");
        }
        try {
            return new Item("0", 0, subjects.stream().map(Subject::parse).toList(), null);
        } catch (ProblemException refused) {
            throw refused.problem() == Problem.MALFORMED_SUBJECT ? refused.at("subject") : refused;
        }
    }
}
