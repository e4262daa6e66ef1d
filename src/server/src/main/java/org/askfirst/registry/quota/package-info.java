/** Quotas of askers, and the RateLimit headers that report them. */
@NullMarked
package org.askfirst.registry.quota;

import org.jspecify.annotations.NullMarked;
