package org.askfirst.subject.internal.scheme;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/** One exact file: its SHA-256 in 64 hexadecimal digits, or in the Base64 of browsers' integrity attributes. */
public final class Sha256Rules extends IdentifierRules {
    private static final int BYTES = 32;

    @Override
    protected String read(String plain) {
        if (plain.length() == 2 * BYTES && Spelling.isHex(plain)) {
            return ofHash(Spelling.asciiLower(plain), plain);
        }
        String text = Spelling.without(plain, "urn:sha256", "sha256-", "sha-256", "sha256");
        String hex = Spelling.asciiLower(Spelling.compact(text));
        if (hex.length() == 2 * BYTES && Spelling.isHex(hex)) {
            return ofHash(hex, plain);
        }
        if (text.length() == 43 || text.length() == 44) {
            return ofHash(fromBase64(text, plain), plain);
        }
        throw Refusal.SHAPE.because("a SHA-256 has 64 hexadecimal digits; this is " + Refusal.quote(plain));
    }

    private static String ofHash(String hex, String plain) {
        if (Placeholders.isRepeated(hex, 0, hex.length())) {
            throw Placeholders.placeholder("SHA-256", plain);
        }
        return "sha256:" + hex;
    }

    private static String fromBase64(String text, String plain) {
        try {
            byte[] digest = Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
            if (digest.length == BYTES) {
                return HexFormat.of().formatHex(digest);
            }
        } catch (IllegalArgumentException e) {
            // Not Base64 either: refused below.
        }
        throw Refusal.SHAPE.because("a SHA-256 has 64 hexadecimal digits; this is " + Refusal.quote(plain));
    }

    @Override
    public List<String> labels() {
        return List.of("sha-256");
    }

    @Override
    public List<Shape> shapes() {
        return List.of(Shape.written(30, "sha-?256-.{43,44}"), Shape.compact(10, "[0-9A-F]{64}"));
    }

    @Override
    public List<String> columnNames() {
        return List.of("sha256", "filehash", "hash", "해시", "파일해시", "파일지문");
    }
}
