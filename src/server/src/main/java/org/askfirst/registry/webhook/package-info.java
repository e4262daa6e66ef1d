/**
 * Webhooks: posts the notices of a party to an address that the party has set, signed as Standard Webhooks specifies.
 *
 * <p>Start reading at {@link org.askfirst.registry.webhook.Webhooks}, which stores addresses and the notices that wait.
 * {@link org.askfirst.registry.webhook.WebhookWorker} delivers them, and
 * {@link org.askfirst.registry.webhook.WebhookSender} makes one attempt.
 */
@NullMarked
package org.askfirst.registry.webhook;

import org.jspecify.annotations.NullMarked;
