/**
 * A small witness that anyone can run: it cosigns the checkpoints of logs (C2SP tlog-witness). It has no part of the
 * registry. Start reading at {@link org.askfirst.registry.witness.WitnessServer}.
 */
@NullMarked
package org.askfirst.registry.witness;

import org.jspecify.annotations.NullMarked;
