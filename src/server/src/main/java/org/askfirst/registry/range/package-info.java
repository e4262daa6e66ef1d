/**
 * Private lookup: returns every statement under a prefix of subject keys, so that the asker need not reveal the
 * subject.
 */
@NullMarked
package org.askfirst.registry.range;

import org.jspecify.annotations.NullMarked;
