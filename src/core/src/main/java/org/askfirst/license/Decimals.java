package org.askfirst.license;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * The exact decimal numbers of prices: not negative, at most 12 digits before the point and 9 after it.
 *
 * <p>The canonical text has no exponent, no leading zero and no trailing zero after the point: {@code 0.0015}.
 */
public final class Decimals {
    /** The greatest number of digits before the point. */
    public static final int MAX_WHOLE_DIGITS = 12;

    /** The greatest number of digits after the point. */
    public static final int MAX_FRACTION_DIGITS = 9;

    /** The greatest number of characters of a text that {@link #parse} reads. */
    public static final int MAX_LENGTH = MAX_WHOLE_DIGITS + 1 + MAX_FRACTION_DIGITS;

    /** The texts that {@link #parse} reads. */
    public static final Pattern PATTERN = Pattern.compile("(0|[1-9][0-9]{0,11})(\\.[0-9]{1,9})?");

    private Decimals() {}

    /**
     * Reads a decimal number.
     *
     * @throws IllegalArgumentException if the text does not match {@link #PATTERN}
     */
    public static BigDecimal parse(String text) {
        if (text.length() > MAX_LENGTH || !PATTERN.matcher(text).matches()) {
            throw new IllegalArgumentException("not a decimal number of a price");
        }
        return normalized(new BigDecimal(text));
    }

    /** Returns the canonical text. */
    static String write(BigDecimal number) {
        return number.toPlainString();
    }

    /**
     * Returns the number without trailing zeros after the point, so that equal numbers are equal objects.
     *
     * @throws IllegalArgumentException if the number is negative or has too many digits
     */
    static BigDecimal normalized(BigDecimal number) {
        if (number.signum() < 0 || number.scale() > 64 || number.precision() - number.scale() > MAX_WHOLE_DIGITS) {
            throw new IllegalArgumentException("the number is negative or too great");
        }
        BigDecimal stripped = number.stripTrailingZeros();
        if (stripped.scale() > MAX_FRACTION_DIGITS) {
            throw new IllegalArgumentException("the number has too many digits after the point");
        }
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
