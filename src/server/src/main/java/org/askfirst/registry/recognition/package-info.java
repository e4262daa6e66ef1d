/** Recognition of subjects in texts that people write, before anything is declared. */
@NullMarked
package org.askfirst.registry.recognition;

import org.jspecify.annotations.NullMarked;
