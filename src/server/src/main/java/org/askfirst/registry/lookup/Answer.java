package org.askfirst.registry.lookup;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.askfirst.license.LicenseTerms;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.declaration.MarketView;
import org.askfirst.registry.declaration.TermsView;
import org.askfirst.registry.offer.Offers;
import org.askfirst.registry.search.NameSearch;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one item: {@code LookupAnswer} in a list, {@code LookupLine} in lines, and without its id
 * {@code Verdicts}.
 *
 * @param id null if an item in a line has none
 * @param line the number of its line, from 1; 0 if the item is in a list or alone
 * @param verdicts null if the item cannot be answered; then it has a problem and no verdict
 * @param statements null if the asker did not request them
 * @param test true if it is about a {@link org.askfirst.verdict.TestSubject}
 * @param omitted number of statements that reach the item and are not listed
 * @param candidates the works that the item's title may mean; null if the item has no title
 * @param offers the offers of licenses that fit the item; empty if there are none, or the asker did not request reasons
 */
record Answer(
        @Nullable String id,
        long line,
        @Nullable Verdicts verdicts,
        @Nullable List<AnswerStatement> statements,
        int omitted,
        @Nullable ProblemException problem,
        boolean test,
        NameSearch.@Nullable Candidates candidates,
        List<Offers.NamedOffer> offers) {
    /** Creates an answer without candidates and offers. */
    Answer(
            @Nullable String id,
            long line,
            @Nullable Verdicts verdicts,
            @Nullable List<AnswerStatement> statements,
            int omitted,
            @Nullable ProblemException problem,
            boolean test) {
        this(id, line, verdicts, statements, omitted, problem, test, null, List.of());
    }

    /** {@code AnswerStatement}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AnswerStatement(
            String declaration,
            String subject,
            String party,
            @Nullable String partyName,
            String trust,
            boolean evidenced,
            String stance,
            boolean applied,
            @Nullable String notAppliedReason,
            @Nullable Boolean contested,
            @Nullable Instant contestedUntil,
            @Nullable String contact,
            @Nullable Boolean contactVerified,
            @Nullable TermsView terms,
            @Nullable Mandated mandate,
            @Nullable MarketView market,
            @Nullable Through through,
            @Nullable List<Lifting> grants,
            long position) {}

    /** {@code AnswerGrant}: a grant of the asker that bears on the statement. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Lifting(
            String id,
            boolean applied,
            @Nullable String notAppliedReason,
            List<String> uses,
            Map<String, Object> model,
            String transfer,
            List<String> territory,
            @Nullable Instant validFrom,
            @Nullable Instant validTo) {
        static Lifting of(Verdicts.Lift lift, LicenseTerms terms) {
            boolean isApplied = lift.outcome() == Verdicts.Outcome.APPLIED;
            return new Lifting(
                    lift.grant().id().toString(),
                    isApplied,
                    isApplied ? null : wireName(lift.outcome()),
                    terms.uses().stream().map(Use::wireName).toList(),
                    modelOf(terms),
                    terms.transfer().wireName(),
                    terms.territory().toWire(),
                    lift.grant().period().from(),
                    lift.grant().period().to());
        }

        @SuppressWarnings("unchecked") // The codec writes an object with names of members.
        private static Map<String, Object> modelOf(LicenseTerms terms) {
            return (Map<String, Object>) terms.toTree().getOrDefault("model", Map.of());
        }
    }

    /** Returns the name of the outcome in the contract. */
    static String wireName(Verdicts.Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

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

    /** Returns the same answer, marked as one about a test subject. */
    Answer marked() {
        return new Answer(id, line, verdicts, statements, omitted, problem, true);
    }

    /** An item that cannot be answered. */
    static Answer refused(Question.Item item, ProblemException problem) {
        return new Answer(item.id(), item.line(), null, null, 0, problem, false);
    }

    /** Returns the same answer with candidates. */
    Answer with(NameSearch.Candidates found) {
        return new Answer(id, line, verdicts, statements, omitted, problem, test, found, offers);
    }

    /** Returns the same answer with offers. */
    Answer offering(List<Offers.NamedOffer> fitting) {
        return new Answer(id, line, verdicts, statements, omitted, problem, test, candidates, fitting);
    }

    /** Returns the same answer with a list of no statements, and the number of those that could be listed. */
    Answer unlisted(int all) {
        return new Answer(id, line, verdicts, List.of(), all, problem, test);
    }
}
