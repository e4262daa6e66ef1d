/**
 * Starts and stops the service in order, and runs the commands {@code verify} and {@code rebuild}. Provides the clock
 * and the source of ids.
 *
 * <p>Start reading at {@link org.askfirst.registry.ops.Main}.
 */
@NullMarked
package org.askfirst.registry.ops;

import org.jspecify.annotations.NullMarked;
