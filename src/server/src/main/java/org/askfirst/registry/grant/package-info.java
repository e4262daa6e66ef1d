/**
 * Grants: a licensor permits uses of its works to one licensee, in confidence.
 *
 * <p>Start reading at {@link org.askfirst.registry.grant.Grants}, which gives and ends grants. {@link
 * org.askfirst.registry.grant.GrantIndex} has the grants of each licensee for lookups. {@code docs/formats/grant.md}
 * specifies the signed statement of a grant, and ADR 46 has the reasons.
 */
@NullMarked
package org.askfirst.registry.grant;

import org.jspecify.annotations.NullMarked;
