package org.askfirst.registry.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Signatures, compared with the example in the documentation of Svix, which Standard Webhooks took over. */
class WebhookSecretTest {
    private static final String TEXT = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final WebhookSecret secret =
            WebhookSecret.ofStored(Base64.getDecoder().decode(TEXT.substring("whsec_".length())));

    @Test
    void aSignatureIsThatOfTheExample() {
        assertEquals(
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                secret.sign(
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        Instant.ofEpochSecond(1_614_265_330),
                        "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void onlyItsTextShowsTheSecret() {
        assertEquals(TEXT, secret.text());
        assertFalse(secret.toString().contains("MfKQ"), secret.toString());
    }
}
