package org.askfirst.entry;

import org.jspecify.annotations.Nullable;

/**
 * What is paid for a licence.
 *
 * @param type a payment type of RSL 1.0
 * @param amount decimal digits as they were given, so that nothing is rounded; null if not said
 * @param currency ISO 4217; present exactly when the amount is
 */
public record Payment(
        String type, @Nullable String amount, @Nullable String currency) {}
