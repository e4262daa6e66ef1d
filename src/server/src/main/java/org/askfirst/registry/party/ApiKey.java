package org.askfirst.registry.party;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.askfirst.registry.http.SessionCookie;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.subject.Sha256;

/**
 * An API key as its holder stores it: a prefix by which secret scanners recognise it, 256 random bits, and a checksum,
 * by which scanners and the registry recognise a text that is no key. Keys of earlier releases have no checksum.
 *
 * <p>The token of a session has the same form with a prefix of its own.
 *
 * <p>The registry stores only its SHA-256. So many random bits need no salt.
 */
public final class ApiKey {
    /** The prefix of the keys of parties. */
    public static final String PARTY_PREFIX = "afk_";

    /** The prefix of the operator's key. */
    public static final String OPERATOR_PREFIX = "afo_";

    /** The prefix of the tokens of sessions. */
    static final String SESSION_PREFIX = "afs_";

    /** The prefix of the tokens of links that begin a session. */
    static final String LINK_PREFIX = "afl_";

    /** The prefix of the tokens of links that sign somebody in by e-mail. */
    static final String MAIL_PREFIX = "afe_";

    private static final int RANDOM_BITS = 256;
    private static final int DIGITS = 52;
    private static final int CHECKSUM_DIGITS = 7;
    private static final String TOKEN_PREFIX = "askfirst-";
    private static final String CODE_PREFIX = "afm_";
    private static final int TOKEN_DIGITS = 26;
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final Pattern FORM = Pattern.compile(
            "af[kos]_[" + ALPHABET + "]{" + DIGITS + "}(?:[" + ALPHABET + "]{" + CHECKSUM_DIGITS + "})?");
    private static final int ID_HEX_DIGITS = 16;

    private final String text;

    private ApiKey(String text) {
        this.text = text;
    }

    /** Creates a new key. */
    public static ApiKey make(String prefix, SecureRandom random) {
        String key = prefix + digits(RANDOM_BITS, DIGITS, random);
        return new ApiKey(key + checksum(key));
    }

    /** Returns the CRC-32 of the text in seven digits, the lowest first. */
    private static String checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return digits(BigInteger.valueOf(crc.getValue()), CHECKSUM_DIGITS);
    }

    /** Returns false if the key has a checksum, and it is wrong. */
    boolean isSound() {
        int end = text.length() - CHECKSUM_DIGITS;
        return text.length() == PARTY_PREFIX.length() + DIGITS
                || text.substring(end).equals(checksum(text.substring(0, end)));
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
        return digits(new BigInteger(bits, random), length);
    }

    private static String digits(BigInteger value, int length) {
        StringBuilder digits = new StringBuilder(length);
        BigInteger number = value;
        for (int i = 0; i < length; i++) {
            digits.append(ALPHABET.charAt(number.intValue() & 31));
            number = number.shiftRight(5);
        }
        return digits.toString();
    }

    /**
     * Reads the key from an {@code Authorization: Bearer} header, or the token that {@link SessionCookie} has put there;
     * empty if the header has none that is well-formed. Spaces and capitals in the key change nothing, because people
     * paste keys.
     */
    static Optional<ApiKey> fromHeader(String header) {
        String[] parts = header.strip().split("\\s+", 2);
        if (parts.length != 2) {
            return Optional.empty();
        }
        return parts[0].equals(SessionCookie.SCHEME)
                ? ofSession(parts[1])
                : Optional.of(parts[0].toLowerCase(Locale.ROOT))
                        .filter("bearer"::equals)
                        .flatMap(scheme -> read(parts[1]))
                        .filter(key -> !key.isOfSession());
    }

    /** Reads the token of a session; empty if it is not well-formed. */
    static Optional<ApiKey> ofSession(String token) {
        return read(token).filter(ApiKey::isOfSession);
    }

    /** Returns true if this is the token of a session. */
    boolean isOfSession() {
        return text.startsWith(SESSION_PREFIX);
    }

    /** Reads a key as a person pasted it; empty if it is not well-formed. */
    private static Optional<ApiKey> read(String text) {
        String key = text.replaceAll("\\s+", "").toLowerCase(Locale.ROOT);
        return FORM.matcher(key).matches() ? Optional.of(new ApiKey(key)) : Optional.empty();
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
        return (isOfSession() ? "s_" : "k_") + HexFormat.of().formatHex(hash()).substring(0, ID_HEX_DIGITS);
    }

    /** Returns the public id, never the secret. */
    @Override
    public String toString() {
        return id();
    }
}
