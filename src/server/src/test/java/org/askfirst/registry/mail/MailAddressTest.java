package org.askfirst.registry.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Checks which contacts are an address to which an e-mail may go. */
class MailAddressTest {
    @Test
    void anAddressIsReadFromALink() {
        assertEquals(Optional.of("haneul@example.com"), MailAddress.of("mailto:haneul@example.com"));
        assertEquals(Optional.of("a+b@example.co.kr"), MailAddress.of("mailto:a+b@example.co.kr?subject=AI"));
        assertEquals(Optional.of("a&b@example.com"), MailAddress.of("mailto:a%26b@example.com"));
    }

    @Test
    void nothingElseGetsAnEmail() {
        for (String contact : List.of(
                "https://example.com/ask",
                "tel:+8225551234",
                "mailto:",
                "mailto:haneul",
                "mailto:a@example.com,b@example.com",
                "mailto:a@example.com%0d%0aBcc:%20b@example.com",
                "mailto:%22a%22@example.com",
                "mailto:a%zz@example.com",
                "mailto:a@localhost",
                "mailto:" + "a".repeat(65) + "@example.com")) {
            assertEquals(Optional.empty(), MailAddress.of(contact), contact);
        }
    }
}
