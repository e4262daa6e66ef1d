/** Pages and documents for people. */
@NullMarked
package org.askfirst.web;

import org.jspecify.annotations.NullMarked;
