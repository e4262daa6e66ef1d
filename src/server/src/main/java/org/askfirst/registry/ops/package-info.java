/**
 * Starts and stops the service in order, with or without a database of its own.
 *
 * <p>Start reading at {@link org.askfirst.registry.ops.Main}.
 */
@NullMarked
package org.askfirst.registry.ops;

import org.jspecify.annotations.NullMarked;
