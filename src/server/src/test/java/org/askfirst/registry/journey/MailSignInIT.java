package org.askfirst.registry.journey;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.testkit.LoopbackMail;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.Registry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A novelist without her key signs in by e-mail. Nobody learns from the registry whose address is known. */
class MailSignInIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SILENCE = Duration.ofSeconds(1);
    private static final Pattern CONFIRM = Pattern.compile("https://registry\\.example\\.org/contact/([0-9a-f]{64})");
    private static final Pattern LINK = Pattern.compile("https://registry\\.example\\.org/key#mail=(afe_[0-9a-z]+)");

    @Test
    void aNovelistComesBackByEMail() throws IOException, InterruptedException {
        try (LoopbackMail mail = new LoopbackMail();
                Service service = Service.inEmptyFolder()
                        .with("QUARKUS_MAILER_HOST", "127.0.0.1")
                        .with("QUARKUS_MAILER_PORT", String.valueOf(mail.port()))
                        .with("QUARKUS_MAILER_FROM", "registry@example.org")
                        .with("ASKFIRST_BUDGET_LINKS", "5")
                        .with("ASKFIRST_PUBLIC_URL", "https://registry.example.org")) {
            service.start();
            Registry registry = Registry.at(service::port, service::operatorKey);
            Party party =
                    registry.opens(Map.of("name", "김하늘", "kind", "creator", "contact", "mailto:haneul@example.com"));
            turnsOn(party).statusCode(409).body("type", containsString("nothing-to-change"));
            party.asks().post("/v1/parties/me/contact-verification").then().statusCode(202);
            answers(registry, token(mail.next(PATIENCE), CONFIRM), "confirm");
            turnsOn(party).statusCode(200).body("address", equalTo("haneul@example.com"));

            String known = asks(registry, "Haneul+phone@Example.com")
                    .statusCode(202)
                    .extract()
                    .asString();
            String message = mail.next(PATIENCE);
            assertNotNull(message, "no e-mail with a link");
            // It goes to the address that the mailbox confirmed, whatever was typed.
            assertTrue(message.contains("RCPT TO:<haneul@example.com>"), message);
            String stranger = asks(registry, "nobody@example.com")
                    .statusCode(202)
                    .extract()
                    .asString();
            assertEquals(shape(known), shape(stranger));
            assertNull(mail.next(SILENCE), "an e-mail to a stranger");

            String link = token(message, LINK);
            String cookie = opens(registry, link)
                    .statusCode(201)
                    .body("party", equalTo(party.id()))
                    .body("method", equalTo("mail"))
                    .extract()
                    .header("Set-Cookie");
            assertTrue(cookie.startsWith("__Host-askfirst=afs_"), cookie);
            opens(registry, link).statusCode(401);
            assertFalse(known.contains("haneul"));

            // A misspelt contact locks nobody out: the address stays.
            party.says(Map.of("contact", "mailto:hanuel@example.com"))
                    .patch("/v1/parties/me")
                    .then()
                    .statusCode(200)
                    .body("mailSignIn", equalTo("haneul@example.com"));
            asks(registry, "haneul@example.com").statusCode(202);
            opens(registry, token(mail.next(PATIENCE), LINK)).statusCode(201);

            party.asks().delete("/v1/parties/me/mail-sign-in").then().statusCode(204);
            asks(registry, "haneul@example.com").statusCode(202);
            assertNull(mail.next(SILENCE), "a link after the end");
            asks(registry, "nobody@example.com").statusCode(429).body("type", containsString("budget-spent"));
            asks(registry, "haneul@example.com, x@example.com").statusCode(422);
            assertEquals(Service.TERMINATED, service.stop());
        }
    }

    private static ValidatableResponse turnsOn(Party party) {
        return party.asks().put("/v1/parties/me/mail-sign-in").then();
    }

    private static ValidatableResponse asks(Registry registry, String address) {
        return registry.anybody()
                .contentType("application/json")
                .body(Map.of("address", address))
                .post("/v1/sessions/mails")
                .then();
    }

    private static ValidatableResponse opens(Registry registry, String token) {
        return registry.anybody()
                .contentType("application/json")
                .body(Map.of("mail", token))
                .post("/v1/sessions")
                .then();
    }

    private static void answers(Registry registry, String token, String answer) {
        registry.anybody()
                .contentType("application/json")
                .body(Map.of("answer", answer))
                .post("/v1/contact-links/" + token)
                .then()
                .statusCode(200);
    }

    private static String shape(String answer) {
        return answer.replaceAll("[0-9]+", "0");
    }

    private static String token(@Nullable String message, Pattern form) {
        assertNotNull(message, "no e-mail with a link");
        Matcher link = form.matcher(message.replace("=\r\n", "").replace("=3D", "="));
        assertTrue(link.find(), message);
        return link.group(1);
    }
}
