package org.askfirst.lookup;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.askfirst.declaration.Statement;
import org.askfirst.ledger.LedgerStore;
import org.askfirst.subject.Subject;

/**
 * Where lookups get statements from.
 *
 * <p>A source answers for any position up to that of {@link #head}, exactly and again the same; it may be called from
 * any thread. It promises completeness: a statement that reaches an asked subject is never left out, and if that
 * cannot be promised it throws.
 */
interface StatementSource {
    /**
     * A statement that reaches an asked subject.
     *
     * @param subject the declared subject that matched, canonical
     */
    record Match(Statement statement, String subject) {}

    /** The last entry that this source knows of. */
    LedgerStore.Head head() throws SQLException;

    /**
     * For each asked subject that anything reaches, what reaches it.
     *
     * @param position entries up to and including it count
     */
    Map<Subject, List<Match>> reaching(Collection<Subject> asked, long position) throws SQLException;
}
