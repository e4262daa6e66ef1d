/**
 * Search for works and parties by title, creator, name and identifier.
 *
 * <p>Start reading at {@link org.askfirst.registry.search.NameSearch}. {@link
 * org.askfirst.registry.search.NameIndex} follows the ledger and keeps the table that it reads.
 */
@NullMarked
package org.askfirst.registry.search;

import org.jspecify.annotations.NullMarked;
