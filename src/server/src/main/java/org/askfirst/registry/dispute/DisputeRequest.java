package org.askfirst.registry.dispute;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Members;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * {@code DisputeRequest}.
 *
 * @param declaration the declaration that is disputed; null if {@code control} is
 * @param control the proof of control that is disputed; null if {@code declaration} is
 * @param subjects what is disputed; empty for all its subjects
 * @param grounds one of {@link #GROUNDS}
 * @param statement confidential
 * @param evidence SHA-256 of documents, in hexadecimal
 */
record DisputeRequest(
        @Nullable DeclarationId declaration,
        @Nullable DisputedControl control,
        List<Subject> subjects,
        String grounds,
        String statement,
        List<String> evidence) {
    static final List<String> GROUNDS =
            List.of("not-theirs", "no-mandate", "false-permission", "wrong-contact", "other");

    private static final int MAX_STATEMENT = 10_000;
    private static final int MAX_EVIDENCE = 20;
    private static final int ID_LENGTH = 28;
    private static final int HASH_LENGTH = 64;
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    static DisputeRequest parse(JsonNode body) {
        Members members = Members.of(body, "declaration", "control", "subjects", "grounds", "statement", "evidence");
        DisputedControl control = DisputedControl.of(members);
        DeclarationId declaration = members.has("control") ? null : declarationOf(members);
        List<Subject> subjects = members.parsedList("subjects", Rejections.MAX_SUBJECTS, Subject::parse);
        if (members.has("control") && (members.has("declaration") || !subjects.isEmpty())) {
            members.refuse("control", Reason.CONFLICT, "name either a proof of control, or a declaration");
        }
        members.require("grounds", GROUNDS);
        String grounds = members.optionalChoice("grounds", GROUNDS);
        String statement = members.text("statement", MAX_STATEMENT);
        List<String> evidence = evidenceOf(members);
        members.finish();
        return new DisputeRequest(
                declaration,
                control,
                subjects,
                Objects.requireNonNull(grounds),
                Objects.requireNonNull(statement),
                evidence);
    }

    /** {@code DisputedControl}: the proof of a party for a subject. */
    record DisputedControl(PartyId party, Subject subject) {
        private static @Nullable DisputedControl of(Members members) {
            Members control = members.object("control", "party", "subject");
            if (control == null) {
                return null;
            }
            control.require("party");
            control.require("subject");
            String text = control.optionalText("party", ID_LENGTH);
            PartyId party = text == null ? null : PartyId.parse(text).orElse(null);
            if (text != null && party == null) {
                control.refuse("party", Reason.MALFORMED, "give the id of a party: p_ and 26 characters");
            }
            Subject subject = control.parsed("subject", Subject::parse);
            return party == null || subject == null ? null : new DisputedControl(party, subject);
        }
    }

    /** Reads {@code declaration}; null if it is missing or no id, which is then a violation. */
    static @Nullable DeclarationId declarationOf(Members members) {
        String text = members.text("declaration", ID_LENGTH);
        DeclarationId declaration =
                text == null ? null : DeclarationId.parse(text).orElse(null);
        if (text != null && declaration == null) {
            members.refuse("declaration", Reason.MALFORMED, "give the id of a declaration: d_ and 26 characters");
        }
        return declaration;
    }

    private static List<String> evidenceOf(Members members) {
        List<String> evidence = members.optionalTexts("evidence", MAX_EVIDENCE, HASH_LENGTH);
        if (evidence.stream().anyMatch(hash -> !HASH.matcher(hash).matches())) {
            members.refuse("evidence", Reason.MALFORMED, "give SHA-256 of documents: 64 hexadecimal digits each");
        }
        return evidence;
    }

    /**
     * {@code DisputeStepRequest}.
     *
     * @param step one of {@link #STEPS}
     * @param statement confidential; null if not given
     */
    record StepRequest(String step, @Nullable String statement, List<String> evidence) {
        static final List<String> STEPS = List.of("answer", "continue", "cure", "appeal");

        static StepRequest parse(JsonNode body) {
            Members members = Members.of(body, "step", "statement", "evidence");
            members.require("step", STEPS);
            String step = members.optionalChoice("step", STEPS);
            String statement = members.optionalText("statement", MAX_STATEMENT);
            List<String> evidence = evidenceOf(members);
            if (statement == null && step != null && !step.equals("continue")) {
                members.require("statement");
            }
            members.finish();
            return new StepRequest(Objects.requireNonNull(step), statement, evidence);
        }
    }
}
