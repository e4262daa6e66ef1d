package org.askfirst.subject.internal.scheme;

import java.util.List;
import org.askfirst.subject.internal.web.SuffixList;

/**
 * The rules of one scheme: how its values are read, what contains them, what may be declared, and how people write
 * them.
 *
 * <p>A subject has the form {@code scheme:value}. Rules take and return text, so they do not depend on the classes that
 * use them. Each instance has no state and is safe for any number of threads.
 */
public interface SchemeRules {
    /**
     * Reads a value in any spelling.
     *
     * @param untrusted the text after the scheme and its colon
     * @return the canonical subject, {@code scheme:value}; it may have another scheme if two schemes number the same
     *     thing
     * @throws org.askfirst.problem.ProblemException {@code MALFORMED_SUBJECT}, with the reason
     */
    String parse(String untrusted);

    /** Returns the specificity of a subject with this canonical value; see {@link Specificity}. */
    int specificity(String value, SuffixList suffixes);

    /**
     * Adds the subjects that contain the one with this canonical value or are the same thing, most specific first,
     * without the subject itself.
     */
    void containers(String value, Containers to);

    /**
     * Refuses a canonical value that may be asked and not declared.
     *
     * @throws org.askfirst.problem.ProblemException {@code UNDECLARABLE_SUBJECT}
     */
    void requireDeclarable(String value, SuffixList suffixes);

    /**
     * Returns the labels that people write before a value, without the name of the scheme: lower case, such as {@code
     * orcid}.
     */
    default List<String> labels() {
        return List.of();
    }

    /** Returns the shapes by which a text without a label is recognised. */
    default List<Shape> shapes() {
        return List.of();
    }

    /** Returns the sites whose links name a value. */
    default List<Resolver> resolvers() {
        return List.of();
    }

    /**
     * Returns the names that columns with such values have in people's tables, in Korean and English: lower case,
     * letters and digits only. Empty if a column is never recognised automatically.
     */
    default List<String> columnNames() {
        return List.of();
    }
}
