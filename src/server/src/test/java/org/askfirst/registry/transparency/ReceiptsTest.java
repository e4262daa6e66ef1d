package org.askfirst.registry.transparency;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Verifies receipts as {@code docs/formats/receipts.md} specifies, with {@link Stranger} and with the registry. */
@QuarkusTest
class ReceiptsTest extends RegistryTest {
    private final ObjectMapper json = new ObjectMapper();

    private JsonNode receipt(Party party, String subject) throws IOException {
        return json.readTree(party.declaring(reserved("ai-training").of(subject))
                        .statusCode(201)
                        .extract()
                        .asString())
                .get("receipt");
    }

    /** Checks everything that the document specifies, and returns the claims. */
    private static JsonNode check(JsonNode receipt) throws IOException, GeneralSecurityException {
        JsonNode claims = Stranger.claims(receipt.get("jws").textValue());
        assertEquals("declarations", claims.get("kind").textValue());
        assertEquals(
                given().get("/log/verifier-key").asString().split("\\+", 2)[0],
                claims.get("iss").textValue());
        List<String> path = new ArrayList<>();
        receipt.get("path").forEach(hash -> path.add(hash.textValue()));
        byte[] leaf = HexFormat.of().parseHex(receipt.get("leafHash").textValue());
        byte[] root = Base64.getDecoder().decode(claims.get("root").textValue());
        long index = receipt.get("position").longValue() - claims.get("first").longValue();
        long count = claims.get("count").longValue();
        assertTrue(Stranger.includes(leaf, index, count, Stranger.fromBase64(path), root), receipt + " " + claims);
        assertEquals(
                Instant.parse(receipt.get("recordedAt").textValue()).getEpochSecond(),
                claims.get("iat").longValue());
        leaf[9] ^= 1;
        assertFalse(Stranger.includes(leaf, index, count, Stranger.fromBase64(path), root));
        return claims;
    }

