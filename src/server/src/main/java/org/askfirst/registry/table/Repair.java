package org.askfirst.registry.table;

import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * A subject in the place of a text that cannot be read. It is what the refusal of the text suggests, and a person has
 * accepted it.
 *
 * @param column counted from 0
 * @param text as in the cell
 * @param subject the suggestion, in canonical form
 */
public record Repair(int column, String text, String subject) {
    /**
     * Returns what a refusal suggests in the place of the text; null if it suggests nothing that can be declared, or if
     * the text has several meanings.
     */
    public static @Nullable Subject suggestedBy(ProblemException why) {
        if (why.violations().size() != 1) {
            return null;
        }
        String suggestion = why.violations().get(0).suggestion();
        Reason reason = why.violations().get(0).reason();
        if (suggestion == null || reason == Reason.AMBIGUOUS || reason == Reason.SEVERAL_SUBJECTS) {
            return null;
        }
        try {
            Subject subject = Subject.parse(suggestion);
            subject.requireDeclarable();
            return subject;
        } catch (ProblemException none) {
            return null;
        }
    }
}
