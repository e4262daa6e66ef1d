/**
 * Tools for tests of the service: one client, names that occur once, a checker that proves the whole ledger, and a name
 * server and a web server on loopback.
 *
 * <p>Start reading at {@link org.askfirst.testkit.Party}, {@link org.askfirst.testkit.Draft} and
 * {@link org.askfirst.testkit.LedgerChecker}.
 */
@NullMarked
package org.askfirst.testkit;

import org.jspecify.annotations.NullMarked;
