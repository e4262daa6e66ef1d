/**
 * License requests: one party asks another for a license, and the two agree, or not.
 *
 * <p>Start reading at {@link org.askfirst.registry.licensing.Licensing}, which splits a call by licensor and takes the
 * steps. Requests are confidential between the two sides: entries name neither, and {@link
 * org.askfirst.registry.licensing.LicenseRequests} has what only the two sides may read. An agreement becomes
 * a grant ({@link org.askfirst.registry.grant.Grants}).
 */
@NullMarked
package org.askfirst.registry.licensing;

import org.jspecify.annotations.NullMarked;
