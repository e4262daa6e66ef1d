/**
 * The operator's own key and the acts that only the operator may do.
 *
 * <p>Start reading at {@link org.askfirst.registry.operator.OperatorResource}.
 */
@NullMarked
package org.askfirst.registry.operator;

import org.jspecify.annotations.NullMarked;
