/**
 * Private lookup: returns every statement in a bucket of subject keys, so that the asker need not reveal a subject.
 */
@NullMarked
package org.askfirst.registry.range;

import org.jspecify.annotations.NullMarked;
