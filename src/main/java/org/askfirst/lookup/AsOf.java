package org.askfirst.lookup;

import java.time.Instant;

/**
 * What an answer holds for.
 *
 * @param position of the ledger: entries up to and including it count
 * @param moment by which periods are judged
 */
record AsOf(long position, Instant moment) {}
