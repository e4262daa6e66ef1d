package org.askfirst.subject;

import java.util.Base64;
import java.util.HexFormat;

/** SHA-256 of a file: 64 hexadecimal digits, or the Base64 that browsers' integrity attributes carry. */
final class FileDigests {
    private FileDigests() {}

    static Subject sha256(String plain) {
        if (plain.length() == 2 * Key.BYTES && Spelling.isHex(plain)) {
            return Subject.of(SubjectScheme.SHA256, Spelling.asciiLower(plain));
        }
        String text = Spelling.without(plain, "urn:sha256", "sha256-", "sha-256", "sha256");
        String hex = Spelling.asciiLower(Spelling.compact(text));
        if (hex.length() == 2 * Key.BYTES && Spelling.isHex(hex)) {
            return Subject.of(SubjectScheme.SHA256, hex);
        }
        if (text.length() == 43 || text.length() == 44) {
            return Subject.of(SubjectScheme.SHA256, fromBase64(text, plain));
        }
        throw Refusal.SHAPE.because("a SHA-256 has 64 hexadecimal digits; here is " + Refusal.quote(plain));
    }

    private static String fromBase64(String text, String plain) {
        try {
            byte[] digest = Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
            if (digest.length == Key.BYTES) {
                return HexFormat.of().formatHex(digest);
            }
        } catch (IllegalArgumentException e) {
            // Not Base64 either: the refusal below says what it should have been.
        }
        throw Refusal.SHAPE.because("a SHA-256 has 64 hexadecimal digits; here is " + Refusal.quote(plain));
    }
}
