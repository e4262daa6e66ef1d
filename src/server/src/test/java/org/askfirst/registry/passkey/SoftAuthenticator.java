package org.askfirst.registry.passkey;

import com.fasterxml.jackson.databind.JsonNode;
import com.upokecenter.cbor.CBORObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.askfirst.subject.Sha256;

/** A browser with an authenticator, which can be told to do wrong. It follows WebAuthn Level 2, sections 6.1 and 6.5. */
final class SoftAuthenticator {
    private static final int PRESENT = 0x01;
    private static final int VERIFIED = 0x04;
    private static final int ATTESTED = 0x40;
    private static final int COORDINATE = 32;

    String origin;
    String rpId = "localhost";
    String format = "none";
    boolean verifies = true;
    long count;

    private final KeyPair keys;
    private final byte[] id = new byte[32];
    private String user = "";

    SoftAuthenticator(String origin) throws GeneralSecurityException {
        this.origin = origin;
        new SecureRandom().nextBytes(id);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        keys = generator.generateKeyPair();
    }

    /** Answers {@code navigator.credentials.create}. */
    Map<String, Object> creates(JsonNode options) {
        user = options.at("/publicKey/user/id").asText();
        byte[] client = client("webauthn.create", options);
        byte[] attestation = CBORObject.NewMap()
                .Add("fmt", format)
                .Add("attStmt", CBORObject.NewMap())
                .Add("authData", data(true))
                .EncodeToBytes();
        return credential(Map.of("clientDataJSON", text(client), "attestationObject", text(attestation)));
    }

    /** Answers {@code navigator.credentials.get}. */
    Map<String, Object> gets(JsonNode options) throws GeneralSecurityException {
        byte[] client = client("webauthn.get", options);
        byte[] data = data(false);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(data);
        signature.update(Sha256.of(client));
        return credential(Map.of(
                "clientDataJSON",
                text(client),
                "authenticatorData",
                text(data),
                "signature",
                text(signature.sign()),
                "userHandle",
                user));
    }

    private Map<String, Object> credential(Map<String, Object> response) {
        return Map.of(
                "id",
                text(id),
                "rawId",
                text(id),
                "type",
                "public-key",
                "response",
                response,
                "clientExtensionResults",
                Map.of());
    }

    private byte[] client(String type, JsonNode options) {
        return ("{\"type\":\"" + type + "\",\"challenge\":\""
                        + options.at("/publicKey/challenge").asText() + "\",\"origin\":\"" + origin + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] data(boolean attested) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(Sha256.of(rpId));
        data.write(PRESENT | (verifies ? VERIFIED : 0) | (attested ? ATTESTED : 0));
        data.writeBytes(ByteBuffer.allocate(4).putInt((int) count).array());
        if (attested) {
            data.writeBytes(new byte[16]);
            data.writeBytes(ByteBuffer.allocate(2).putShort((short) id.length).array());
            data.writeBytes(id);
            ECPublicKey key = (ECPublicKey) keys.getPublic();
            data.writeBytes(CBORObject.NewMap()
                    .Add(1, 2)
                    .Add(3, -7)
                    .Add(-1, 1)
                    .Add(-2, coordinate(key.getW().getAffineX().toByteArray()))
                    .Add(-3, coordinate(key.getW().getAffineY().toByteArray()))
                    .EncodeToBytes());
        }
        return data.toByteArray();
    }

    private static byte[] coordinate(byte[] number) {
        byte[] last = number.length > COORDINATE
                ? Arrays.copyOfRange(number, number.length - COORDINATE, number.length)
                : number;
        byte[] coordinate = new byte[COORDINATE];
        System.arraycopy(last, 0, coordinate, COORDINATE - last.length, last.length);
        return coordinate;
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
