package org.askfirst.registry.lookup;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.declaration.MarketView;
import org.askfirst.registry.declaration.TermsView;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one item: {@code LookupAnswer}, and without its id {@code Verdicts}.
 *
 * @param verdicts null if the item cannot be answered; then it has a problem and no verdict
 * @param statements null if the asker did not request them
 * @param omitted number of statements that reach the item and are not listed
 */
record Answer(
        String id,
        @Nullable Verdicts verdicts,
        @Nullable List<AnswerStatement> statements,
        int omitted,
        @Nullable ProblemException problem) {
    /** {@code AnswerStatement}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AnswerStatement(
            String declaration,
            String subject,
            String party,
            @Nullable String partyName,
            String trust,
            String stance,
            boolean applied,
            @Nullable String notAppliedReason,
            @Nullable String contact,
            @Nullable TermsView terms,
            @Nullable Mandated mandate,
            @Nullable MarketView market,
            @Nullable Through through,
            long position) {}

    /** {@code Through}: the repertoire through which the statement reaches the subject. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Through(String repertoire, @Nullable String title, long listedPosition) {}

    /** The mandate under which the statement is made. The member is null until it has claimed the mandate. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Mandated(
            String id,
            boolean inForce,
            @Nullable String member,
            @Nullable String memberName) {}

    /** An item that cannot be answered. */
    static Answer refused(String id, ProblemException problem) {
        return new Answer(id, null, null, 0, problem);
    }
}
