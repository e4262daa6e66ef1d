/**
 * How fast lookups are, beside their peers. Start reading at {@link org.askfirst.bench.Lookup}.
 */
@NullMarked
package org.askfirst.bench;

import org.jspecify.annotations.NullMarked;
