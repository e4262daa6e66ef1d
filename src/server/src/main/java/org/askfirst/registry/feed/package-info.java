/** Everything that was recorded, in order, and what is being recorded now. */
@NullMarked
package org.askfirst.registry.feed;

import org.jspecify.annotations.NullMarked;
