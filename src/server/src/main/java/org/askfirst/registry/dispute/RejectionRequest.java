package org.askfirst.registry.dispute;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import org.askfirst.id.DeclarationId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.statement.StatementsBelow;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * {@code RejectionRequest}.
 *
 * @param declaration the declaration that is rejected
 * @param subjects what is rejected; empty for all its subjects that the caller has evidence for
 * @param reason shown to the respondent; null if not given
 */
record RejectionRequest(
        DeclarationId declaration,
        List<Subject> subjects,
        @Nullable String reason) {
    private static final int MAX_REASON = 2000;

    static RejectionRequest parse(JsonNode body) {
        Members members = Members.of(body, "declaration", "subjects", "reason");
        DeclarationId declaration = DisputeRequest.declarationOf(members);
        List<Subject> subjects = members.parsedList("subjects", Rejections.MAX_SUBJECTS, Subject::parse);
        String reason = members.optionalText("reason", MAX_REASON);
        members.finish();
        return new RejectionRequest(Objects.requireNonNull(declaration), subjects, reason);
    }

    /**
     * {@code RejectionBelowRequest}.
     *
     * @param subject a site, a path or a prefix
     * @param reason shown to the respondents; null if not given
     * @param after the place to continue from
     */
    record OfAll(Subject subject, @Nullable String reason, StatementsBelow.Cursor after) {
        private static final int MAX_CURSOR = 1000;

        static OfAll parse(JsonNode body) {
            Members members = Members.of(body, "subject", "reason", "after");
            members.require("subject");
            Subject subject = members.parsed("subject", Subject::parse);
            if (subject != null && !StatementsBelow.canSearch(subject)) {
                members.refuse(
                        "subject",
                        Reason.UNKNOWN_VALUE,
                        "name a domain, an address under which works are, or a prefix of ISBN, ISRC, DOI or UCI; reject"
                                + " a single work by its declaration");
            }
            String reason = members.optionalText("reason", MAX_REASON);
            String text = members.optionalText("after", MAX_CURSOR);
            StatementsBelow.Cursor after = text == null
                    ? StatementsBelow.Cursor.START
                    : StatementsBelow.Cursor.parse(text).orElse(null);
            if (after == null) {
                members.refuse("after", Reason.MALFORMED, "give the next of the answer before, unchanged");
            }
            members.finish();
            return new OfAll(Objects.requireNonNull(subject), reason, Objects.requireNonNull(after));
        }
    }
}
