package org.askfirst.entry;

import org.jspecify.annotations.Nullable;

/**
 * The price of a license.
 *
 * @param type a payment type of RSL 1.0
 * @param amount decimal digits as submitted, so that nothing is rounded; null if not given
 * @param currency the ISO 4217 code; present exactly if the amount is
 */
public record Payment(
        String type, @Nullable String amount, @Nullable String currency) {}
