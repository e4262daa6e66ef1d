/**
 * What every HTTP answer and request has in common: problems, strict JSON, streamed lines, limits, caching.
 *
 * <p>It knows of no resource; every resource uses it, so that a rule of the house is kept in one place.
 */
@NullMarked
package org.askfirst.registry.http;

import org.jspecify.annotations.NullMarked;
