/** Pages and documents for people. */
@NullMarked
package org.askfirst.registry.web;

import org.jspecify.annotations.NullMarked;
