/** Journeys of people with the running service, from the first step to the last. */
@NullMarked
package org.askfirst.registry.journey;

import org.jspecify.annotations.NullMarked;
