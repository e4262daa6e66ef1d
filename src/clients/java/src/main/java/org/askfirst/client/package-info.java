/**
 * The Java client of Ask First: answers from a snapshot without asking anybody, or asks the registry in bulk. Only {@link
 * org.askfirst.client.Decision#allowed} is permission.
 */
@NullMarked
package org.askfirst.client;

import org.jspecify.annotations.NullMarked;
