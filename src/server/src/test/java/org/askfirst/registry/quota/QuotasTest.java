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
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Collections;
import java.util.List;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/**
 * An asker that exceeds its quota gets 429 and the time of a new attempt. Each party has a quota of its own, 25,000 in
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
    void linesBeyondTheQuotaGetTheProblemEachAndNoVerdict() {
        Party party = Party.open();
        asks(party, 10_000).then().statusCode(200);
        asks(party, 10_000).then().statusCode(200);
        String[] lines = party.asks()
                .contentType("application/x-ndjson")
                .body((ITEM + "\n").repeat(20_000))
                .post("/v1/lookups?detail=verdict&use=ai-input")
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .split("\n");
        assertEquals(20_000, lines.length);
        long refused = java.util.Arrays.stream(lines)
                .filter(line -> line.contains("too-many-requests"))
                .peek(line -> assertTrue(!line.contains("verdict"), line))
                .count();
        assertTrue(refused >= 2_000 && refused < 20_000, () -> refused + " were refused");
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
        assertEquals(Quotas.network("2001:db8:1:2::1"), Quotas.network("2001:db8:1:2:ffff::9"));
        assertNotEquals(Quotas.network("2001:db8:1:2::1"), Quotas.network("2001:db8:1:3::1"));
        assertNotEquals(Quotas.network("192.0.2.1"), Quotas.network("192.0.2.2"));
    }
}
