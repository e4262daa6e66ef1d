package org.askfirst.tlog;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Reads values that have exactly one spelling, and refuses every other.
 *
 * <p>What was parsed renders to the very characters it came from, so signed text survives the round trip and no two
 * texts pass for the same proof.
 */
final class StrictText {
    /** As many digits as {@link Long#MAX_VALUE} has. */
    private static final int MAX_DIGITS = 19;

    private StrictText() {}

    /** The text of UTF-8 bytes; refuses overlong forms, surrogates and truncated sequences. */
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

    /** A decimal from 0 to 2^63 - 1 in ASCII digits, without sign or leading zeros. */
    static long decimal(String digits, String what) throws MalformedException {
        boolean plain = !digits.isEmpty()
                && digits.length() <= MAX_DIGITS
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                && (digits.length() == 1 || digits.charAt(0) != '0');
        if (plain) {
            try {
                return Long.parseLong(digits);
            } catch (NumberFormatException tooLarge) {
                // Nineteen digits can still exceed a long; refused below with the rest.
            }
        }
        throw new MalformedException(
                "the " + what + " must be a decimal number from 0 to " + Long.MAX_VALUE + " without leading zeros");
    }

    /** Standard Base 64 (RFC 4648, section 4), padded, with zero pad bits. */
    static byte[] base64(String encoded, String what) throws MalformedException {
        try {
            byte[] decoded = Base64.getDecoder().decode(encoded);
            // The JDK also takes missing padding and stray pad bits; neither survives encoding again.
            if (Base64.getEncoder().encodeToString(decoded).equals(encoded)) {
                return decoded;
            }
        } catch (IllegalArgumentException notBase64) {
            // Refused below with the rest.
        }
        throw new MalformedException("the " + what + " must be padded standard base64");
    }
}
