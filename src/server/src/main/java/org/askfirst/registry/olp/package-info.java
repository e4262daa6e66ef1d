/**
 * The Open License Protocol of RSL 1.0: a client gets a token for a license, and a server asks if a token permits access.
 *
 * <p>{@link org.askfirst.registry.olp.LicenseServer} has the rules. A token stands for grants and for nothing else, so
 * whatever ends a grant ends its tokens. Licenses that nobody has granted become license requests, which may wait. The
 * encrypted media of RSL and its endpoint for keys are left out: the registry stores no works.
 */
@org.jspecify.annotations.NullMarked
package org.askfirst.registry.olp;
