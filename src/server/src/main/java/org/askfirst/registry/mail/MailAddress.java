package org.askfirst.registry.mail;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the e-mail address in a contact, and checks addresses. */
public final class MailAddress {
    private static final String SCHEME = "mailto:";
    private static final int MAX_LENGTH = 254;

    /** One address without a name, a comment or quotes, so that it cannot become another header or recipient. */
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+");

    private MailAddress() {}

    /** Returns true if the text is one address, which can neither become another header nor another recipient. */
    public static boolean isOne(String text) {
        return text.length() <= MAX_LENGTH && ADDRESS.matcher(text).matches();
    }

    /** Returns the address; empty if the contact is no {@code mailto} link, or has several addresses or odd ones. */
    public static Optional<String> of(String contact) {
        if (!contact.startsWith(SCHEME)) {
            return Optional.empty();
        }
        int query = contact.indexOf('?');
        String encoded = contact.substring(SCHEME.length(), query < 0 ? contact.length() : query);
        String address;
        try {
            address = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        return isOne(address) ? Optional.of(address) : Optional.empty();
    }
}
