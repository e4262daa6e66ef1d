/** The command {@code askfirst-engines}. */
@NullMarked
package org.askfirst.engines.command;

import org.jspecify.annotations.NullMarked;
