package org.askfirst.index;

import org.askfirst.verdict.Statement;

/**
 * A statement that reaches an asked subject.
 *
 * @param statement the statement
 * @param subject the declared subject that matched, canonical
 * @param exact false if the declared subject is another one that is also stored under this one; the entry names it
 * @param statedAt the position of the entry that makes the statement
 * @param listedAt the position of the entry by which a repertoire lists the subject; 0 if the declaration names it
 */
public record Match(Statement statement, String subject, boolean exact, long statedAt, long listedAt) {
    /** Creates a match with a subject that the declaration names. */
    public Match(Statement statement, String subject, boolean exact) {
        this(statement, subject, exact, statement.position(), 0);
    }
}
