/**
 * The amounts that parties and addresses may do in a day without evidence.
 *
 * <p>A false claim costs its author nothing, and everybody else a lot. So everything that a stranger can do by the
 * thousand has a budget. Start reading at {@link org.askfirst.registry.budget.Budget}.
 */
@NullMarked
package org.askfirst.registry.budget;

import org.jspecify.annotations.NullMarked;
