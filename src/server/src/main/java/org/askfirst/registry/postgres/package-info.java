/**
 * PostgreSQL tools: COPY, arrays of keys and ids, and columns that JDBC reads awkwardly.
 */
@NullMarked
package org.askfirst.registry.postgres;

import org.jspecify.annotations.NullMarked;
