/**
 * Canonical JSON (RFC 8785), the byte form of everything that is hashed or signed.
 */
@NullMarked
package org.askfirst.json;

import org.jspecify.annotations.NullMarked;
