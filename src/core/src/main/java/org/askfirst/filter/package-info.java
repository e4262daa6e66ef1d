/**
 * The filters of a snapshot: small files that tell of most keys that nothing is declared under them. Begin at {@link
 * org.askfirst.filter.Filter}. The format is {@code docs/formats/filter.md}.
 */
@NullMarked
package org.askfirst.filter;

import org.jspecify.annotations.NullMarked;
