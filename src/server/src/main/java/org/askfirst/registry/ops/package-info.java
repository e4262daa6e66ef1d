/**
 * Starts and stops the service in order, and runs the commands {@code verify}, {@code rebuild}, {@code backup} and
 * {@code restore}. Provides the clock and the source of ids.
 *
 * <p>Start reading at {@link org.askfirst.registry.ops.Main}.
 */
@NullMarked
package org.askfirst.registry.ops;

import org.jspecify.annotations.NullMarked;
