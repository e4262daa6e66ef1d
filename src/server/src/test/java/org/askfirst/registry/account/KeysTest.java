package org.askfirst.registry.account;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.zip.CRC32;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.party.Parties;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks what a key says about itself: its checksum, label, scope, end and last use. */
@QuarkusTest
class KeysTest extends RegistryTest {
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

    @Inject
    Parties parties;

    private static ValidatableResponse making(Party party, Object request) {
        return party.says(request).post("/v1/parties/me/keys").then();
    }

    private static Party with(Party party, Object request) {
        ValidatableResponse made = making(party, request).statusCode(201);
        return new Party(party.id(), made.extract().path("key"), made.extract().path("id"));
    }

    @Test
    void aKeyEndsWithTheChecksumOfTheContract() {
        String key = Party.open().key();
        int end = key.length() - 7;
        CRC32 crc = new CRC32();
        crc.update(key.substring(0, end).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        StringBuilder expected = new StringBuilder();
        for (long rest = crc.getValue(), i = 0; i < 7; i++, rest >>>= 5) {
            expected.append(DIGITS.charAt((int) (rest & 31)));
        }
        assertEquals(expected.toString(), key.substring(end));
    }

    @Test
    void aTypingErrorInAKeyIsNamed() {
        String key = Party.open().key();
        char wrong = key.charAt(10) == 'a' ? 'b' : 'a';
        given().header("Authorization", "Bearer " + key.substring(0, 10) + wrong + key.substring(11))
                .get("/v1/parties/me")
                .then()
                .statusCode(401)
                .body("detail", containsString("typing error"));
        given().header("Authorization", "Bearer " + key.substring(0, key.length() - 7))
                .get("/v1/parties/me")
                .then()
                .statusCode(401)
                .body("detail", containsString("unknown"));
    }

    @Test
    void spacesAndCapitalsOfAPastedKeyChangeNothing() {
        Party party = Party.open();
        String key = party.key();
        String pasted = key.substring(0, 20).toUpperCase(java.util.Locale.ROOT) + " " + key.substring(20);
        given().header("Authorization", "Bearer  " + pasted)
                .get("/v1/parties/me")
                .then()
                .statusCode(200)
                .body("id", equalTo(party.id()));
    }

    @Test
    void aKeyShowsItsLabelScopeAndEnd() {
        Party party = Party.open();
        String end = TestClock.ofService().instant().plus(Duration.ofDays(30)).toString();
        making(party, Bodies.object("label", "Crawler 3", "scope", "look-up", "expiresAt", end))
                .statusCode(201)
                .body("label", equalTo("Crawler 3"))
                .body("scope", equalTo("look-up"))
                .body("expiresAt", notNullValue())
                .body("key", matchesPattern("afk_[0-9a-hjkmnp-tv-z]{59}"));
        party.asks()
                .get("/v1/parties/me")
                .then()
                .body("keys.scope", hasItems("full", "look-up"))
                .body("keys.label", hasItem("Crawler 3"));
    }

    @Test
    void aScopeForbidsEverythingElse() {
        Party party = Party.open();
        Party reading = with(party, Bodies.object("scope", "read"));
        reading.asks().get("/v1/parties/me").then().statusCode(200);
        reading.declaring(reserved("ai-training").of(Names.url()))
                .statusCode(403)
                .body("detail", containsString("scope read"));
        Party declaring = with(party, Bodies.object("scope", "declare"));
        declaring.reserves(Names.url());
        making(declaring, Bodies.object()).statusCode(403);
        declaring
                .asks()
                .queryParam("party", party.id())
                .delete("/v1/parties/me")
                .then()
                .statusCode(403);
        Party tester = with(party, Bodies.object("scope", "test"));
        String untouched = Names.url();
        tester.declaring(reserved("ai-training").of(untouched))
                .statusCode(200)
                .body("dryRun", equalTo(true))
                .body("id", nullValue());
        tester.asks()
                .queryParam("subject", untouched)
                .get("/v1/lookup")
                .then()
                .statusCode(200)
                .body("verdict", equalTo("unknown"));
        tester.asks().get("/v1/parties/me").then().statusCode(200);
        making(tester, Bodies.object()).statusCode(403);
        Party crawler = with(party, Bodies.object("scope", "look-up"));
        crawler.asks()
                .queryParam("subject", Names.url())
                .get("/v1/lookup")
                .then()
                .statusCode(200);
        crawler.asks().get("/v1/parties/me").then().statusCode(403);
        reading.asks()
                .queryParam("subject", Names.url())
                .get("/v1/lookup")
                .then()
                .statusCode(403);
    }

    @Test
    void anExpiredKeyDoesNotWork() {
        Party party = Party.open();
        String end = TestClock.ofService().instant().plus(Duration.ofSeconds(5)).toString();
        Party expiring = with(party, Bodies.object("expiresAt", end));
        expiring.reserves(Names.url());
        TestClock.ofService().forward(Duration.ofSeconds(6));
        expiring.asks().get("/v1/parties/me").then().statusCode(401).body("detail", containsString("expired"));
        // The cached caller of a declaration may be older than the end; the ledger asks again.
        expiring.declaring(reserved("ai-training").of(Names.url())).statusCode(401);
    }

    @Test
    void aKeyThatExpiresOrDoesLessIsNotTheLastKey() {
        Party party = Party.open();
        with(party, Bodies.object("scope", "declare"));
        with(party, Bodies.object("expiresAt", "2100-01-01T00:00:00Z"));
        party.asks()
                .delete("/v1/parties/me/keys/" + party.keyId())
                .then()
                .statusCode(409)
                .body("type", containsString("last-key"));
        Party other = with(party, Bodies.object());
        other.asks().delete("/v1/parties/me/keys/" + party.keyId()).then().statusCode(204);
    }

    @Test
    void theLastUseIsStoredLater() throws SQLException {
        Party party = Party.open();
        party.asks().get("/v1/parties/me").then().statusCode(200).body("keys[0].lastUsedAt", nullValue());
        parties.storeUses();
        party.asks().get("/v1/parties/me").then().statusCode(200).body("keys[0].lastUsedAt", notNullValue());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"scope\":\"all\"}|#/scope",
                "{\"label\":\"\"}|#/label",
                "{\"expiresAt\":\"2020-01-01T00:00:00Z\"}|#/expiresAt",
                "{\"expiresAt\":\"soon\"}|#/expiresAt",
                "{\"scopes\":[]}|#/scopes"
            })
    void aKeyThatCannotBeMadeIsRefused(String request, String pointer) {
        making(Party.open(), request).statusCode(422).body("errors.pointer", hasItem(pointer));
    }
}
