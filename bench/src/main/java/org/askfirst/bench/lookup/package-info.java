/** Rates of lookups, beside their peers; start reading at {@link org.askfirst.bench.lookup.Lookup}. */
@NullMarked
package org.askfirst.bench.lookup;

import org.jspecify.annotations.NullMarked;
