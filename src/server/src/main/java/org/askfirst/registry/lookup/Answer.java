package org.askfirst.registry.lookup;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.declaration.MarketView;
import org.askfirst.registry.declaration.TermsView;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/**
 * What is said of one item: {@code LookupAnswer}, and without its id {@code Verdicts}.
 *
 * @param verdicts null if the item cannot be answered; then there is a problem and no verdict at all
 * @param statements null if it was not asked for
 * @param omitted how many statements bear on the item and are not listed
 */
record Answer(
        String id,
        @Nullable Verdicts verdicts,
        @Nullable List<Because> statements,
        int omitted,
        @Nullable ProblemException problem) {
    /** {@code AnswerStatement}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Because(
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

    /** {@code Through}: what led to the declaration, if not the subject alone. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Through(String repertoire, @Nullable String title, long listedPosition) {}

    /** Under which mandate, and for whom, it is said; without a member while that is not known. */
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
