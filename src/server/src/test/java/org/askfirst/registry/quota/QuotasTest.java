package org.askfirst.registry.quota;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.http.AskerAddress;
import org.askfirst.subject.Sha256;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.askfirst.testkit.Wire;
import org.junit.jupiter.api.Test;

/**
 * A call that exceeds its asker's quota gets 429 and the time of a new attempt; a stream waits. Each party has a quota of its own, 25,000 in
 * tests.
 */
@QuarkusTest
class QuotasTest extends RegistryTest {
    private static final ObjectNode ITEM = Bodies.object("subjects", List.of("isbn:9788936434120"));

    private static ObjectNode items(int count) {
        return Bodies.object(
                "detail", "verdict", "uses", List.of("ai-input"), "items", Collections.nCopies(count, ITEM));
    }

    private static Response asks(Party party, int works) {
        return party.says(items(works)).post("/v1/lookups");
    }

    @Test
    void aQuotaIsCountedInWorksAndRefusesWhole() {
        Party party = Party.open();
        asks(party, 10_000)
                .then()
                .statusCode(200)
                .header("RateLimit-Policy", "\"works\";q=25000;w=60")
                .header("RateLimit", containsString("\"works\";r=1"));
        asks(party, 10_000).then().statusCode(200);
        asks(party, 10_000)
                .then()
                .statusCode(429)
                .header("Retry-After", notNullValue())
                .header("RateLimit", containsString("\"works\";r="))
                .body("type", containsString("too-many-requests"))
                .body("detail", containsString("try again in"));
        asks(party, 1).then().statusCode(200);
        party.asks()
                .queryParam("subject", "isbn:9788936434120")
                .get("/v1/lookup")
                .then()
                .statusCode(200)
                .header("RateLimit-Policy", "\"works\";q=25000;w=60");
        asks(Party.open(), 10_000).then().statusCode(200);
    }

    @Test
    void aPartySeesItsOwnQuota() {
        Party party = Party.open();
        quota(party)
                .body("asker", equalTo("party"))
                .body("works.limit", equalTo(25_000))
                .body("works.used", equalTo(0))
                .body("contacts.used", equalTo(0));
        asks(party, 10_000).then().statusCode(200);
        JsonPath after = quota(party)
                .header("RateLimit-Policy", "\"works\";q=25000;w=60")
                .header("Cache-Control", containsString("no-store"))
                .extract()
                .jsonPath();
        int used = after.getInt("works.used");
        // It refills meanwhile: 417 works a second.
        assertTrue(used > 5_000 && used <= 10_000, "used " + used);
        assertEquals(25_000 - used, after.getInt("works.left"));
        assertTrue(Instant.parse(after.getString("works.resetAt")).isAfter(Instant.EPOCH));
        quota(Party.open()).body("works.used", equalTo(0));
        given().get("/v1/quota").then().statusCode(200).body("asker", equalTo("address"));
    }

    private static ValidatableResponse quota(Party party) {
        return party.asks().get("/v1/quota").then().statusCode(200);
    }

    /** A stream of lines that the test sends and reads by itself. */
    private static Wire stream(Party party, String query) throws IOException {
        return new Wire(
                "POST",
                "/v1/lookups?detail=verdict&use=ai-input" + query,
                "application/x-ndjson",
                "Authorization: Bearer " + party.key());
    }

    /** Reads answers up to the first other line, and checks that none is missing. */
    private static String readFrom(Wire wire, int firstLine, int atLeast) throws IOException {
        String line = wire.line();
        int next = firstLine;
        while (line != null && line.startsWith("{\"line\":" + next + ",\"verdict\"")) {
            next++;
            line = next - firstLine == atLeast ? null : wire.line();
        }
        return String.valueOf(line);
    }

