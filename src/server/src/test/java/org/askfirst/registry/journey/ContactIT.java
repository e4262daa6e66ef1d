package org.askfirst.registry.journey;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
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
import org.junit.jupiter.api.Test;

/** A mailbox receives a link, confirms and refuses with it, and then a message whose sender never sees the mailbox. */
class ContactIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern LINK = Pattern.compile("https://registry\\.example\\.org/contact/([0-9a-f]{64})");

    @Test
    void aMailboxDecidesWhoseContactItIs() throws IOException, InterruptedException {
        try (LoopbackMail mail = new LoopbackMail();
                Service service = Service.inEmptyFolder()
                        .with("QUARKUS_MAILER_HOST", "127.0.0.1")
                        .with("QUARKUS_MAILER_PORT", String.valueOf(mail.port()))
                        .with("QUARKUS_MAILER_FROM", "registry@example.org")
                        .with("ASKFIRST_BUDGET_LINKS", "6")
                        .with("ASKFIRST_BUDGET_MESSAGES", "2")
                        .with("ASKFIRST_PUBLIC_URL", "https://registry.example.org")) {
            service.start();
            Registry registry = Registry.at(service::port, service::operatorKey);
            Party party = party(registry, "haneul");
            sends(party).statusCode(202).body("contact", equalTo("mailto:haneul@example.com"));
            String first = token(mail, "haneul");
            sends(party).statusCode(202);
            String second = token(mail, "haneul");
            registry.anybody().get("/v1/contact-links/" + first).then().statusCode(404);
            answer(registry, second, "confirm").body("status", equalTo("verified"));
            party.asks().get("/v1/parties/me").then().body("contactVerifiedBy", equalTo("link"));
            sends(party).statusCode(409).body("type", containsString("nothing-to-change"));

            Party impostor = party(registry, "Haneul+x");
            sends(impostor).statusCode(202);
            answer(registry, token(mail, "Haneul+x"), "refuse").body("status", equalTo("refused"));
            impostor.says(Map.of("name", "another"))
                    .patch("/v1/parties/me")
                    .then()
                    .statusCode(200);
            sends(impostor).statusCode(409);
            sends(party(registry, "haneul")).statusCode(429).body("type", containsString("budget-spent"));
            assertNull(mail.next(Duration.ofSeconds(1)), "a fourth link to one mailbox");

            Party other = party(registry, "jiwoo");
            sends(other).statusCode(202);
            token(mail, "jiwoo");
            sends(other).statusCode(202);
            token(mail, "jiwoo");
            sends(other).statusCode(429);

            party.says(Map.of("relay", true)).patch("/v1/parties/me").then().statusCode(200);
            String left = leave(registry, party).statusCode(202).extract().asString();
            assertFalse(left.contains("haneul"), left);
            String message = mail.next(PATIENCE);
            assertNotNull(message, "no e-mail with the message");
            assertTrue(message.contains("RCPT TO:<haneul@example.com>"), message);
            assertTrue(message.contains("Reply-To: licensing@example.org"), message);
            assertTrue(message.contains("May we?"), message);
            leave(registry, party).statusCode(202);
            leave(registry, party).statusCode(429);
            party.asks().get("/v1/parties/me/messages").then().body("messages", hasSize(2));
            assertEquals(Service.TERMINATED, service.stop());
        }
    }

    private static Party party(Registry registry, String box) {
        return registry.opens(Map.of("name", "김하늘", "kind", "creator", "contact", "mailto:" + box + "@example.com"));
    }

    private static ValidatableResponse sends(Party party) {
        return party.asks().post("/v1/parties/me/contact-verification").then();
    }

    private static ValidatableResponse answer(Registry registry, String token, String answer) {
        return registry.anybody()
                .contentType("application/json")
                .body("{\"answer\":\"" + answer + "\"}")
                .post("/v1/contact-links/" + token)
                .then()
                .statusCode(200);
    }

    private static ValidatableResponse leave(Registry registry, Party party) {
        return registry.anybody()
                .contentType("application/json")
                .body("{\"name\":\"Example AI\",\"replyTo\":\"licensing@example.org\",\"message\":\"May we?\"}")
                .post("/v1/parties/" + party.id() + "/messages")
                .then();
    }

    private static String token(LoopbackMail mail, String box) throws InterruptedException {
        String message = mail.next(PATIENCE);
        assertNotNull(message, "no e-mail with a link");
        assertTrue(message.contains("RCPT TO:<" + box + "@example.com>"), message);
        Matcher link = LINK.matcher(message);
        assertTrue(link.find(), message);
        return link.group(1);
    }
}
