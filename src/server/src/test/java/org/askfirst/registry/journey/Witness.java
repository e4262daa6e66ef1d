package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.testkit.Bodies;
import org.askfirst.tlog.Checkpoint;
import org.askfirst.tlog.ConsistencyProof;
import org.askfirst.tlog.Ed25519Verifier;
import org.askfirst.tlog.Frontier;
import org.askfirst.tlog.Hash;
import org.askfirst.tlog.MalformedException;
import org.askfirst.tlog.MerkleTree;
import org.askfirst.tlog.NotProvenException;
import org.askfirst.tlog.SignedNote;

/**
 * Somebody who follows a registry from its first day, remembers what it saw, and lets nothing be taken back: the
 * feed's positions, every entry's hash, and the last checkpoint.
 */
final class Witness {
    private static final Pattern LINE = Pattern.compile(
            "\\{\"position\":([0-9]+),\"recordedAt\":\"[^\"]+\",\"leafHash\":\"([0-9a-f]{64})\",\"entry\":(.*)}");
    private static final Pattern SUBJECT = Pattern.compile("\"subjects\":\\[\"([^\"]+)\"\\]");
    private static final int PAGE = 10_000;
    private static final int SECONDS = 30;

    private final Service service;
    private final Ed25519Verifier log;
    private final List<Hash> leaves = new ArrayList<>();
    private final Map<String, Long> positions = new HashMap<>();
    private volatile Checkpoint seen;
    private long refused;

    private Witness(Service service, Ed25519Verifier log, Checkpoint seen) {
        this.service = service;
        this.log = log;
        this.seen = seen;
    }

    /** Takes the log's key on first use. */
    static Witness of(Service service) throws MalformedException, NotProvenException {
        String key = service.send(HttpRequest.newBuilder(service.uri("/log/verifier-key")))
                .body()
                .strip();
        Ed25519Verifier log = Ed25519Verifier.parse(key);
        String note = service.send(HttpRequest.newBuilder(service.uri("/log/checkpoint")))
                .body();
        return new Witness(service, log, Checkpoint.open(SignedNote.parse(note), log));
    }

    /** Looks at the checkpoint in passing; nothing if the service is not there. */
    void glance() throws InterruptedException {
        try {
            HttpResponse<String> answer = service.http()
                    .send(
                            HttpRequest.newBuilder(service.uri("/log/checkpoint"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                see(answer.body());
            }
        } catch (IOException gone) {
            // It is being killed; that is what the test is about.
        }
    }

    private synchronized Checkpoint see(String note) {
        try {
            Checkpoint now = Checkpoint.open(SignedNote.parse(note), log);
            assertTrue(now.size() >= seen.size(), () -> "the log shrank from " + seen.size() + " to " + now.size());
            seen = now;
            return now;
        } catch (MalformedException | NotProvenException forged) {
            throw new AssertionError(note, forged);
        }
    }

    /**
     * Reads on to the end of the feed and holds everything against what was seen and acknowledged before: positions
     * are gapless, each declaration is there once and where it was acknowledged, and the new checkpoint comes soon,
     * is over these very entries and consistent with the last one seen.
     */
    void catchUp(Map<String, Long> acknowledged) throws MalformedException, NotProvenException {
        Checkpoint before = seen;
        readFeed();
        acknowledged.forEach((subject, position) ->
                assertEquals(position, positions.get(subject), subject + " was acknowledged and is not there"));

        int end = leaves.size();
        Checkpoint now = covering(end);
        assertTrue(now.size() >= before.size(), "the log shrank");
        if (now.size() > leaves.size()) {
            readFeed();
        }
        assertEquals(
                Frontier.empty().append(leaves.subList(0, (int) now.size())).root(),
                now.root(),
                "the checkpoint is not over the entries of the feed");
        if (before.size() > 0) {
            String proof = get("/v1/log/consistency?from=" + before.size() + "&to=" + now.size());
            List<Hash> hashes = new ArrayList<>();
            Matcher hash = Pattern.compile("\"([A-Za-z0-9+/]{43}=)\"").matcher(proof);
            while (hash.find()) {
                hashes.add(Hash.parse(hash.group(1)));
            }
            new ConsistencyProof(before.size(), now.size(), hashes).verify(before.root(), now.root());
        }
        requireStanding(acknowledged);
    }

    private void readFeed() {
        int lines = PAGE;
        while (lines == PAGE) {
            lines = 0;
            for (String line :
                    get("/v1/changes?limit=" + PAGE + "&after=" + leaves.size()).split("\n", -1)) {
                if (line.isEmpty()) {
                    continue;
                }
                lines++;
                Matcher change = LINE.matcher(line);
                assertTrue(change.matches(), line);
                assertEquals(leaves.size() + 1, Long.parseLong(change.group(1)), "positions have a gap");
                Hash leaf = MerkleTree.leafHash(change.group(3).getBytes(StandardCharsets.UTF_8));
                assertEquals(change.group(2), leaf.hex());
                leaves.add(leaf);
                Matcher subject = SUBJECT.matcher(change.group(3));
                if (subject.find()) {
                    Long twice = positions.put(subject.group(1), (long) leaves.size());
                    assertEquals(null, twice, () -> subject.group(1) + " is recorded twice");
                }
            }
        }
    }

    private Checkpoint covering(int end) {
        for (int tries = 0; tries < SECONDS * 10; tries++) {
            Checkpoint now = see(get("/log/checkpoint"));
            if (now.size() >= end) {
                return now;
            }
            Service.pause();
        }
        throw new AssertionError("no checkpoint covers " + end + " after " + SECONDS + " seconds");
    }

    /** A sample of what was acknowledged is answered from, at once. */
    private void requireStanding(Map<String, Long> acknowledged) {
        List<Map<String, List<String>>> items = acknowledged.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(300)
                .map(one -> Map.of("subjects", List.of(one.getKey())))
                .toList();
        if (items.isEmpty()) {
            return;
        }
        String answer = until200(HttpRequest.newBuilder(service.uri("/v1/lookups?detail=verdict&use=ai-training"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Bodies.text(Map.of("items", items)))));
        assertEquals(
                Math.min(300, acknowledged.size()),
                Pattern.compile("\"verdict\":\"deny\",\"verdicts\"")
                        .matcher(answer)
                        .results()
                        .count(),
                answer);
    }

    private String get(String path) {
        return until200(HttpRequest.newBuilder(service.uri(path)));
    }

    /** A reader comes back for what is unavailable, or breaks off. */
    private String until200(HttpRequest.Builder request) {
        for (int tries = 1; ; tries++) {
            try {
                HttpResponse<String> answer = service.send(request);
                if (answer.statusCode() == 200) {
                    return answer.body();
                }
                assertEquals(503, answer.statusCode(), answer.body());
                assertTrue(tries < SECONDS * 10, answer.body());
            } catch (UncheckedIOException brokenOff) {
                if (tries >= SECONDS * 10) {
                    throw brokenOff;
                }
            }
            refused++;
            Service.pause();
        }
    }

    /** How far it has come, for the report. */
    String tally() {
        return leaves.size() + " entries witnessed, checkpoint over " + seen.size() + ", reads tried again: " + refused;
    }
}
