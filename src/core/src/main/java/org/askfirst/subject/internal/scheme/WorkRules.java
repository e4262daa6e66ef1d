package org.askfirst.subject.internal.scheme;

import java.util.List;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/**
 * The ids that the registry assigns to works without file, URL and number: twenty random characters and one check
 * character, in lower-case Crockford base 32 (no i, l, o, u).
 *
 * <p>The check character is the sum, in the field of 32 elements, of each character times a power of the primitive
 * element, with a different power for each place. It therefore detects every single wrong character and every exchange
 * of two characters; a sum modulo 32 or 37 would not.
 */
public final class WorkRules extends IdentifierRules {
    static final int RANDOM_CHARACTERS = 20;

    /** The number of random bytes: a hundred bits fill twenty characters. */
    public static final int RANDOM_BYTES = 13;

    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    /** The polynomial x^5 + x^2 + 1, primitive over GF(2). */
    private static final int POLYNOMIAL = 0b100101;

    /**
     * Returns the canonical subject with these random bits.
     *
     * @throws IllegalArgumentException if there are fewer than {@value #RANDOM_BYTES} bytes
     */
    public static String of(byte[] random) {
        if (random.length < RANDOM_BYTES) {
            throw new IllegalArgumentException("a work id needs " + RANDOM_BYTES + " random bytes");
        }
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < RANDOM_CHARACTERS; i++) {
            int bit = i * 5;
            int window = ((random[bit / 8] & 0xFF) << 8) | (random[Math.min(bit / 8 + 1, random.length - 1)] & 0xFF);
            id.append(ALPHABET.charAt(window >> (11 - bit % 8) & 0x1F));
        }
        return "work:" + id.append(check(id)).toString();
    }

    @Override
    protected String read(String plain) {
        String id = Spelling.asciiLower(Spelling.compact(Spelling.without(plain, "work")))
                .replace('o', '0')
                .replace('i', '1')
                .replace('l', '1');
        for (int i = 0; i < id.length(); i++) {
            if (ALPHABET.indexOf(id.charAt(i)) < 0) {
                throw Refusal.CHARACTERS.because("a work id cannot have " + Refusal.quote(id.substring(i, i + 1)));
            }
        }
        if (id.length() != RANDOM_CHARACTERS + 1) {
            throw Refusal.SHAPE.because(
                    "a work id has " + (RANDOM_CHARACTERS + 1) + " characters; this has " + id.length());
        }
        if (Placeholders.isRepeated(id, 0, id.length())) {
            throw Placeholders.placeholder("Work id", plain);
        }
        if (check(id.subSequence(0, RANDOM_CHARACTERS)) != id.charAt(RANDOM_CHARACTERS)) {
            throw Refusal.CHECK_DIGIT.because("one or more characters of " + Refusal.quote(plain) + " are mistyped");
        }
        return "work:" + id;
    }

    @Override
    public List<Shape> shapes() {
        return List.of(Shape.compact(130, "[0-9A-HJ-KM-NP-TV-Z]{21}"));
    }

    private static char check(CharSequence id) {
        int sum = 0;
        int power = 1;
        for (int i = 0; i < RANDOM_CHARACTERS; i++) {
            power = times(power, 2);
            sum ^= times(power, ALPHABET.indexOf(id.charAt(i)));
        }
        return ALPHABET.charAt(sum);
    }

    /** Returns the product in GF(32). */
    private static int times(int a, int b) {
        int product = 0;
        int shifted = a;
        for (int rest = b; rest > 0; rest >>= 1) {
            product ^= (rest & 1) * shifted;
            shifted = shifted << 1 ^ (shifted >> 4) * POLYNOMIAL;
        }
        return product;
    }
}
