package org.askfirst.index;

import org.askfirst.verdict.Statement;

/**
 * A statement that reaches an asked subject.
 *
 * @param subject the declared subject that matched, canonical
 * @param exact false if the declared subject is another one, kept under this one too; the entry says which
 * @param statedAt position of the entry that says what is said
 * @param listedAt position of the entry by which a repertoire lists the subject; 0 if the declaration names it
 */
public record Match(Statement statement, String subject, boolean exact, long statedAt, long listedAt) {
    /** Of a subject that the declaration names. */
    public Match(Statement statement, String subject, boolean exact) {
        this(statement, subject, exact, statement.position(), 0);
    }
}
