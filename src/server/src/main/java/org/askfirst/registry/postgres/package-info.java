/**
 * PostgreSQL tools that know nothing of the registry: COPY, arrays and columns.
 */
@NullMarked
package org.askfirst.registry.postgres;

import org.jspecify.annotations.NullMarked;
