/**
 * The ids that the registry assigns. They sort by time, and people can copy them.
 *
 * <p>Start reading at {@link org.askfirst.id.TimeOrderedIds}.
 */
@NullMarked
package org.askfirst.id;

import org.jspecify.annotations.NullMarked;
