/**
 * The catalogue of a snapshot: which files it has, and until when they may be used. The format is {@code
 * docs/formats/snapshot.md}.
 */
@NullMarked
package org.askfirst.catalog;

import org.jspecify.annotations.NullMarked;
