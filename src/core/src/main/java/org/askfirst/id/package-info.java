/**
 * Identifiers that the registry gives: ordered by time, and written so that people can copy them.
 *
 * <p>Start reading at {@link org.askfirst.id.TimeOrderedIds}.
 */
@NullMarked
package org.askfirst.id;

import org.jspecify.annotations.NullMarked;
