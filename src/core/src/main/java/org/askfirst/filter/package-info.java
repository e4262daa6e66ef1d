/**
 * The filters of a snapshot: small files from which a client learns what is not declared. Begin at {@link
 * org.askfirst.filter.Filter}. The format is {@code docs/formats/filter.md}.
 */
@NullMarked
package org.askfirst.filter;

import org.jspecify.annotations.NullMarked;
