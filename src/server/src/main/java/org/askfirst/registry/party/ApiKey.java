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
 * An API key as its holder stores it: a prefix by which secret scanners recognise it, and 256 random bits.
 *
 * <p>The registry stores only its SHA-256. So many random bits need no salt.
 */
public final class ApiKey {
    /** The prefix of the keys of parties. */
    public static final String PARTY_PREFIX = "afk_";

    /** The prefix of the operator's key. */
    public static final String OPERATOR_PREFIX = "afo_";

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

    /** Creates a new key. */
    public static ApiKey make(String prefix, SecureRandom random) {
        return new ApiKey(prefix + digits(RANDOM_BITS, DIGITS, random));
    }

    /** Creates a token that a party shows in public: {@code askfirst-} and 130 random bits, so nobody can guess it. */
    public static String makeToken(SecureRandom random) {
        return TOKEN_PREFIX + digits(TOKEN_DIGITS * 5, TOKEN_DIGITS, random);
    }

    /** Creates a code with which a member claims a mandate. The code is shown once. */
    public static String makeCode(SecureRandom random) {
        return CODE_PREFIX + digits(TOKEN_DIGITS * 5, TOKEN_DIGITS, random);
    }

    /** Returns the SHA-256 of a member's code in hex, which is all that the registry stores of the code. */
    public static String hashOfCode(String code) {
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

    /** Reads the key from an {@code Authorization: Bearer} header; empty if the header has no well-formed key. */
    static Optional<ApiKey> fromHeader(String header) {
        String[] parts = header.strip().split("\\s+", 2);
        return parts.length == 2
                        && parts[0].toLowerCase(Locale.ROOT).equals("bearer")
                        && FORM.matcher(parts[1]).matches()
                ? Optional.of(new ApiKey(parts[1]))
                : Optional.empty();
    }

    /** Returns the whole secret. */
    public String text() {
        return text;
    }

    /** Returns the authority that this key gives. */
    public Authority authority() {
        return Authority.of(hash());
    }

    /** Returns the SHA-256 of the key, 32 bytes, which is all that the registry stores of it. */
    public byte[] hash() {
        return Sha256.of(text);
    }

    /** Returns the public id of the key, which does not reveal the secret. */
    public String id() {
        return "k_" + HexFormat.of().formatHex(hash()).substring(0, ID_HEX_DIGITS);
    }

    /** Returns the public id, never the secret. */
    @Override
    public String toString() {
        return id();
    }
}
