/**
 * Looks at names and pages that strangers point us to, without being turned against them or us.
 *
 * <p>Start reading at {@link org.askfirst.registry.fetch.Fetcher}: public addresses only, checked after the name was resolved
 * and held for the connection, at every redirect anew; few seconds, few bytes, few requests.
 */
@NullMarked
package org.askfirst.registry.fetch;

import org.jspecify.annotations.NullMarked;
