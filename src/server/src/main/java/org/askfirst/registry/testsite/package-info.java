/**
 * A public test site for authors of crawlers: one page for each signal and verdict, registries that fail in each way,
 * and a manifest of the right answers. It needs no database and no part of the service. Start reading at {@link
 * org.askfirst.registry.testsite.TestSite}.
 */
@NullMarked
package org.askfirst.registry.testsite;

import org.jspecify.annotations.NullMarked;
