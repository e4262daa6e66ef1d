package org.askfirst.registry.table;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of a table in order, one at a time. Not safe for use by several threads. */
public interface Rows extends Closeable {
    /**
     * Returns the next row, blank rows included; null at the end.
     *
     * @throws org.askfirst.problem.ProblemException {@link org.askfirst.problem.Problem#UNREADABLE_TABLE} if the rest
     *     cannot be split into rows
     */
    @Nullable Row next() throws IOException;
}
