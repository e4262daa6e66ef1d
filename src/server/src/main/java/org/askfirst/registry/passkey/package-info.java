/**
 * Passkeys (WebAuthn): people register them with their account, and sign in with them. Begin with {@link
 * org.askfirst.registry.passkey.Passkeys}.
 */
@NullMarked
package org.askfirst.registry.passkey;

import org.jspecify.annotations.NullMarked;
