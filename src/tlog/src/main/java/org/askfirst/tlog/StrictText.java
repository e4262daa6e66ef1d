package org.askfirst.tlog;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Reads values that have exactly one spelling, and refuses every other spelling.
 *
 * <p>A parsed value is written with exactly the characters that were read. Signed text therefore survives the round
 * trip, and a proof has only one text.
 */
final class StrictText {
    /** The number of digits of {@link Long#MAX_VALUE}. */
    private static final int MAX_DIGITS = 19;

    private StrictText() {}

    /** Decodes UTF-8; refuses overlong forms, surrogates and truncated sequences. */
    static String utf8(byte[] bytes) throws MalformedException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new MalformedException("the text is not UTF-8");
        }
    }

    /** Reads a decimal number from 0 to 2^63 - 1 in ASCII digits, without sign or leading zeros. */
    static long decimal(String digits, String what) throws MalformedException {
        boolean plain = !digits.isEmpty()
                && digits.length() <= MAX_DIGITS
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                && (digits.length() == 1 || digits.charAt(0) != '0');
        if (plain) {
            try {
                return Long.parseLong(digits);
            } catch (NumberFormatException tooLarge) {
                // Nineteen digits may exceed a long; refused below.
            }
        }
        throw new MalformedException(
                "the " + what + " must be a decimal number from 0 to " + Long.MAX_VALUE + " without leading zeros");
    }

    /** Reads standard base64 (RFC 4648, section 4), padded, with zero pad bits. */
    static byte[] base64(String encoded, String what) throws MalformedException {
        try {
            byte[] decoded = Base64.getDecoder().decode(encoded);
            // The JDK also accepts missing padding and non-zero pad bits; neither survives a second encoding.
            if (Base64.getEncoder().encodeToString(decoded).equals(encoded)) {
                return decoded;
            }
        } catch (IllegalArgumentException notBase64) {
            // Refused below.
        }
        throw new MalformedException("the " + what + " must be padded standard base64");
    }
}
