package org.askfirst.index;

import java.util.List;
import org.askfirst.subject.Expansion;
import org.askfirst.verdict.Statement;

/**
 * A statement that reaches an asked subject.
 *
 * @param statement the statement
 * @param subject the declared subject that matched, canonical
 * @param exact false if the declared subject is another one that is also stored under this one; the entry names it
 * @param statedAt the position of the entry that makes the statement
 * @param listedAt the position of the entry by which a repertoire lists the subject; 0 if the declaration names it
 * @param work the number of the key that matched, as {@link #work} computes it
 */
public record Match(Statement statement, String subject, boolean exact, long statedAt, long listedAt, long work) {
    /** The bit of {@link #work} that is set if the key belongs to another spelling of the declared subject. */
    public static final long OTHER_SUBJECT = 1;

    /** Creates a match with a subject that the declaration names. */
    public Match(Statement statement, String subject, boolean exact, long work) {
        this(statement, subject, exact, statement.position(), 0, work);
    }

    /**
     * Returns the number under which lookups of a subject are counted: the first 63 bits of the key that matched, and
     * {@link #OTHER_SUBJECT}. It is never 0.
     *
     * @param otherSubject true if the declared subject is not that of the entry, but is stored under its key too
     */
    public static long work(Expansion expansion, int entry, boolean otherSubject) {
        long key = expansion.prefix64(entry) & ~OTHER_SUBJECT;
        return (key == 0 ? Long.MIN_VALUE : key) | (otherSubject ? OTHER_SUBJECT : 0);
    }

    /** Returns the same match of another statement. */
    Match of(Statement other) {
        return new Match(other, subject, exact, statedAt, listedAt, work);
    }

    /**
     * Adds a match to those of the same asked subject, the most specific first. Another spelling of an address is left
     * out if the same entry was found by a closer one: a statement about an address is stored under several.
     */
    public static void add(Match match, List<Match> to) {
        if (match.statement.reach() == Statement.Reach.OTHER_SPELLING) {
            for (Match closer : to) {
                if (closer.statedAt == match.statedAt && closer.listedAt == match.listedAt) {
                    return;
                }
            }
        }
        to.add(match);
    }
}