    @Test
    void aStreamWaitsForItsQuotaAndEveryLineIsAnswered() throws IOException {
        Party party = Party.open();
        Instant start = TestClock.ofService().instant();
        asks(party, 10_000).then().statusCode(200);
        asks(party, 10_000).then().statusCode(200);
        try (Wire wire = stream(party, "")) {
            wire.send((ITEM + "\n").repeat(5_500) + "\n".repeat(500));
            wire.end();
            assertEquals("\"works\";q=25000;w=60", wire.header("RateLimit-Policy"));
            // Some of the rest is for other calls, and the stream has what is above it.
            assertEquals("null", readFrom(wire, 1, 3_700));
            asks(party, 1_000).then().statusCode(200);
            TestClock.ofService().forward(Duration.ofSeconds(7));
            assertEquals("null", readFrom(wire, 3_701, 1_800));
            assertEquals(List.of(), wire.lines());
        }
        Duration passed = Duration.between(start, TestClock.ofService().instant());
        assertTrue(passed.toSeconds() >= 5, () -> "blank lines were free, or nothing waited: " + passed);
    }

    @Test
    void aStreamThatHasWaitedLongEnoughSaysWhereToContinue() throws IOException {
        Party party = Party.open();
        asks(party, 10_000).then().statusCode(200);
        asks(party, 10_000).then().statusCode(200);
        String lines = (ITEM + "\n").repeat(14_000);
        try (Wire wire = stream(party, "&receipt=true")) {
            wire.send(lines);
            assertEquals("null", readFrom(wire, 1, 3_700));
            TestClock.ofService().forward(Duration.ofSeconds(11));
            String last = readFrom(wire, 3_701, 14_000);
            assertTrue(last.startsWith("{\"continue\":{\"line\":"), last);
            JsonPath next = JsonPath.from(last);
            int line = next.getInt("continue.line");
            assertTrue(line > 3_701 && line < 14_000, last);
            assertEquals("quota", next.getString("continue.reason"));
            assertTrue(next.getInt("continue.retryAfter") >= 1, last);
            wire.end();
            List<String> receipt = wire.lines();
            assertEquals(1, receipt.size());
            String paid = (ITEM + "\n").repeat(line - 1);
            given().contentType("application/json")
                    .body(receipt.get(0))
                    .post("/v1/receipts/verify")
                    .then()
                    .body("valid", equalTo(true))
                    .body("claims.count", equalTo(line - 1))
                    .body("claims.request", equalTo(HexFormat.of().formatHex(Sha256.of(paid))));
        }
    }

    @Test
    void anEmptyStreamShowsTheQuotaToo() throws IOException {
        try (Wire wire = stream(Party.open(), "")) {
            wire.end();
            assertEquals(200, wire.status());
            assertEquals("\"works\";q=25000;w=60", wire.header("RateLimit-Policy"));
            assertEquals("\"works\";r=25000;t=0", wire.header("RateLimit"));
            assertEquals(List.of(), wire.lines());
        }
    }

    @Test
    void withoutAKeyTheQuotaIsThatOfTheAddress() {
        given().queryParam("subject", "isbn:9788936434120")
                .get("/v1/lookup")
                .then()
                .statusCode(200)
                .header("RateLimit-Policy", "\"works\";q=600000;w=60");
    }

    @Test
    void anInvalidKeyIsNotTreatedAsNoKey() {
        RequestSpecification request = given().header("Authorization", "Bearer afk_" + "0".repeat(52));
        request.queryParam("subject", "isbn:9788936434120")
                .get("/v1/lookup")
                .then()
                .statusCode(401)
                .body("verdict", nullValue());
        given().header("Authorization", "Bearer afk_" + "0".repeat(52))
                .get("/v1/range/abcd")
                .then()
                .statusCode(401);
    }

    @Test
    void aKeyOfAnotherRegistryIsIgnored() {
        given().header("Authorization", "API something")
                .contentType("text/plain")
                .body("https://example.com/")
                .post("/api/v2/query/urls/")
                .then()
                .statusCode(200)
                .body("urls.size()", equalTo(1));
    }

    @Test
    void oneAskerHasAllAddressesOfItsNetwork() {
        assertEquals(AskerAddress.of("2001:db8:1:2::1"), AskerAddress.of("2001:db8:1:2:ffff::9"));
        assertNotEquals(AskerAddress.of("2001:db8:1:2::1"), AskerAddress.of("2001:db8:1:3::1"));
        assertNotEquals(AskerAddress.of("192.0.2.1"), AskerAddress.of("192.0.2.2"));
    }
}
