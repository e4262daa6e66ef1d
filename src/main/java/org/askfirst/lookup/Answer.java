package org.askfirst.lookup;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.askfirst.declaration.Verdicts;
import org.askfirst.http.TermsView;
import org.askfirst.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * What is said of one item: {@code LookupAnswer}, and without its id {@code Verdicts}.
 *
 * @param verdicts null if the item cannot be answered; then there is a problem and no verdict at all
 * @param because null if it was not asked for
 * @param more how many statements bear on the item and are not listed
 */
record Answer(
        String id,
        @Nullable Verdicts verdicts,
        @Nullable List<Because> because,
        int more,
        @Nullable ProblemException problem) {
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
            long position) {}

    /** An item that cannot be answered. */
    static Answer refused(String id, ProblemException problem) {
        return new Answer(id, null, null, 0, problem);
    }
}
