package org.askfirst.registry.party;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.subject.Sha256;

/**
 * A key as its holder keeps it: a prefix by which scanners recognise it, and 256 random bits.
 *
 * <p>The registry keeps only its SHA-256; of so many random bits no salt is needed.
 */
final class ApiKey {
    /** What a party's keys start with. */
    static final String PARTY_PREFIX = "afk_";

    /** What the operator's key starts with. */
    static final String OPERATOR_PREFIX = "afo_";

    private static final int RANDOM_BITS = 256;
    private static final int DIGITS = 52;
    private static final String TOKEN_PREFIX = "askfirst-";
    private static final String CODE_PREFIX = "afm_";
    private static final int TOKEN_DIGITS = 26;
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final Pattern FORM = Pattern.compile("af[ko]_[" + ALPHABET + "]{" + DIGITS + "}");
    private static final int ID_HEX_DIGITS = 16;

    private final String text;

    private ApiKey(String text) {
        this.text = text;
    }

    /** A new one. */
    static ApiKey make(String prefix, SecureRandom random) {
        return new ApiKey(prefix + digits(RANDOM_BITS, DIGITS, random));
    }

    /** A text that nobody guesses, to be shown in public: 130 random bits after a word that says whose it is. */
    static String makeToken(SecureRandom random) {
        return TOKEN_PREFIX + digits(TOKEN_DIGITS * 5, TOKEN_DIGITS, random);
    }

    /** A code that is given to a member once, to show that it is the one. */
    static String makeCode(SecureRandom random) {
        return CODE_PREFIX + digits(TOKEN_DIGITS * 5, TOKEN_DIGITS, random);
    }

    /** What is kept of such a code: SHA-256, in hex. */
    static String hashOfCode(String code) {
        return HexFormat.of().formatHex(Sha256.of(code.strip().toLowerCase(Locale.ROOT)));
    }

    private static String digits(int bits, int length, SecureRandom random) {
        StringBuilder digits = new StringBuilder(length);
        BigInteger number = new BigInteger(bits, random);
        for (int i = 0; i < length; i++) {
            digits.append(ALPHABET.charAt(number.intValue() & 31));
            number = number.shiftRight(5);
        }
        return digits.toString();
    }

    /** The key in an {@code Authorization: Bearer} header, if there is one of the right form. */
    static Optional<ApiKey> fromHeader(String header) {
        String[] parts = header.strip().split("\\s+", 2);
        return parts.length == 2
                        && parts[0].toLowerCase(Locale.ROOT).equals("bearer")
                        && FORM.matcher(parts[1]).matches()
                ? Optional.of(new ApiKey(parts[1]))
                : Optional.empty();
    }

    /** The whole secret. */
    String text() {
        return text;
    }

    /** By this key. */
    Authority authority() {
        return Authority.of(hash());
    }

    /** What is kept of it. */
    byte[] hash() {
        return Sha256.of(text);
    }

    /** By which it can be spoken of without being told. */
    String id() {
        return "k_" + HexFormat.of().formatHex(hash()).substring(0, ID_HEX_DIGITS);
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return id();
    }
}
