package org.askfirst.lookup;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.askfirst.declaration.Use;
import org.askfirst.declaration.Verdict;
import org.askfirst.http.ProblemDocument;
import org.askfirst.http.TermsView;
import org.askfirst.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** {@code LookupAnswer}, and without its id {@code Verdicts}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AnswerView(
        @Nullable String id,
        @Nullable String verdict,
        @Nullable Map<String, UseVerdict> uses,
        @Nullable List<Because> because,
        @Nullable Integer more,
        @Nullable ProblemDocument problem) {
    /** {@code UseVerdict}. */
    record UseVerdict(String verdict) {}

    /** {@code Because}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Because(
            String declaration,
            String subject,
            String party,
            @Nullable String partyName,
            String trust,
            String stance,
            boolean counted,
            @Nullable String notCounted,
            @Nullable String contact,
            @Nullable TermsView terms,
            @Nullable Mandated mandate,
            long position) {}

    /** Under which mandate, and for whom, it is said; without a member while that is not known. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Mandated(
            String id,
            boolean inForce,
            @Nullable String member,
            @Nullable String memberName) {}

    static Map<String, UseVerdict> uses(Map<Use, Verdict> verdicts) {
        Map<String, UseVerdict> uses = new LinkedHashMap<>();
        verdicts.forEach((use, verdict) -> uses.put(use.wireName(), new UseVerdict(verdict.wireName())));
        return uses;
    }

    /** What is said of an item that cannot be answered: no verdict at all. */
    static AnswerView refused(String id, ProblemException problem) {
        return new AnswerView(id, null, null, null, null, ProblemDocument.of(problem));
    }

    AnswerView withoutId() {
        return new AnswerView(null, verdict, uses, because, more, problem);
    }
}
