/**
 * Offers: the terms on which parties license works for which their statements decide.
 *
 * <p>Start reading at {@link org.askfirst.registry.offer.Offers}, which lookups ask. {@link
 * org.askfirst.registry.offer.OfferProjection} folds the entries, and {@link
 * org.askfirst.registry.offer.Licensors} finds the parties to ask for a work.
 */
@NullMarked
package org.askfirst.registry.offer;

import org.jspecify.annotations.NullMarked;