    @Test
    void receiptsOfManyAtOnceShareASignature() throws Exception {
        Party party = Party.open();
        ExecutorService clients = Executors.newFixedThreadPool(12);
        List<Future<JsonNode>> receipts = new ArrayList<>();
        try {
            for (int i = 0; i < 120; i++) {
                String subject = Names.url();
                Callable<JsonNode> declares = () -> receipt(party, subject);
                receipts.add(clients.submit(declares));
            }
            long largest = 0;
            for (Future<JsonNode> receipt : receipts) {
                JsonNode claims = check(receipt.get());
                largest = Math.max(largest, claims.get("count").longValue());
                verify(receipt.get()).body("valid", equalTo(true)).body("kind", equalTo("declaration"));
            }
            assertTrue(largest > 1, "no two entries were recorded in one group");
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void amendmentsAndWithdrawalsHaveReceiptsToo() throws Exception {
        Party party = Party.open();
        String id = party.reserves(Names.url());
        JsonNode amended = json.readTree(party.says(reserved("ai-input"))
                        .put("/v1/declarations/" + id)
                        .asString())
                .get("receipt");
        JsonNode withdrawn = json.readTree(
                        party.asks().delete("/v1/declarations/" + id).asString())
                .get("receipt");
        String history = given().get("/v1/declarations/" + id + "/history").asString();
        for (JsonNode receipt : List.of(amended, withdrawn)) {
            check(receipt);
            verify(receipt).body("valid", equalTo(true));
            assertTrue(history.contains(receipt.get("leafHash").textValue()), history);
        }
    }

    @Test
    void aLookupsReceiptIsOverQuestionAndAnswer() throws Exception {
        String subject = Names.url();
        Party.openReachable().reserves(subject);
        // A request as clients write it. Spaces, order, escapes and numbers do not change the canonical form.
        String request = "{ \"receipt\":true,\n \"items\" : [{\"subjects\":[\"" + subject
                + "\"],\"id\":\"\\u00e9\\ud55c\\/\"}, {\"subjects\":[\"nonsense\"]}] }";
        String answer = given().contentType("application/json")
                .body(request)
                .post("/v1/lookups")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        ObjectNode answerWithoutReceipt = (ObjectNode) json.readTree(answer);
        String receipt = answerWithoutReceipt.remove("receipt").textValue();
        JsonNode claims = Stranger.claims(receipt);
        assertEquals("lookup", claims.get("kind").textValue());
        assertEquals(Stranger.canonicalHash(request), claims.get("request").textValue());
        assertEquals(
                Stranger.canonicalHash(answerWithoutReceipt.toString()),
                claims.get("answer").textValue());
        assertEquals(answerWithoutReceipt.get("position"), claims.get("position"));
        assertEquals(answerWithoutReceipt.get("answeredAt"), claims.get("asOf"));
        assertTrue(claims.get("size").longValue() >= 0);
        assertEquals(32, Base64.getDecoder().decode(claims.get("root").textValue()).length);
        assertTrue(Math.abs(claims.get("iat").longValue()
                        - TestClock.ofService().instant().getEpochSecond())
                < 60);
        verify(TextNode.valueOf(receipt))
                .body("valid", equalTo(true))
                .body("kind", equalTo("lookup"))
                .body("claims.answer", equalTo(claims.get("answer").textValue()));
    }

    @Test
    void aStreamsReceiptIsOverItsLines() throws Exception {
        String subject = Names.url();
        Party.openReachable().reserves(subject);
        List<String> asked =
                List.of("{\"id\":\"한\",\"subjects\":[\"" + subject + "\"]}", "", "{broken", "  ", "{\"subjects\":[]}");
        String answer = given().contentType("application/x-ndjson")
                .body("\ufeff" + String.join("\r\n", asked).replaceFirst("\r\n", "\n"))
                .post("/v1/lookups?receipt=true&use=ai-training&use=ai-input&detail=verdict")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        int last = answer.lastIndexOf('\n', answer.length() - 2) + 1;
        assertEquals(3, answer.substring(0, last).lines().count());
        String receipt = json.readTree(answer.substring(last)).get("receipt").textValue();
        JsonNode claims = Stranger.claims(receipt);
        assertEquals("lookup-lines", claims.get("kind").textValue());
        assertEquals(
                Stranger.hash(String.join("\n", asked) + "\n"),
                claims.get("request").textValue());
        assertEquals(
                Stranger.hash(answer.substring(0, last)), claims.get("answer").textValue());
        assertEquals(asked.size(), claims.get("count").intValue());
        assertEquals("[\"ai-input\",\"ai-training\"]", claims.get("uses").toString());
        assertEquals("verdict", claims.get("detail").textValue());
        verify(TextNode.valueOf(receipt)).body("valid", equalTo(true)).body("kind", equalTo("lookup-lines"));
    }

    @Test
    void aStreamWithoutAnswersHasAReceiptToo() throws Exception {
        String answer = given().contentType("application/x-ndjson")
                .body("\n")
                .post("/v1/lookups?receipt=true")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        JsonNode claims = Stranger.claims(json.readTree(answer).get("receipt").textValue());
        assertEquals(1, claims.get("count").intValue());
        assertEquals(Stranger.hash("\n"), claims.get("request").textValue());
        assertEquals(Stranger.hash(""), claims.get("answer").textValue());
    }

    private ValidatableResponse verify(JsonNode receipt) {
        return given().contentType("application/json")
                .body(json.createObjectNode().set("receipt", receipt).toString())
                .post("/v1/receipts/verify")
                .then()
                .statusCode(200);
    }

    private void requireInvalid(JsonNode receipt) {
        verify(receipt)
                .body("valid", equalTo(false))
                .body("reason", notNullValue())
                .body("claims", nullValue())
                .body("proves", nullValue());
    }

    @Test
    void aTamperedReceiptProvesNothing() throws Exception {
        ObjectNode good = (ObjectNode) receipt(Party.open(), Names.url());
        ObjectNode other = (ObjectNode) receipt(Party.open(), Names.url());
        verify(good).body("valid", equalTo(true));
        String[] jws = good.get("jws").textValue().split("\\.", -1);
        List<ObjectNode> tampered = new ArrayList<>();
        tampered.add(good.deepCopy().put("position", good.get("position").longValue() + 1));
        tampered.add(good.deepCopy().put("position", 1L << 60));
        tampered.add(good.deepCopy().put("leafHash", other.get("leafHash").textValue()));
        tampered.add(good.deepCopy().put("jws", other.get("jws").textValue()));
        tampered.add(good.deepCopy().put("jws", jws[0] + "." + jws[1] + "." + jws[2].substring(4)));
        tampered.add(good.deepCopy().put("jws", jws[0] + ".e30." + jws[2]));
        tampered.add(good.deepCopy());
        ((ArrayNode) tampered.get(tampered.size() - 1).get("path"))
                .add(Base64.getEncoder().encodeToString(new byte[32]));
        tampered.add(good.deepCopy());
        tampered.get(tampered.size() - 1).remove(List.of("jws", "path"));
        tampered.forEach(this::requireInvalid);
        // The signature of a declaration's receipt must not pass as the receipt of a lookup.
        requireInvalid(good.get("jws"));
    }

    @Test
    void aForeignSignatureProvesNothing() throws Exception {
        ObjectNode foreign = (ObjectNode) receipt(Party.open(), Names.url());
        String[] jws = foreign.get("jws").textValue().split("\\.", -1);
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(
                KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate());
        signer.update((jws[0] + "." + jws[1]).getBytes(StandardCharsets.US_ASCII));
        String resigned = jws[0] + "." + jws[1] + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(signer.sign());
        requireInvalid(foreign.put("jws", resigned));
        requireInvalid(TextNode.valueOf(resigned));
        String unsigned = Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8))
                + "." + jws[1] + ".";
        requireInvalid(TextNode.valueOf(unsigned + "AA"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b.c", "e30.e30.e30", "W10.W10.AA", "-._._", "bnVsbA.bnVsbA.AA"})
    void nonsenseProvesNothing(String text) {
        requireInvalid(TextNode.valueOf(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"receipt\":null}",
                "{\"receipt\":1}",
                "{\"receipt\":\"\"}",
                "{\"receipt\":[]}",
                "{\"receipt\":\"a\"}",
                "{\"receipt\":{\"position\":1,\"leafHash\":\"00\",\"recordedAt\":\"2026-01-01T00:00:00Z\",\"path\":[]}}",
                "{\"receipt\":{\"position\":1,\"recordedAt\":\"2026-01-01T00:00:00Z\"}}",
                "{\"receipt\":\"a.b.\"}",
                "{\"receipt\":\"..\"}",
                "{\"receipt\":\"한.글.로\"}",
                "{\"receipt\":\" \"}",
                "{\"receipt\":{}}",
                "{\"receipt\":{\"position\":0,\"leafHash\":\"00\",\"recordedAt\":\"2026-01-01T00:00:00Z\"}}",
                "{\"receipt\":{\"position\":1,\"leafHash\":\"00\"}}",
                "{\"receipt\":{\"position\":1,\"leafHash\":\"00\",\"recordedAt\":\"then\"}}",
                "{\"receipt\":{\"position\":1,\"leafHash\":\"00\",\"recordedAt\":\"2026-01-01T00:00:00Z\",\"path\":[1]}}",
                "{\"receipt\":\"a\",\"more\":1}",
                "[]"
            })
    void aMalformedRequestIsRefused(String body) {
        given().contentType("application/json")
                .body(body)
                .post("/v1/receipts/verify")
                .then()
                .statusCode(422)
                .body("detail", notNullValue());
    }

    @Test
    void theKeysAreAKeySet() {
        List<Map<String, String>> keys = given().get("/.well-known/jwks.json")
                .then()
                .statusCode(200)
                .header("Cache-Control", "public, max-age=300")
                .extract()
                .path("keys");
        assertFalse(keys.isEmpty());
        for (Map<String, String> key : keys) {
            assertEquals("sig", key.get("use"));
            assertEquals("EdDSA", key.get("alg"));
            assertFalse(key.containsKey("d"), "the key set has a private key");
        }
    }
}
