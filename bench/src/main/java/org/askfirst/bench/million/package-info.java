/** Journeys of the service, with a million works each. */
@NullMarked
package org.askfirst.bench.million;

import org.jspecify.annotations.NullMarked;
