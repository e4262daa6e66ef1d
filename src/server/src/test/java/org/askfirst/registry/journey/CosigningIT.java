package org.askfirst.registry.journey;

import static org.askfirst.testkit.Draft.reserved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.registry.transparency.KeyFile;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Names;
import org.askfirst.tlog.AddCheckpoint;
import org.askfirst.tlog.Checkpoint;
import org.askfirst.tlog.CosignatureVerifier;
import org.askfirst.tlog.Ed25519Signer;
import org.askfirst.tlog.Ed25519Verifier;
import org.askfirst.tlog.MerkleTree;
import org.askfirst.tlog.SignedNote;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Witnesses that anyone can run cosign the log of a registry, and expose one that has two histories. */
class CosigningIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern KEY = Pattern.compile("(?m)^  key +(\\S+)$");

    private final Path folder;
    private final Service service = Service.inEmptyFolder();
    private final List<Process> witnesses = new ArrayList<>();

    CosigningIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void end() throws InterruptedException {
        service.close();
        for (Process witness : witnesses) {
            witness.destroyForcibly().waitFor();
        }
    }

    /** A witness of the packaged jar, with its address. */
    private record Started(Process process, int port, CosignatureVerifier key) {
        String setting() {
            return key.verifierKey() + " http://127.0.0.1:" + port + "/";
        }
    }

    private Started witness(String name, int port, String log) throws Exception {
        Path out = folder.resolve(name + ".out");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(String.valueOf(System.getProperty("java.home")), "bin", "java")
                                .toString(),
                        "-jar",
                        Service.packaged().toString(),
                        "witness")
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().put("ASKFIRST_WITNESS_NAME", "witness.example/" + name);
        builder.environment().put("ASKFIRST_WITNESS_LOGS", log);
        builder.environment().put("ASKFIRST_WITNESS_PORT", String.valueOf(port));
        builder.environment()
                .put("ASKFIRST_WITNESS_FOLDER", folder.resolve(name).toString());
        Process process = builder.start();
        witnesses.add(process);
        long end = System.nanoTime() + PATIENCE.toNanos();
        Matcher key = KEY.matcher("");
        while (!key.find()) {
            assertTrue(process.isAlive() && System.nanoTime() < end, Files.readString(out));
            Service.pause();
            key = KEY.matcher(Files.readString(out));
        }
        return new Started(process, port, CosignatureVerifier.parse(key.group(1)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private String get(String path) {
        return service.send(HttpRequest.newBuilder(service.uri(path))).body();
    }

    private void declare(String key) {
        HttpResponse<String> declared = service.send(HttpRequest.newBuilder(service.uri("/v1/declarations"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        reserved("ai-training").of(Names.url()).toString())));
        assertEquals(201, declared.statusCode(), declared.body());
    }

    /** Waits for a checkpoint of that size with cosignatures of all these keys. */
    private SignedNote awaitCosigned(long size, List<CosignatureVerifier> keys) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            HttpResponse<String> answer = service.send(HttpRequest.newBuilder(service.uri("/log/checkpoint")));
            if (answer.statusCode() == 200) {
                SignedNote note = SignedNote.parse(answer.body());
                boolean isCosigned = note.signatures().size() == 1 + keys.size();
                if (Checkpoint.parse(note.text()).size() == size && isCosigned) {
                    assertEquals(keys, note.verify(keys));
                    return note;
                }
            }
            assertTrue(System.nanoTime() < end, () -> answer.body() + "\n" + service.output());
            Service.pause();
        }
    }

    @Test
    void witnessesCosignTheLogAndRefuseASplitView() throws Exception {
        service.start();
        String log = get("/log/verifier-key").strip();
        String key = Answers.tree(service.send(HttpRequest.newBuilder(service.uri("/v1/parties"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        Bodies.object("name", "Ada", "kind", "creator")
                                                .toString())))
                        .body())
                .get("key")
                .asText();
        declare(key);
        service.stop();

        Started one = witness("one", freePort(), log);
        Started two = witness("two", freePort(), log);
        service.with("ASKFIRST_LOG_WITNESSES", one.setting() + "," + two.setting())
                .with("ASKFIRST_LOG_WITNESS_QUORUM", "1")
                .start();
        awaitCosigned(2, List.of(one.key(), two.key()));
        declare(key);
        SignedNote note = awaitCosigned(3, List.of(one.key(), two.key()));
        Checkpoint checkpoint = Checkpoint.open(note, Ed25519Verifier.parse(log));

        // One of two is enough.
        two.process().destroy();
        two.process().waitFor(10, TimeUnit.SECONDS);
        declare(key);
        awaitCosigned(4, List.of(one.key()));

        // Without any, everything but new checkpoints goes on.
        one.process().destroy();
        one.process().waitFor(10, TimeUnit.SECONDS);
        declare(key);
        assertEquals(
                4,
                Checkpoint.parse(SignedNote.parse(get("/log/checkpoint")).text())
                        .size());

        // They start again with what they remember.
        Started again = witness("one", one.port(), log);
        assertEquals(one.key(), again.key());
        awaitCosigned(5, List.of(one.key()));

        // The holder of the log's key signs another history for somebody.
        Ed25519Signer signer = Ed25519Signer.of(
                checkpoint.origin(),
                KeyFile.read(service.folder().resolve("data/log.key")).orElseThrow());
        SignedNote fork =
                Checkpoint.of(checkpoint.origin(), 5, MerkleTree.emptyRoot()).sign(List.of(signer));
        HttpResponse<String> refused = service.http()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + one.port() + "/add-checkpoint"))
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        new AddCheckpoint(5, List.of(), fork).toString()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertEquals(422, refused.statusCode(), refused.body());
        assertEquals(Service.TERMINATED, service.stop());
    }
}
