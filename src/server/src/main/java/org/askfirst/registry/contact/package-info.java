/**
 * The contacts of parties: links by which a mailbox confirms a contact or refuses it, and the form that takes the place
 * of a contact.
 *
 * <p>Start reading at {@link org.askfirst.registry.contact.ContactLinks} and {@link
 * org.askfirst.registry.contact.Messages}.
 */
@NullMarked
package org.askfirst.registry.contact;

import org.jspecify.annotations.NullMarked;
