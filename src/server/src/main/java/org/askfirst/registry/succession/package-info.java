/**
 * Recovery of lost keys, and the transfer of an account to its successor.
 *
 * <p>Start reading at {@link org.askfirst.registry.succession.Recoveries}.
 */
@NullMarked
package org.askfirst.registry.succession;

import org.jspecify.annotations.NullMarked;
