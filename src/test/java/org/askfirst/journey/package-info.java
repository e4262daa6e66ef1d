/**
 * Whole journeys on the packaged service, started and stopped as a stranger would.
 *
 * <p>{@link org.askfirst.journey.Service} is the service in a process and an empty folder of its own; every test
 * here goes through its front door.
 */
@NullMarked
package org.askfirst.journey;

import org.jspecify.annotations.NullMarked;
