package org.askfirst.registry.transparency;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * A verifier as an outsider writes it from {@code docs/formats} and the standards that they name. It uses no code of
 * the service.
 */
final class Stranger {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Stranger() {}

    static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Returns the leaf hash of an entry (RFC 6962, section 2.1). */
    static byte[] leaf(byte[] entry) {
        return sha256(new byte[] {0}, entry);
    }

    static byte[] node(byte[] left, byte[] right) {
        return sha256(new byte[] {1}, left, right);
    }

    /** Returns the root over leaf hashes (RFC 6962, section 2.1). */
    static byte[] root(List<byte[]> leaves) {
        if (leaves.isEmpty()) {
            return sha256();
        }
        if (leaves.size() == 1) {
            return leaves.get(0);
        }
        int left = Integer.highestOneBit(leaves.size() - 1);
        return node(root(leaves.subList(0, left)), root(leaves.subList(left, leaves.size())));
    }

    /** Returns true if the path leads from the leaf to the root (RFC 9162, section 2.1.3.2). */
    static boolean includes(byte[] leaf, long index, long size, List<byte[]> path, byte[] root) {
        if (index < 0 || index >= size) {
            return false;
        }
        long fn = index;
        long sn = size - 1;
        byte[] r = leaf;
        for (byte[] p : path) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                r = node(p, r);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                r = node(r, p);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && Arrays.equals(r, root);
    }

    /** Returns true if the second tree only adds leaves to the first (RFC 9162, section 2.1.4.2). */
    static boolean consistent(long first, byte[] firstRoot, long second, byte[] secondRoot, List<byte[]> proof) {
        if (first == second) {
            return proof.isEmpty() && Arrays.equals(firstRoot, secondRoot);
        }
        List<byte[]> path = new ArrayList<>(proof);
        if (Long.bitCount(first) == 1) {
            path.add(0, firstRoot);
        }
        if (path.isEmpty()) {
            return false;
        }
        long fn = first - 1;
        long sn = second - 1;
        while ((fn & 1) == 1) {
            fn >>= 1;
            sn >>= 1;
        }
        byte[] fr = path.get(0);
        byte[] sr = path.get(0);
        for (byte[] c : path.subList(1, path.size())) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                fr = node(c, fr);
                sr = node(c, sr);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                sr = node(sr, c);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && Arrays.equals(fr, firstRoot) && Arrays.equals(sr, secondRoot);
    }

    static List<byte[]> fromBase64(List<String> texts) {
        return texts.stream().map(Base64.getDecoder()::decode).toList();
    }

    /** Decodes a public key of 32 bytes (RFC 8032, section 5.1.3). */
    static PublicKey ed25519(byte[] raw) throws GeneralSecurityException {
        byte[] bigEndian = new byte[raw.length];
        for (int i = 0; i < raw.length; i++) {
            bigEndian[i] = raw[raw.length - 1 - i];
        }
        boolean odd = (bigEndian[0] & 0x80) != 0;
        bigEndian[0] &= 0x7f;
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(
                        NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, bigEndian))));
    }

    static boolean signed(PublicKey key, byte[] text, byte[] signature) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(key);
        verifier.update(text);
        return verifier.verify(signature);
    }

    /** Verifies a compact JWS (RFC 7515, RFC 8037) with the published keys, and returns its payload. */
    static JsonNode claims(String jws) throws IOException, GeneralSecurityException {
        String[] parts = jws.split("\\.", -1);
        assertEquals(3, parts.length, jws);
        Base64.Decoder base64url = Base64.getUrlDecoder();
        JsonNode header = JSON.readTree(base64url.decode(parts[0]));
        assertEquals("EdDSA", header.get("alg").textValue());
        JsonPath keys = given().get("/.well-known/jwks.json").jsonPath();
        Map<String, String> jwk = keys.<Map<String, String>>getList("keys").stream()
                .filter(one -> header.get("kid").textValue().equals(one.get("kid")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no published key for " + header));
        assertEquals("OKP", jwk.get("kty"));
        assertEquals("Ed25519", jwk.get("crv"));
        // RFC 7638: required members, sorted.
        String thumbprint = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + jwk.get("x") + "\"}";
        assertEquals(
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(sha256(thumbprint.getBytes(StandardCharsets.UTF_8))),
                jwk.get("kid"));
        assertTrue(
                signed(
                        ed25519(base64url.decode(jwk.get("x"))),
                        (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII),
                        base64url.decode(parts[2])),
                "the signature does not verify");
        String payload = new String(base64url.decode(parts[1]), StandardCharsets.UTF_8);
        assertEquals(new JsonCanonicalizer(payload).getEncodedString(), payload, "the payload is not canonical");
        return JSON.readTree(payload);
    }

    /** Returns the SHA-256 of a text in UTF-8, in hexadecimal. */
    static String hash(String text) {
        return HexFormat.of().formatHex(sha256(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns the SHA-256 of JSON in the canonical form of RFC 8785, in hexadecimal. */
    static String canonicalHash(String json) throws IOException {
        return HexFormat.of().formatHex(sha256(new JsonCanonicalizer(json).getEncodedUTF8()));
    }

    /** A C2SP tlog-checkpoint, read from a signed note and verified with the published key. */
    @SuppressWarnings("ArrayRecordComponent") // Checkpoints are never compared.
    record Checkpoint(String origin, long size, byte[] root) {
        static Checkpoint read(String note) throws GeneralSecurityException {
            String text = note.substring(0, note.indexOf("\n\n") + 1);
            String signature = note.substring(note.indexOf("\n\n") + 2);
            String[] lines = text.split("\n", -1);
            assertEquals(4, lines.length, note);
            String[] key = given().get("/log/verifier-key").asString().strip().split("\\+", 3);
            byte[] typeAndKey = Base64.getDecoder().decode(key[2]);
            byte[] id = sha256((key[0] + "\n").getBytes(StandardCharsets.UTF_8), typeAndKey);
            assertEquals(key[1], HexFormat.of().formatHex(id, 0, 4));
            assertEquals(key[0], lines[0]);
            assertTrue(signature.startsWith("\u2014 " + key[0] + " ") && signature.endsWith("\n"), note);
            byte[] signed = Base64.getDecoder().decode(signature.strip().split(" ", 3)[2]);
            assertEquals(key[1], HexFormat.of().formatHex(signed, 0, 4));
            assertTrue(
                    signed(
                            ed25519(Arrays.copyOfRange(typeAndKey, 1, 33)),
                            text.getBytes(StandardCharsets.UTF_8),
                            Arrays.copyOfRange(signed, 4, signed.length)),
                    "the signature does not verify: " + note);
            return new Checkpoint(
                    lines[0], Long.parseLong(lines[1]), Base64.getDecoder().decode(lines[2]));
        }
    }
}
