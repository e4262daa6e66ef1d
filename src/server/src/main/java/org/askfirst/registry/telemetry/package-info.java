/**
 * Ids of requests, their meters, and the security log.
 *
 * <p>Start reading at {@link org.askfirst.registry.telemetry.SecurityLog}. Other packages register meters of their own
 * subject; all names begin with {@code askfirst.}.
 */
@NullMarked
package org.askfirst.registry.telemetry;

import org.jspecify.annotations.NullMarked;
