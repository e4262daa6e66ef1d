/**
 * PostgreSQL tools that do not depend on the registry's tables: COPY, arrays and columns.
 */
@NullMarked
package org.askfirst.registry.postgres;

import org.jspecify.annotations.NullMarked;
