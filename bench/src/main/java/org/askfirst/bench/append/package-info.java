/** Rates of durable acts; start reading at {@link org.askfirst.bench.append.Append}. */
@NullMarked
package org.askfirst.bench.append;

import org.jspecify.annotations.NullMarked;
