/**
 * Who asked: counts of the lookups that each declaration answered, and the certificate that is made of them.
 *
 * <p>Start reading at {@link org.askfirst.registry.asked.LookupTally}, to which each lookup adds. {@link
 * org.askfirst.registry.asked.TallyWriter} stores what it counted every five seconds, as one value ({@link
 * org.askfirst.registry.asked.Chunk}), and {@link org.askfirst.registry.asked.TallyFold} adds stored values to the tables
 * that people read, at a pace that leaves the database to others.
 */
@NullMarked
package org.askfirst.registry.asked;

import org.jspecify.annotations.NullMarked;
