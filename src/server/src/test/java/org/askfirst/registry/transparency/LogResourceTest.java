package org.askfirst.registry.transparency;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks the log over HTTP: checkpoint, tiles, entries, consistency and proofs, verified by {@link Stranger}.
 *
 * <p>It runs before the other classes, while the log is short, because it requests every tile in every size that the
 * tile has had.
 */
@Order(1)
@QuarkusTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LogResourceTest extends RegistryTest {
    private static final int FULL = 256;
    private static final int LEAST = 600;
    private static final Pattern LINE = Pattern.compile(
            "\\{\"position\":([0-9]+),\"recordedAt\":\"[^\"]+\",\"leafHash\":\"([0-9a-f]{64})\",\"entry\":(.*)}");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<byte[]> entries = new ArrayList<>();
    private final List<byte[]> leaves = new ArrayList<>();
    private Party party = new Party("", "", "");
    private String declaration = "";

    /** Runs only once. A {@code BeforeAll} method would not know the port yet. */
    @BeforeEach
    void declareEnough() {
        if (!entries.isEmpty()) {
            return;
        }
        party = Party.open();
        party.sendsLines(
                "/v1/declarations/batch",
                Stream.generate(() -> reserved("ai-training").of(Names.url()))
                        .limit(LEAST)
                        .toList());
        declaration = party.reserves(Names.url());
        // The proof waits for a checkpoint that covers all of this. After it, this class records nothing.
        given().get("/v1/declarations/" + declaration + "/proof").then().statusCode(200);
        String page = "";
        do {
            page = given().queryParam("after", entries.size())
                    .queryParam("limit", 10_000)
                    .get("/v1/changes")
                    .asString();
            for (String line : page.split("\n", -1)) {
                Matcher change = LINE.matcher(line);
                if (change.matches()) {
                    byte[] entry = change.group(3).getBytes(StandardCharsets.UTF_8);
                    entries.add(entry);
                    leaves.add(Stranger.leaf(entry));
                    assertEquals(entries.size(), Integer.parseInt(change.group(1)));
                    assertEquals(change.group(2), HexFormat.of().formatHex(leaves.get(leaves.size() - 1)));
                }
            }
        } while (page.lines().count() == 10_000);
        assertTrue(entries.size() > LEAST, "the feed has " + entries.size());
    }

    private HttpResponse<byte[]> get(String path) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(path, failure);
        }
    }

    private static String tile(int index, int width) {
        String place = index < 1000
                ? String.format(Locale.ROOT, "%03d", index)
                : String.format(Locale.ROOT, "x%03d/%03d", index / 1000, index % 1000);
        return place + (width < FULL ? ".p/" + width : "");
    }

    private static byte[] concatenated(List<byte[]> parts, boolean withLengths) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            if (withLengths) {
                bytes.write(part.length >> 8);
                bytes.write(part.length);
            }
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    @Test
    void theCheckpointIsOverTheEntriesOfTheFeed() throws Exception {
        Response answer = given().get("/log/checkpoint");
        assertEquals(
                "text/plain;charset=utf-8",
                answer.contentType().replace(" ", "").toLowerCase(Locale.ROOT));
        assertEquals("public, max-age=1", answer.header("Cache-Control"));
        Stranger.Checkpoint checkpoint = Stranger.Checkpoint.read(answer.asString());
        assertEquals(entries.size(), checkpoint.size());
        assertArrayEquals(Stranger.root(leaves), checkpoint.root());
        assertTrue(checkpoint.origin().startsWith("askfirst-registry/"), checkpoint.origin());
    }

    @Test
    void everyTileOfEverySizeThatTheLogHadIsServed() {
        List<byte[]> row = leaves;
        for (int level = 0; level < 3; level++) {
            for (int start = 0; start < row.size(); start += FULL) {
                for (int width = 1; width <= Math.min(FULL, row.size() - start); width++) {
                    String path = "/log/tile/" + level + "/" + tile(start / FULL, width);
                    requireBytes(path, width, concatenated(row.subList(start, start + width), false));
                }
            }
            List<byte[]> above = new ArrayList<>();
            for (int start = 0; start + FULL <= row.size(); start += FULL) {
                above.add(Stranger.root(row.subList(start, start + FULL)));
            }
            row = above;
        }
    }

    @Test
    void everyBundleOfEverySizeThatTheLogHadIsServed() {
        for (int start = 0; start < entries.size(); start += FULL) {
            for (int width = 1; width <= Math.min(FULL, entries.size() - start); width++) {
                requireBytes(
                        "/log/tile/entries/" + tile(start / FULL, width),
                        width,
                        concatenated(entries.subList(start, start + width), true));
            }
        }
    }

    private void requireBytes(String path, int width, byte[] expected) {
        HttpResponse<byte[]> answer = get(path);
        assertEquals(200, answer.statusCode(), path);
        assertTrue(Arrays.equals(expected, answer.body()), path);
        assertEquals(
                width == FULL ? "public, max-age=31536000, immutable" : "public, max-age=3600",
                answer.headers().firstValue("Cache-Control").orElse(""),
                path);
        assertEquals(
                "application/octet-stream",
                answer.headers().firstValue("Content-Type").orElse(""),
                path);
    }

    @Test
    void theContractIsKeptByTiles() {
        given().get("/log/tile/0/000").then().statusCode(200);
        given().get("/log/tile/1/000.p/1").then().statusCode(200);
        given().get("/log/tile/entries/000.p/3").then().statusCode(200);
        given().get("/log/tile/0/999").then().statusCode(404);
    }

    @Test
    void aTileThatTheTreeDoesNotHaveIsNotFound() {
        int size = entries.size();
        int last = size / FULL;
        List<String> paths = new ArrayList<>(List.of(
                "0/" + tile(last, FULL),
                "entries/" + tile(last, FULL),
                "0/" + tile(last + 1, FULL),
                "0/" + tile(last + 1, 1),
                "1/" + tile(0, FULL),
                "1/" + tile(1, 1),
                "2/" + tile(0, 1),
                "7/000.p/1",
                "7/000",
                "0/x999/x999/x999/x999/x999/999",
                "entries/x036/x028/x797/x018/x963/967",
                "0/x036/x028/x797/x018/x963/967.p/255"));
        if (size % FULL < FULL - 1) {
            paths.add("0/" + tile(last, size % FULL + 1));
            paths.add("entries/" + tile(last, size % FULL + 1));
        }
        paths.forEach(this::requireNotFound);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0/0",
                "0/00",
                "0/0000",
                "0/000.p",
                "0/000.p/",
                "0/000.p/0",
                "0/000.p/01",
                "0/000.p/256",
                "0/000.p/257",
                "0/000.p/-1",
                "0/000.P/1",
                "0/x000/001",
                "0/x001",
                "0/001/002",
                "00/000",
                "8/000",
                "63/000",
                "64/000",
                "-1/000",
                "a/000",
                "entries",
                "entries/",
                "entries/0",
                "entries/x000/000",
                "entries/entries/000",
                "Entries/000",
                "0/x999/x999/x999/x999/x999/x999/999",
                "0/%30%30%30%20",
                "0/..%2f0%2f000",
                "..%2fcheckpoint",
                "0/000%00",
                "0/%F0%9F%8E%B5",
                "0/%ED%A0%80"
            })
    void aMalformedPathIsNotFound(String path) {
        requireNotFound(path);
    }

    private void requireNotFound(String path) {
        HttpResponse<byte[]> answer = get("/log/tile/" + path);
        assertTrue(answer.statusCode() == 404 || answer.statusCode() == 400, path + ": " + answer.statusCode());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", ""),
                path);
        assertFalse(answer.headers().firstValue("Cache-Control").orElse("").contains("max-age"), path);
    }

    @Test
    void aTreeIsProvedToExtendASmallerOne() {
        Random random = new Random(1);
        int size = entries.size();
        List<int[]> pairs = new ArrayList<>(List.of(
                new int[] {1, 1},
                new int[] {1, 2},
                new int[] {1, size},
                new int[] {size, size},
                new int[] {size - 1, size},
                new int[] {256, 257},
                new int[] {255, 256},
                new int[] {256, 512},
                new int[] {512, size}));
        for (int i = 0; i < 60; i++) {
            int from = 1 + random.nextInt(size);
            pairs.add(new int[] {from, from + random.nextInt(size - from + 1)});
        }
        for (int[] pair : pairs) {
            JsonPath proof = given().queryParam("from", pair[0])
                    .queryParam("to", pair[1])
                    .get("/v1/log/consistency")
                    .jsonPath();
            List<byte[]> hashes = Stranger.fromBase64(proof.getList("hashes"));
            byte[] before = Stranger.root(leaves.subList(0, pair[0])).clone();
            byte[] after = Stranger.root(leaves.subList(0, pair[1]));
            assertTrue(Stranger.consistent(pair[0], before, pair[1], after, hashes), () -> Arrays.toString(pair));
            before[5] ^= 1;
            assertFalse(Stranger.consistent(pair[0], before, pair[1], after, hashes));
        }
        given().queryParam("from", 7)
                .get("/v1/log/consistency")
                .then()
                .statusCode(200)
                .body("to", equalTo(size));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?from=",
                "?from=0",
                "?from=-1",
                "?from=x",
                "?from=2&to=1",
                "?from=1&to=0",
                "?from=1&to=999999999999",
                "?from=999999999999",
                "?from=99999999999999999999",
                "?to=1",
                "?from=1&too=2"
            })
    void anInvalidPairOfSizesIsRefused(String query) {
        given().urlEncodingEnabled(false)
                .get("/v1/log/consistency" + query)
                .then()
                .statusCode(422)
                .body("type", startsWith("https://"));
    }

    @Test
    void aDeclarationsProofLeadsToTheCheckpoint() throws Exception {
        String answer =
                given().get("/v1/declarations/" + declaration + "/proof").asString();
        JsonPath proof = new JsonPath(answer);
        Stranger.Checkpoint checkpoint = Stranger.Checkpoint.read(proof.getString("checkpoint"));
        Matcher entry = Pattern.compile("\"entry\":(\\{.*\\}),\"index\"").matcher(answer);
        assertTrue(entry.find(), answer);
        byte[] leaf = Stranger.leaf(entry.group(1).getBytes(StandardCharsets.UTF_8));
        assertEquals(HexFormat.of().formatHex(leaf), proof.getString("leafHash"));
        long index = proof.getLong("index");
        assertEquals(proof.getLong("position") - 1, index);
        List<byte[]> hashes = Stranger.fromBase64(proof.getList("hashes"));
        assertTrue(Stranger.includes(leaf, index, checkpoint.size(), hashes, checkpoint.root()));
        assertFalse(Stranger.includes(leaf, index - 1, checkpoint.size(), hashes, checkpoint.root()));

        String text = given().accept("text/plain")
                .get("/v1/declarations/" + declaration + "/proof")
                .then()
                .statusCode(200)
                .contentType("text/plain")
                .extract()
                .asString();
        String[] parts = text.split("\n\n", 2);
        String[] lines = parts[0].split("\n", -1);
        assertEquals("c2sp.org/tlog-proof@v1", lines[0]);
        assertEquals("index " + index, lines[1]);
        assertEquals(proof.getList("hashes"), List.of(lines).subList(2, lines.length));
        assertEquals(proof.getString("checkpoint"), parts[1]);
    }

    @Test
    void aMissingDeclarationHasNoProof() {
        given().get("/v1/declarations/d_00000000000000000000000000/proof")
                .then()
                .statusCode(404);
        given().get("/v1/declarations/nonsense/proof").then().statusCode(404);
        given().accept("text/plain")
                .get("/v1/declarations/nonsense/proof")
                .then()
                .statusCode(404);
        given().accept("image/png")
                .get("/v1/declarations/" + declaration + "/proof")
                .then()
                .statusCode(406);
    }

    @Test
    void theVerifierKeyIsTheLogsName() {
        String key = given().get("/log/verifier-key")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertTrue(key.matches("[^+ ]+\\+[0-9a-f]{8}\\+[A-Za-z0-9+/=]{44}\n"), key);
        assertEquals(33, Base64.getDecoder().decode(key.strip().split("\\+", 3)[2]).length);
    }
}
