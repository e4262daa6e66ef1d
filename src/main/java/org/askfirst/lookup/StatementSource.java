package org.askfirst.lookup;

import java.util.List;
import org.askfirst.index.Match;
import org.askfirst.subject.Subject;

/**
 * Where a lookup gets statements from, at one position of the ledger.
 *
 * <p>It promises completeness: a statement that reaches an asked subject is never left out, and if that cannot be
 * promised it throws. The same question gets the same answer.
 */
interface StatementSource {
    /** Everything that reaches that subject, most specific first, and of one subject oldest first. */
    List<Match> reaching(Subject asked);
}
