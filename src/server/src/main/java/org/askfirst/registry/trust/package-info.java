/**
 * Trust in parties: the operator's decisions about them, and bodies that vouch for members.
 *
 * <p>Start reading at {@link org.askfirst.registry.trust.TrustProjection}, which folds both.
 */
@NullMarked
package org.askfirst.registry.trust;

import org.jspecify.annotations.NullMarked;
