/**
 * The command {@code askfirst}.
 */
@NullMarked
package org.askfirst.client.command;

import org.jspecify.annotations.NullMarked;
