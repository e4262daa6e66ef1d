package org.askfirst.subject;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/** The alphabets of ISCCs: RFC 4648 base 32, and multibase with the ISCC multicodec. */
final class IsccBases {
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String BASE32_HEX = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
    private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final byte[] NOTHING = {};

    /** The greatest length of a code. It bounds the quadratic cost of base 58. */
    private static final int MAX_CHARACTERS = 128;

    private IsccBases() {}

    /** Returns the bytes after the multicodec; empty if the text is not multibase with that codec. */
    static byte[] multibase(String text) {
        if (text.length() < 10 || text.length() > MAX_CHARACTERS) {
            return NOTHING;
        }
        String rest = text.substring(1);
        byte[] bytes = switch (text.charAt(0)) {
            case 'f' -> fromHex(rest);
            case 'b' -> fromAlphabet(BASE32, Spelling.upper(rest));
            case 'v' -> fromAlphabet(BASE32_HEX, Spelling.upper(rest));
            case 'z' -> fromBase58(rest);
            case 'u' -> fromBase64(rest);
            default -> NOTHING;
        };
        boolean hasCodec = bytes.length > 2 && bytes[0] == (byte) 0xCC && bytes[1] == 1;
        return hasCodec ? Arrays.copyOfRange(bytes, 2, bytes.length) : NOTHING;
    }

    static String toBase32(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte b : bytes) {
            buffer = ((buffer << 8) | (b & 0xFF)) & 0xFFFF;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(BASE32.charAt(buffer >> bits & 0x1F));
            }
        }
        return bits == 0
                ? text.toString()
                : text.append(BASE32.charAt(buffer << (5 - bits) & 0x1F)).toString();
    }

    static byte[] fromBase32(CharSequence text) {
        String upper = Spelling.upper(text.toString());
        if (upper.length() > MAX_CHARACTERS) {
            throw Refusal.TOO_LONG.because("an ISCC has fewer than " + MAX_CHARACTERS + " characters");
        }
        byte[] bytes = fromAlphabet(BASE32, upper);
        if (bytes.length == 0) {
            throw Refusal.SHAPE.because(Refusal.quote(text) + " is not an ISCC: it is not base 32");
        }
        return bytes;
    }

    /**
     * Returns the decoded bytes; empty if a character is not in the alphabet, or if the remaining bits are not zero.
     */
    private static byte[] fromAlphabet(String alphabet, String text) {
        byte[] bytes = new byte[text.length() * 5 / 8];
        int buffer = 0;
        int bits = 0;
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            int value = alphabet.indexOf(text.charAt(i));
            if (value < 0) {
                return NOTHING;
            }
            buffer = (buffer << 5 | value) & 0xFFF;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes[length++] = (byte) (buffer >> bits);
            }
        }
        boolean isPadded = bits < 5 && (buffer & ((1 << bits) - 1)) == 0;
        return isPadded ? bytes : NOTHING;
    }

    private static byte[] fromHex(String text) {
        return text.length() % 2 == 0 && Spelling.isHex(text) ? HexFormat.of().parseHex(text) : NOTHING;
    }

    private static byte[] fromBase58(String text) {
        BigInteger value = BigInteger.ZERO;
        for (int i = 0; i < text.length(); i++) {
            int digit = BASE58.indexOf(text.charAt(i));
            if (digit < 0) {
                return NOTHING;
            }
            value = value.multiply(BigInteger.valueOf(58)).add(BigInteger.valueOf(digit));
        }
        byte[] bytes = value.toByteArray();
        // The top bit of the codec's first byte is set, so two's complement puts a zero byte before it.
        return bytes.length > 1 && bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : NOTHING;
    }

    private static byte[] fromBase64(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return NOTHING;
        }
    }
}
