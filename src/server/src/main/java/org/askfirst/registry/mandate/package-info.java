/**
 * Mandates: which party may declare for whom, for which schemes and uses, and until when.
 *
 * <p>Start reading at {@link org.askfirst.registry.mandate.Mandates}.
 */
@NullMarked
package org.askfirst.registry.mandate;

import org.jspecify.annotations.NullMarked;
