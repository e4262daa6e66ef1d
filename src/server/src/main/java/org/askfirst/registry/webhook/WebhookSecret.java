package org.askfirst.registry.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secret of a webhook, which signs what is posted there (Standard Webhooks, symmetric signatures). */
final class WebhookSecret {
    private static final int BYTES = 32;
    private static final String ALGORITHM = "HmacSHA256";
    private static final String TEXT_PREFIX = "whsec_";
    private static final String SIGNATURE_PREFIX = "v1,";

    private final byte[] bytes;

    private WebhookSecret(byte[] bytes) {
        this.bytes = bytes;
    }

    static WebhookSecret make(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new WebhookSecret(bytes);
    }

    static WebhookSecret ofStored(byte[] stored) {
        return new WebhookSecret(stored.clone());
    }

    byte[] toStored() {
        return bytes.clone();
    }

    /** Returns the text that the receiver configures. */
    String text() {
        return TEXT_PREFIX + Base64.getEncoder().encodeToString(bytes);
    }

    /** Returns the value of the header {@code webhook-signature}. */
    String sign(String id, Instant timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(bytes, ALGORITHM));
            mac.update((id + "." + timestamp.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8));
            return SIGNATURE_PREFIX + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, impossible);
        }
    }

    /** Hides the secret. */
    @Override
    public String toString() {
        return TEXT_PREFIX + "…";
    }
}
