/** Two peers of the service's lookup over HTTP: an endpoint that does nothing, and one query for each request. */
@NullMarked
package org.askfirst.bench.ceiling;

import org.jspecify.annotations.NullMarked;
