package org.askfirst.registry.journey;

import static org.askfirst.testkit.Draft.reserved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sigstore.encryption.signers.Verifiers;
import dev.sigstore.merkle.InclusionProofVerificationException;
import dev.sigstore.merkle.InclusionProofVerifier;
import dev.sigstore.rekor.client.Checkpoints;
import dev.sigstore.rekor.client.RekorEntry;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Draft;
import org.askfirst.tlog.GoVerifier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Strangers verify the log of a running registry with their own tools, and with nothing of ours but what it serves:
 * sigstore's client the checkpoint and inclusion, the Go team's code every tile, every entry, and that the log only
 * grew between two checkpoints.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrangersIT {
    private static final int FULL = 256;
    private static final Pattern KEY = Pattern.compile("afk_[0-9a-z]{59}");
    private static final Pattern ID = Pattern.compile("d_[0-9a-z]{26}");

    /** The bytes before the 32 bytes of an Ed25519 key in its X.509 form (RFC 8410). */
    private static final byte[] X509_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

    private final Service service = Service.inEmptyFolder().onNewestJava();
    private final ObjectMapper json = new ObjectMapper();
    private final List<String> declarations = new ArrayList<>();
    private String party = "";
    private String older = "";
    private String newer = "";

    @BeforeAll
    void declare() throws IOException {
        service.start();
        Matcher key = KEY.matcher(
                post("/v1/parties", "application/json", Bodies.text(Map.of("name", "하늘", "kind", "creator"))));
        assertTrue(key.find());
        party = key.group();
        batch(0, 300);
        older = checkpoint(301);
        batch(300, 777);
        for (int i = 0; i < 10; i++) {
            service.send(HttpRequest.newBuilder(service.uri("/v1/declarations/" + declarations.get(i)))
                    .header("Authorization", "Bearer " + party)
                    .DELETE());
        }
        newer = checkpoint(788);
    }

    @AfterAll
    void close() {
        service.close();
    }

    private void batch(int from, int to) {
        List<Draft> lines = IntStream.range(from, to)
                .mapToObj(i -> reserved("ai-training")
                        .of("url:https://strangers.example.com/" + i)
                        .ofWork(Map.of("title", "봄 " + i)))
                .toList();
        Matcher id = ID.matcher(post("/v1/declarations/batch", "application/x-ndjson", Bodies.lines(lines)));
        while (id.find()) {
            declarations.add(id.group());
        }
        assertEquals(to, declarations.size());
    }

    private String post(String path, String type, String body) {
        return service.send(HttpRequest.newBuilder(service.uri(path))
                        .header("Authorization", "Bearer " + party)
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body)))
                .body();
    }

    private String get(String path, String accept) {
        HttpResponse<String> answer =
                service.send(HttpRequest.newBuilder(service.uri(path)).header("Accept", accept));
        assertEquals(200, answer.statusCode(), path + ": " + answer.body());
        return answer.body();
    }

    private byte[] bytes(String path) throws IOException {
        try {
            HttpResponse<byte[]> answer = service.http()
                    .send(HttpRequest.newBuilder(service.uri(path)).build(), HttpResponse.BodyHandlers.ofByteArray());
            assertEquals(200, answer.statusCode(), path);
            return answer.body();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private String checkpoint(int size) {
        for (int tries = 0; tries < 100; tries++) {
            String note = get("/log/checkpoint", "text/plain");
            if (Integer.parseInt(note.split("\n", -1)[1]) == size) {
                return note;
            }
            Service.pause();
        }
        throw new AssertionError(
                "no checkpoint over " + size + " entries; the last is\n" + get("/log/checkpoint", "*/*"));
    }

    @Test
    void sigstoreVerifiesTheCheckpoint() throws Exception {
        String[] verifierKey = get("/log/verifier-key", "text/plain").strip().split("\\+", 3);
        byte[] typeAndKey = Base64.getDecoder().decode(verifierKey[2]);
        assertEquals(1, typeAndKey[0], "Ed25519");
        byte[] x509 = Arrays.copyOf(X509_HEAD, X509_HEAD.length + 32);
        System.arraycopy(typeAndKey, 1, x509, X509_HEAD.length, 32);
        PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509));
        for (String note : List.of(older, newer)) {
            RekorEntry.Checkpoint checkpoint = Checkpoints.from(note);
            assertEquals(verifierKey[0], checkpoint.getOrigin());
            RekorEntry.CheckpointSignature signature =
                    checkpoint.getSignatures().get(0);
            assertEquals(verifierKey[0], signature.getIdentity());
            assertEquals(verifierKey[1], HexFormat.of().formatHex(signature.getKeyHint()));
            byte[] text = checkpoint.getSignedData().getBytes(StandardCharsets.UTF_8);
            assertTrue(Verifiers.newVerifier(key).verify(text, signature.getSignature()));
            text[text.length - 3] ^= 1;
            assertTrue(!Verifiers.newVerifier(key).verify(text, signature.getSignature()), "a changed root");
        }
    }

    @Test
    void sigstoreVerifiesThatDeclarationsAreIncluded() throws Exception {
        RekorEntry.Checkpoint checkpoint = Checkpoints.from(newer);
        byte[] root = Base64.getDecoder().decode(checkpoint.getBase64Hash());
        for (int i = 0; i < declarations.size(); i += 7) {
            String answer = get("/v1/declarations/" + declarations.get(i) + "/proof", "application/json");
            JsonNode proof = json.readTree(answer);
            assertEquals(newer, proof.get("checkpoint").textValue());
            // The entry as it stands in the answer, not as it was parsed: those are the bytes that were hashed.
            Matcher entry = Pattern.compile("\"entry\":(\\{.*\\}),\"index\"").matcher(answer);
            assertTrue(entry.find(), answer);
            byte[] leaf = leafHash(entry.group(1));
            assertEquals(proof.get("leafHash").textValue(), HexFormat.of().formatHex(leaf));
            List<byte[]> hashes = new ArrayList<>();
            proof.get("hashes").forEach(hash -> hashes.add(Base64.getDecoder().decode(hash.textValue())));
            long index = proof.get("index").longValue();
            assertEquals(proof.get("position").longValue(), index + 1);
            InclusionProofVerifier.verify(leaf, index, checkpoint.getSize(), hashes, root);
            leaf[0] ^= 1;
            assertThrows(
                    InclusionProofVerificationException.class,
                    () -> InclusionProofVerifier.verify(leaf, index, checkpoint.getSize(), hashes, root));
        }
    }

    private static byte[] leafHash(String entry) throws NoSuchAlgorithmException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        sha256.update((byte) 0);
        return sha256.digest(entry.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void goVerifiesEveryTileAndEntryAndThatTheLogOnlyGrew(@TempDir Path directory) throws Exception {
        GoVerifier go = GoVerifier.in(directory);
        Path served = Files.createDirectory(directory.resolve("log"));
        int size = Integer.parseInt(newer.split("\n", -1)[1]);
        int oldSize = Integer.parseInt(older.split("\n", -1)[1]);
        write(served, "key", get("/log/verifier-key", "text/plain").getBytes(StandardCharsets.UTF_8));
        write(served, "checkpoint", newer.getBytes(StandardCharsets.UTF_8));
        for (int start = 0; start < size; start += FULL) {
            String tile = String.format(Locale.ROOT, "%03d", start / FULL)
                    + (size - start < FULL ? ".p/" + (size - start) : "");
            for (String kind : List.of("tile/0/", "tile/entries/")) {
                write(served, kind + tile, bytes("/log/" + kind + tile));
            }
        }
        String above = "tile/1/000.p/" + size / FULL;
        write(served, above, bytes("/log/" + above));
        int proofs = 0;
        for (int i = 0; i < declarations.size(); i += 31) {
            String proof = get("/v1/declarations/" + declarations.get(i) + "/proof", "text/plain");
            write(served, "proofs/" + i + ".tlog-proof", proof.getBytes(StandardCharsets.UTF_8));
            proofs++;
        }
        String oldRoot = older.split("\n", -1)[2];
        write(served, "roots", (oldSize + " " + oldRoot + "\n").getBytes(StandardCharsets.UTF_8));
        StringBuilder consistency = new StringBuilder();
        json.readTree(get("/v1/log/consistency?from=" + oldSize + "&to=" + size, "application/json"))
                .get("hashes")
                .forEach(hash -> consistency.append(hash.textValue()).append('\n'));
        write(
                served,
                "consistency/" + oldSize + "-" + size,
                consistency.toString().getBytes(StandardCharsets.UTF_8));

        GoVerifier.Run good = go.verify(served);
        assertEquals(0, good.exit(), good.output());
        assertEquals(
                "verified " + size + " entries, " + proofs + " inclusion proofs, 1 consistency proofs, root "
                        + newer.split("\n", -1)[2],
                good.output().strip());

        // Had the log forgotten what it signed before, the same tool would have said so.
        write(served, "roots", (oldSize + " " + newer.split("\n", -1)[2] + "\n").getBytes(StandardCharsets.UTF_8));
        GoVerifier.Run forked = go.verify(served);
        assertNotEquals(0, forked.exit(), forked.output());
    }

    private static void write(Path served, String name, byte[] bytes) throws IOException {
        Path file = served.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, bytes);
    }
}
