package org.askfirst.registry.lookup;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
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
 */
record Question(Set<Use> uses, @Nullable String asOf, boolean full) {
    private static final List<String> USES =
            Arrays.stream(Use.values()).map(Use::wireName).toList();
    private static final List<String> DETAILS = List.of("verdict", "full");
    private static final Set<Use> ALL_MINING = EnumSet.of(Use.TEXT_AND_DATA_MINING);
    static final int MAX_ITEM_ID = 256;
    static final int MAX_SUBJECTS = 20;

    /**
     * One work, named by all subjects that the asker knows.
     *
     * @param id repeated in the answer
     * @param subjects empty if they could not be read
     * @param problem the reason why the subjects could not be read; null if they could be read
     */
    record Item(String id, List<Subject> subjects, @Nullable ProblemException problem) {
        /**
         * Reads an item. Violations become the item's problem, not a problem of the call.
         *
         * @param place used as the id if the item has none
         */
        static Item read(JsonNode node, long place) {
            String id = String.valueOf(place);
            try {
                // The id is read first, so that all other violations are answered under it.
                JsonNode idNode = node.get("id");
                if (idNode != null && idNode.isTextual() && Members.isText(idNode.textValue(), MAX_ITEM_ID)) {
                    id = idNode.textValue();
                }
                Members members = Members.of(node, "id", "subjects");
                members.optionalText("id", MAX_ITEM_ID);
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
        return new Question(chosen.isEmpty() ? ALL_MINING : chosen, asOf, !"verdict".equals(detail));
    }

    /** Reads the members of a call, which take precedence over the query. Violations are added to {@code members}. */
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
                detail == null ? query.full() : detail.equals("full"));
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
            return new Item("0", subjects.stream().map(Subject::parse).toList(), null);
        } catch (ProblemException refused) {
            throw refused.problem() == Problem.MALFORMED_SUBJECT ? refused.at("subject") : refused;
        }
    }
}
