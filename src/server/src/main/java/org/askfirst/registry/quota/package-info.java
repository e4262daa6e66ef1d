/**
 * Quotas: how much each asker may ask, and the RateLimit headers that report it.
 */
@NullMarked
package org.askfirst.registry.quota;

import org.jspecify.annotations.NullMarked;
