/**
 * E-mails to the contacts of parties: notices about accounts, disputes and rejections, messages of others, and links that
 * verify a contact.
 *
 * <p>Start reading at {@link org.askfirst.registry.mail.MailQueue}.
 */
@NullMarked
package org.askfirst.registry.mail;

import org.jspecify.annotations.NullMarked;
