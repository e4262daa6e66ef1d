/**
 * The PostgreSQL server that the service brings along and starts when no database is configured.
 *
 * <p>Start reading at {@link org.askfirst.registry.embedded.EmbeddedDatabase}.
 */
@NullMarked
package org.askfirst.registry.embedded;

import org.jspecify.annotations.NullMarked;
