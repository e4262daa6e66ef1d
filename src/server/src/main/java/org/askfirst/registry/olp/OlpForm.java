package org.askfirst.registry.olp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.askfirst.registry.http.Members;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a body in {@code application/x-www-form-urlencoded}, read strictly: valid escapes, UTF-8, and no
 * parameter twice. Unknown parameters are ignored, as RFC 6749 demands (section 3.2).
 */
final class OlpForm {
    private static final int MAX_PARAMETERS = 50;
    private static final int HEX = 16;

    private final Map<String, String> values;

    private OlpForm(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads a body.
     *
     * @throws OlpRefusal {@code invalid_request}
     */
    static OlpForm parse(byte[] body) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        Map<String, String> values = new HashMap<>();
        int count = 0;
        for (int from = 0; from < text.length(); ) {
            int and = text.indexOf('&', from);
            int end = and < 0 ? text.length() : and;
            if (end > from) {
                if (++count > MAX_PARAMETERS) {
                    throw refused("The body has more than " + MAX_PARAMETERS + " parameters");
                }
                int equals = text.indexOf('=', from);
                boolean isNamed = equals >= 0 && equals < end;
                String name = decode(text.substring(from, isNamed ? equals : end));
                String value = isNamed ? decode(text.substring(equals + 1, end)) : "";
                if (values.putIfAbsent(name, value) != null) {
                    throw refused("The parameter " + Members.shown(name) + " is there twice");
                }
            }
            from = end + 1;
        }
        return new OlpForm(values);
    }

    /**
     * Decodes one name or value.
     *
     * @param text bytes as characters up to U+00FF
     * @throws OlpRefusal {@code invalid_request} if an escape is malformed or the bytes are not UTF-8
     */
    static String decode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), HEX) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), HEX) : -1;
                if (high < 0 || low < 0) {
                    throw refused("A percent sign in the body is not followed by two hexadecimal digits");
                }
                bytes.write((high << 4) | low);
                i += 2;
            } else {
                bytes.write(c == '+' ? ' ' : c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw refused("The body is not text in UTF-8");
        }
    }

    /** Returns the value; null if the parameter is absent or empty, which RFC 6749 treats alike. */
    @Nullable String get(String name) {
        String value = values.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /**
     * Returns the value of a parameter that must be there.
     *
     * @throws OlpRefusal {@code invalid_request}
     */
    String require(String name) {
        String value = get(name);
        if (value == null) {
            throw refused("The parameter " + name + " is missing");
        }
        return value;
    }

    private static OlpRefusal refused(String description) {
        return new OlpRefusal(OlpRefusal.Kind.INVALID_REQUEST, description);
    }
}
