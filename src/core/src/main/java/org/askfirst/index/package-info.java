/**
 * The lookup index: everything that is in force, by key, in memory-mapped files and a small table of newer changes.
 *
 * <p>Start reading at {@link org.askfirst.index.LookupIndex}, which owns all of it, then {@link
 * org.askfirst.index.IndexView}, which answers as of one position. A {@link org.askfirst.index.Segment} is an immutable
 * file; {@code docs/formats/segment.md} specifies it for readers in other languages.
 *
 * <p>Plain Java: a program that has a segment can load this package and those below it, and compute the registry's own
 * verdicts without a registry. In the service, {@code registry.indexing} feeds the index.
 */
@NullMarked
package org.askfirst.index;

import org.jspecify.annotations.NullMarked;
