package org.askfirst.subject.internal.scheme;

import java.util.List;
import org.askfirst.subject.internal.web.SuffixList;

/**
 * Everything that is particular to one scheme: how its values are read, what contains them, what may be declared, and how
 * people write them.
 *
 * <p>A subject has the form {@code scheme:value}. Rules take and give text, so that they need nothing of the classes that
 * use them. Each instance has no state and is safe for any number of threads.
 */
public interface SchemeRules {
    /**
     * Reads a value in any spelling.
     *
     * @param untrusted the text after the scheme and its colon
     * @return the canonical subject, {@code scheme:value}; of another scheme where two schemes number the same thing
     * @throws org.askfirst.problem.ProblemException {@code MALFORMED_SUBJECT}, with the reason
     */
    String parse(String untrusted);

    /** How narrowly a subject with this canonical value speaks; see {@link Specificity}. */
    int specificity(String value, SuffixList suffixes);

    /**
     * Adds the subjects that contain the one with this canonical value or are the same thing, most specific first,
     * without itself.
     */
    void containers(String value, Containers to);

    /**
     * Refuses a canonical value that may be asked for but not declared.
     *
     * @throws org.askfirst.problem.ProblemException {@code UNDECLARABLE_SUBJECT}
     */
    void requireDeclarable(String value, SuffixList suffixes);

    /** Labels that people put in front of a value, beside the name of the scheme: lower case, as {@code orcid}. */
    default List<String> labels() {
        return List.of();
    }

    /** Shapes by which a text without a label is recognised. */
    default List<Shape> shapes() {
        return List.of();
    }

    /** Sites whose links name a value. */
    default List<Resolver> resolvers() {
        return List.of();
    }

    /**
     * Names that the columns of people's tables have for such values, in Korean and English: lower case, letters and
     * digits only. Empty where a column is never taken for such values without being told.
     */
    default List<String> columnNames() {
        return List.of();
    }
}
