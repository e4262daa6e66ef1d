package org.askfirst.registry.table;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of a table in order, one at a time. Not safe for several threads. */
public interface Rows extends Closeable {
    /**
     * The next row, blank ones included; null at the end.
     *
     * @throws org.askfirst.problem.ProblemException {@link org.askfirst.problem.Problem#UNREADABLE_TABLE} where the
     *     rest cannot be told apart into rows
     */
    @Nullable Row next() throws IOException;
}
