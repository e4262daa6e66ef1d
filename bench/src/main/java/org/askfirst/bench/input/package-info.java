/** Real lists through a running service; start reading at {@link org.askfirst.bench.input.RealInput}. */
@NullMarked
package org.askfirst.bench.input;

import org.jspecify.annotations.NullMarked;
