/**
 * Fetches pages and DNS records that strangers name, without becoming a weapon against them or us.
 *
 * <p>Start reading at {@link org.askfirst.registry.fetch.Fetcher}. It connects to public addresses only. It checks the
 * address after the name is resolved, uses the checked address for the connection, and checks again at each redirect.
 * It limits seconds, bytes and requests.
 */
@NullMarked
package org.askfirst.registry.fetch;

import org.jspecify.annotations.NullMarked;
