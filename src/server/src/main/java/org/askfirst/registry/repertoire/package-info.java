/**
 * Repertoires: long lists of works that one declaration covers, and changes to them.
 *
 * <p>Start reading at {@link org.askfirst.registry.repertoire.Repertoires}.
 */
@NullMarked
package org.askfirst.registry.repertoire;

import org.jspecify.annotations.NullMarked;
