package org.askfirst.registry.transparency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.askfirst.registry.transparency.WitnessClient.Outcome;
import org.askfirst.registry.witness.WitnessServer;
import org.askfirst.tlog.Checkpoint;
import org.askfirst.tlog.CosignatureVerifier;
import org.askfirst.tlog.Ed25519Signer;
import org.askfirst.tlog.Frontier;
import org.askfirst.tlog.Hash;
import org.askfirst.tlog.MerkleTree;
import org.askfirst.tlog.SignedNote;
import org.askfirst.tlog.Subtree;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log asks a real witness. */
class WitnessClientTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Ed25519Signer signer;
    private final WitnessServer server;
    private final Witnesses.Witness witness;

    WitnessClientTest(@TempDir Path folder) throws Exception {
        signer = Ed25519Signer.of(
                "registry.example/log",
                KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate());
        server = WitnessServer.start(
                "witness.example/w1",
                List.of(signer.verifier()),
                folder.resolve("witness"),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                InstantSource.system());
        witness = new Witnesses.Witness(
                server.verifier(),
                URI.create("http://127.0.0.1:" + server.address().getPort() + "/add-checkpoint"));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** A log that remembers the hash of every complete subtree. */
    private final class Log {
        private final Map<Subtree, Hash> hashes = new HashMap<>();
        private Frontier frontier = Frontier.empty();

        Log append(String... entries) {
            List<Hash> leaves = new ArrayList<>();
            for (String entry : entries) {
                leaves.add(MerkleTree.leafHash(entry.getBytes(StandardCharsets.UTF_8)));
            }
            frontier = frontier.append(leaves, hashes::put);
            return this;
        }

        List<Hash> read(List<Subtree> subtrees) {
            return subtrees.stream()
                    .map(subtree -> Objects.requireNonNull(hashes.get(subtree)))
                    .toList();
        }

        SignedNote checkpoint() {
            return Checkpoint.of(signer.verifier().name(), frontier.size(), frontier.root())
                    .sign(List.of(signer));
        }

        WitnessClient.Answer askedBy(WitnessClient client) throws InterruptedException {
            return client.cosign(checkpoint(), frontier.size(), this::read);
        }
    }

    @Test
    void nodesOfOneLogAskInTurn() throws Exception {
        Log log = new Log().append("a", "b", "c");
        WitnessClient one = new WitnessClient(witness, http);
        WitnessClient.Answer answer = log.askedBy(one);
        assertEquals(Outcome.COSIGNED, answer.outcome());
        assertEquals(1, answer.signatures().size());
        assertTrue(answer.signatures().get(0).isMeantFor(server.verifier()));
        log.append("d", "e");
        assertEquals(Outcome.COSIGNED, log.askedBy(one).outcome());
        assertEquals(Outcome.COSIGNED, log.askedBy(one).outcome());
        // Another node has just started, and does not know what the witness has seen.
        WitnessClient two = new WitnessClient(witness, http);
        log.append("f");
        assertEquals(Outcome.COSIGNED, log.askedBy(two).outcome());
        log.append("g");
        assertEquals(Outcome.COSIGNED, log.askedBy(one).outcome());
        // A node that is behind gets nothing, and does no harm.
        assertEquals(Outcome.UNANSWERED, new Log().append("a").askedBy(two).outcome());
        assertEquals(Outcome.COSIGNED, log.append("h").askedBy(two).outcome());
    }

    @Test
    void aForkIsRefused() throws Exception {
        assertEquals(
                Outcome.COSIGNED,
                new Log()
                        .append("a", "b")
                        .askedBy(new WitnessClient(witness, http))
                        .outcome());
        WitnessClient.Answer fork = new Log().append("a", "x", "c").askedBy(new WitnessClient(witness, http));
        assertEquals(Outcome.REFUSED, fork.outcome());
        assertTrue(fork.signatures().isEmpty());
    }

    @Test
    void whoDoesNotAnswerWithAValidSignatureCountsAsSilent() throws Exception {
        Log log = new Log().append("a");
        Witnesses.Witness other = new Witnesses.Witness(
                CosignatureVerifier.of("witness.example/w1", signer.verifier().publicKey()), witness.submission());
        assertEquals(
                Outcome.UNANSWERED, log.askedBy(new WitnessClient(other, http)).outcome());
        server.close();
        assertEquals(
                Outcome.UNANSWERED,
                log.askedBy(new WitnessClient(witness, http)).outcome());
    }
}
