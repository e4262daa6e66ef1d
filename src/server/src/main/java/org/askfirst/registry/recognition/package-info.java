/**
 * Recognition of the works that a person's text names, before anything is declared.
 */
@NullMarked
package org.askfirst.registry.recognition;

import org.jspecify.annotations.NullMarked;
