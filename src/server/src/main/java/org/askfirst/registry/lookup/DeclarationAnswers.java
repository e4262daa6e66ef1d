package org.askfirst.registry.lookup;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the subjects of a declaration, so that its page and its badge show the answer that a crawler gets now. Nobody
 * counts as the asker.
 */
@ApplicationScoped
public class DeclarationAnswers {
    /** Number of subjects of a declaration that its page asks about. */
    private static final int ASKED = 50;

    private final Lookup lookup;

    DeclarationAnswers(Lookup lookup) {
        this.lookup = lookup;
    }

    /**
     * The answers to a lookup of each subject of a declaration, with regard to that declaration.
     *
     * @param verdict the most cautious answer about the subjects to which the declaration applies; if it applies to
     *     none, about all subjects
     * @param asked number of subjects that were looked up
     * @param applied number of them to which the declaration applies
     * @param canBeAsked true if the lookup names somebody who can be asked about the declaration
     */
    public record Current(Verdict verdict, int asked, int applied, boolean canBeAsked) {}

    /**
     * Returns the answers of now; null if there is nothing to look up, or if the lookup index may be stale.
     *
     * @param state a declaration that is in force
     * @param declared those of its subjects that are looked up
     */
    public @Nullable Current current(DeclarationState state, List<Subject> declared) throws SQLException {
        Set<Use> uses = state.content().stances().stated().keySet();
        if (declared.isEmpty() || uses.isEmpty()) {
            return null;
        }
        List<Question.Item> items = declared.stream()
                .limit(ASKED)
                .map(subject -> new Question.Item(null, 0, List.of(subject), null))
                .toList();
        try {
            AsOf now = lookup.asOf(null);
            Question question = new Question(uses, null, false, "", contact -> false, null);
            return combined(
                    lookup.verdicts(items, question, now), state.latest().position(), now);
        } catch (ProblemException refusal) {
            if (refusal.problem() == Problem.UNAVAILABLE) {
                return null;
            }
            throw refusal;
        }
    }

    private static Current combined(List<@Nullable Verdicts> answers, long position, AsOf now) {
        int applied = 0;
        boolean canBeAsked = false;
        Verdict ofApplied = Verdict.ALLOW;
        Verdict ofAll = Verdict.ALLOW;
        for (Verdicts answer : answers) {
            if (answer == null) {
                continue;
            }
            ofAll = ofAll.moreCautious(answer.verdict());
            for (Verdicts.Assessment one : answer.assessments()) {
                if (one.statement().position() != position) {
                    continue;
                }
                canBeAsked |= one.statement().canBeAskedAt(now.moment());
                if (one.outcome() == Verdicts.Outcome.APPLIED) {
                    applied++;
                    ofApplied = ofApplied.moreCautious(answer.verdict());
                }
            }
        }
        return new Current(applied > 0 ? ofApplied : ofAll, answers.size(), applied, canBeAsked);
    }
}
