package org.askfirst.registry.transparency;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.askfirst.json.CanonicalJson;
import org.askfirst.registry.mirror.Mirror;
import org.askfirst.subject.Sha256;
import org.askfirst.tlog.Ed25519;
import org.askfirst.tlog.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * Signs receipts, and verifies them with all keys that have ever signed receipts.
 *
 * <p>A signature is a compact JWS (RFC 7515) with EdDSA (RFC 8037). Unlike the log's key, this key may be replaced. Its
 * public key is stored in the database, so that receipts of an old key still verify.
 */
@ApplicationScoped
class ReceiptKeys {
    private static final int SIGNATURE_BYTES = 64;
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder FROM_BASE64URL = Base64.getUrlDecoder();

    private final LogStore store;
    private final LogConfig config;
    private final Clock clock;
    private @Nullable PrivateKey key;
    private String header = "";

    ReceiptKeys(LogStore store, LogConfig config, Clock clock) {
        this.store = store;
        this.config = config;
        this.clock = clock;
    }

    void open(@Observes @Priority(LogPublisher.BEFORE_OTHERS) StartupEvent event, Mirror mirror) throws SQLException {
        if (mirror.isOn()) {
            return;
        }
        PrivateKey own = KeyFile.read(config.receiptKeyFile()).orElseGet(() -> KeyFile.create(config.receiptKeyFile()));
        byte[] raw = Ed25519.raw(Ed25519.publicKey(own));
        String kid = thumbprint(raw);
        store.addReceiptKey(kid, raw, clock.instant());
        header = encode(CanonicalJson.write(Map.of("alg", "EdDSA", "kid", kid)));
        key = own;
    }

    /** Returns a compact JWS over the claims, in canonical JSON. */
    String sign(Map<String, Object> claims) {
        String signed = header + "." + encode(CanonicalJson.write(claims));
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + BASE64URL.encodeToString(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the key was checked at start", impossible);
        }
    }

    /** Returns the claims of a compact JWS; empty if no key of this registry signed it. */
    Optional<Map<String, Object>> verified(String jws) throws SQLException {
        String[] parts = jws.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            Map<String, Object> head = object(parts[0]);
            byte[] raw = store.receiptKeys().get(String.valueOf(head.get("kid")));
            if (raw == null || !"EdDSA".equals(head.get("alg"))) {
                return Optional.empty();
            }
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(Ed25519.publicKey(raw));
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            byte[] signed = FROM_BASE64URL.decode(parts[2]);
            // The JDK ignores bytes after a signature, and a decoder ignores bits after the last byte. A signature has
            // one spelling.
            return base64url(signed).equals(parts[2]) && signed.length == SIGNATURE_BYTES && signature.verify(signed)
                    ? Optional.of(object(parts[1]))
                    : Optional.empty();
        } catch (IllegalArgumentException | GeneralSecurityException | MalformedException notOurs) {
            return Optional.empty();
        }
    }

    /** Returns all public keys by their ids, oldest first. */
    Map<String, byte[]> all() throws SQLException {
        return store.receiptKeys();
    }

    static String base64url(byte[] bytes) {
        return BASE64URL.encodeToString(bytes);
    }

    /** Returns the RFC 7638 thumbprint of an Ed25519 key. */
    private static String thumbprint(byte[] raw) {
        String jwk = CanonicalJson.write(Map.of("crv", "Ed25519", "kty", "OKP", "x", base64url(raw)));
        return base64url(Sha256.of(jwk));
    }

    private static String encode(String json) {
        return base64url(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> object(String encoded) {
        Object tree = CanonicalJson.parse(new String(FROM_BASE64URL.decode(encoded), StandardCharsets.UTF_8));
        if (!(tree instanceof Map<?, ?> members)) {
            throw new IllegalArgumentException("not an object");
        }
        Map<String, Object> object = new TreeMap<>();
        members.forEach((name, value) -> object.put(String.valueOf(name), value));
        return object;
    }
}
