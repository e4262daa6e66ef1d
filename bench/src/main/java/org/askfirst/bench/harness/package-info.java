/**
 * The parts that all benches share: their arguments, their report, the servers that they start, and readings of the
 * machine.
 */
@NullMarked
package org.askfirst.bench.harness;

import org.jspecify.annotations.NullMarked;
