/** A node without a database: it answers lookups from a copy of another registry's snapshot. */
@NullMarked
package org.askfirst.registry.mirror;

import org.jspecify.annotations.NullMarked;
