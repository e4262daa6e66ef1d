/**
 * Keeps the lookup index of this node current: builds it, follows the ledger, and reports its health.
 *
 * <p>Start reading at {@link org.askfirst.registry.indexing.IndexFollower}.
 */
@NullMarked
package org.askfirst.registry.indexing;

import org.jspecify.annotations.NullMarked;
