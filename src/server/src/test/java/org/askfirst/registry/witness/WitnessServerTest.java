package org.askfirst.registry.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.InstantSource;
import java.util.List;
import org.askfirst.tlog.AddCheckpoint;
import org.askfirst.tlog.Checkpoint;
import org.askfirst.tlog.Ed25519Signer;
import org.askfirst.tlog.Frontier;
import org.askfirst.tlog.Hash;
import org.askfirst.tlog.MerkleTree;
import org.askfirst.tlog.SignedNote;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The witness over HTTP, as C2SP tlog-witness describes it. */
class WitnessServerTest {
    private static final String ORIGIN = "registry.example/log";
    private static final Hash ONE = MerkleTree.leafHash("one".getBytes(StandardCharsets.UTF_8));
    private static final Hash TWO = MerkleTree.leafHash("two".getBytes(StandardCharsets.UTF_8));
    private static final Hash OTHER = MerkleTree.leafHash("other".getBytes(StandardCharsets.UTF_8));

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder;
    private final Ed25519Signer log;

    WitnessServerTest(@TempDir Path folder) throws Exception {
        this.folder = folder.resolve("witness");
        log = signer(ORIGIN);
    }

    private static Ed25519Signer signer(String name) throws Exception {
        return Ed25519Signer.of(
                name, KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate());
    }

    private WitnessServer start() throws IOException {
        return WitnessServer.start(
                "witness.example/w1",
                List.of(log.verifier()),
                folder,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                InstantSource.system());
    }

    private static SignedNote checkpoint(Ed25519Signer signer, Hash... leaves) {
        Frontier frontier = Frontier.empty().append(List.of(leaves), (subtree, hash) -> {});
        return Checkpoint.of(signer.verifier().name(), leaves.length, frontier.root())
                .sign(List.of(signer));
    }

    private HttpResponse<String> send(WitnessServer server, String method, String path, String body)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        return http.send(
                HttpRequest.newBuilder(uri)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> add(WitnessServer server, long old, List<Hash> proof, SignedNote checkpoint)
            throws IOException, InterruptedException {
        return send(server, "POST", "/add-checkpoint", new AddCheckpoint(old, proof, checkpoint).toString());
    }

    @Test
    void itCosignsOneHistoryAlsoAfterARestart() throws Exception {
        SignedNote first = checkpoint(log, ONE);
        String key;
        try (WitnessServer server = start()) {
            key = server.verifier().verifierKey();
            assertEquals(
                    404,
                    send(server, "GET", "/" + WitnessServer.hash(ORIGIN) + "/checkpoint", "")
                            .statusCode());
            HttpResponse<String> answer = add(server, 0, List.of(), first);
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals(
                    1,
                    first.signaturesOf(server.verifier(), answer.body().getBytes(StandardCharsets.UTF_8))
                            .size());
            HttpResponse<String> last = send(server, "GET", "/" + WitnessServer.hash(ORIGIN) + "/checkpoint", "");
            SignedNote note = SignedNote.parse(last.body());
            assertEquals(first.text(), note.text());
            note.verify(List.of(log.verifier()));
            note.verify(List.of(server.verifier()));
            assertThrows(IOException.class, this::start, "two witnesses use one folder");
        }
        try (WitnessServer server = start()) {
            assertEquals(key, server.verifier().verifierKey());
            HttpResponse<String> other = add(server, 0, List.of(), checkpoint(log, OTHER));
            assertEquals(409, other.statusCode());
            assertEquals("1\n", other.body());
            assertEquals(
                    "text/x.tlog.size",
                    other.headers().firstValue("Content-Type").orElseThrow());
            assertEquals(422, add(server, 1, List.of(), checkpoint(log, OTHER)).statusCode());
            assertEquals(
                    422,
                    add(server, 1, List.of(TWO), checkpoint(log, OTHER, TWO)).statusCode());
            assertEquals(
                    200, add(server, 1, List.of(TWO), checkpoint(log, ONE, TWO)).statusCode());
        }
    }

    @Test
    void itRefusesWhatItCannotCosign() throws Exception {
        try (WitnessServer server = start()) {
            assertEquals(
                    404,
                    add(server, 0, List.of(), checkpoint(signer("other.example"), ONE))
                            .statusCode());
            assertEquals(
                    403,
                    add(server, 0, List.of(), checkpoint(signer(ORIGIN), ONE)).statusCode());
            assertEquals(400, add(server, 5, List.of(), checkpoint(log, ONE)).statusCode());
            for (String bad : List.of("", "old 0\n", "old 0\n\n", "old 0\n\nno note\n", "\u0000", "{}")) {
                assertEquals(400, send(server, "POST", "/add-checkpoint", bad).statusCode(), bad);
            }
            assertEquals(
                    413,
                    send(server, "POST", "/add-checkpoint", "x".repeat(70_000)).statusCode());
            assertEquals(405, send(server, "GET", "/add-checkpoint", "").statusCode());
            assertEquals(405, send(server, "DELETE", "/", "").statusCode());
            assertEquals(404, send(server, "GET", "/../witness.key", "").statusCode());
        }
    }

    @Test
    void aDamagedStateIsNotForgotten() throws Exception {
        try (WitnessServer server = start()) {
            assertEquals(200, add(server, 0, List.of(), checkpoint(log, ONE)).statusCode());
            Path state = folder.resolve(WitnessServer.hash(ORIGIN) + ".checkpoint");
            assertTrue(Files.exists(state));
            Files.writeString(state, "damaged");
            HttpResponse<String> answer = add(server, 0, List.of(), checkpoint(log, OTHER));
            assertEquals(500, answer.statusCode(), answer.body());
        }
    }
}
