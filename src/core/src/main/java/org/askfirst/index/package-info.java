/**
 * The lookup index: everything that stands, by key, in memory-mapped files and a small table of what came since.
 *
 * <p>Start reading at {@link org.askfirst.index.LookupIndex}, which owns all of it, then
 * {@link org.askfirst.index.IndexView}, which answers from one position of it. A {@link org.askfirst.index.Segment} is
 * an immutable file; {@code docs/formats/segment.md} is its specification, for readers in other languages.
 *
 * <p>Plain Java: whoever has a segment can load this package and the floors below it and gets the registry's own
 * verdicts without a registry. What feeds an index in the service is in {@code lookup}.
 */
@NullMarked
package org.askfirst.index;

import org.jspecify.annotations.NullMarked;
