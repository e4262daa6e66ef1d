/**
 * The snapshot: the index as files that anybody can keep. The format is {@code docs/formats/snapshot.md}.
 */
@NullMarked
package org.askfirst.registry.snapshot;

import org.jspecify.annotations.NullMarked;
