/**
 * Measures of the operator: texts and subjects that it hides, and parties that it restricts.
 *
 * <p>Start reading at {@link org.askfirst.registry.measure.Measures}, which views ask before they show something.
 */
@NullMarked
package org.askfirst.registry.measure;

import org.jspecify.annotations.NullMarked;
