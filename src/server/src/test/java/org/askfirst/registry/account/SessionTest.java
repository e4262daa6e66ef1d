package org.askfirst.registry.account;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.party.Parties;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks sessions: who may use their cookie, for how long, and for what. */
@QuarkusTest
class SessionTest extends RegistryTest {
    @Inject
    Parties parties;

    @Inject
    DataSource dataSource;

    private static ExtractableResponse<Response> signIn(Party party) {
        return party.says(Map.of()).post("/v1/sessions").then().statusCode(201).extract();
    }

    private static String cookie(ExtractableResponse<Response> signedIn) {
        return signedIn.header("Set-Cookie").split(";", 2)[0];
    }

    /** A request as our own page sends it. */
    private static RequestSpecification page(String cookie) {
        return given().header("Cookie", cookie).header("Askfirst-Session", "1").header("Sec-Fetch-Site", "same-origin");
    }

    private static RequestSpecification json(String cookie) {
        return page(cookie).contentType("application/json").body("{}");
    }

    private static int status(String cookie) {
        return page(cookie).get("/v1/parties/me").statusCode();
    }

    @Test
    void aSessionActsAsItsPartyUntilItEnds() {
        Party party = Party.open();
        ExtractableResponse<Response> signedIn = signIn(party);
        String set = signedIn.header("Set-Cookie");
        // The tests reach the service without TLS, where a browser would not keep a cookie with the prefix.
        assertTrue(set.matches("askfirst=afs_[0-9a-z]{59}; Path=/; Max-Age=7776000; HttpOnly; SameSite=Strict"), set);
        assertFalse(signedIn.asString().contains("afs_"));
        String cookie = cookie(signedIn);
        page(cookie).get("/v1/parties/me").then().statusCode(200).body("id", equalTo(party.id()));
        page(cookie)
                .contentType("application/json")
                .body(Draft.reserved("ai-training").of(Names.url()).toString())
                .post("/v1/declarations")
                .then()
                .statusCode(201);
        page(cookie)
                .get("/v1/sessions")
                .then()
                .statusCode(200)
                .body("sessions", hasSize(1))
                .body("sessions[0].current", equalTo(true))
                .body("sessions[0].method", equalTo("key"));
        page(cookie)
                .delete("/v1/sessions/" + signedIn.path("id"))
                .then()
                .statusCode(204)
                .header("Set-Cookie", containsString("Max-Age=0"));
        assertEquals(401, status(cookie));
    }

    @ParameterizedTest
    @CsvSource({
        "Askfirst-Session=1; Sec-Fetch-Site=same-origin, 200",
        "Askfirst-Session=1; Origin=own, 200",
        "Askfirst-Session=1; Sec-Fetch-Site=same-origin; Origin=own, 200",
        "Sec-Fetch-Site=same-origin, 401",
        "Askfirst-Session=1; Sec-Fetch-Site=same-site, 401",
        "Askfirst-Session=1; Sec-Fetch-Site=cross-site, 401",
        "Askfirst-Session=1; Sec-Fetch-Site=none, 401",
        "Askfirst-Session=1; Sec-Fetch-Site=same-origin; Origin=https://evil.example, 401",
        "Askfirst-Session=1; Origin=https://evil.example, 401",
        "Askfirst-Session=1; Origin=null, 401",
        "Askfirst-Session=1, 401"
    })
    void onlyOurOwnPagesUseTheCookie(String headers, int expected) {
        RequestSpecification request = given().header("Cookie", cookie(signIn(Party.open())));
        for (String header : headers.split("; ", -1)) {
            String[] parts = header.split("=", 2);
            request.header(parts[0], parts[1].equals("own") ? own() : parts[1]);
        }
        request.post("/v1/parties/me/reopening")
                .then()
                .statusCode(expected == 200 ? 409 : expected)
                .header("Access-Control-Allow-Credentials", nullValue());
    }

    private static String own() {
        return "http://localhost:" + io.restassured.RestAssured.port;
    }

    @Test
    void noPreflightAllowsTheHeaderOfOurPages() {
        given().noFilters()
                .header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "askfirst-session")
                .options("/v1/parties/me/keys")
                .then()
                .statusCode(204)
                .header("Access-Control-Allow-Headers", not(containsString("Askfirst-Session")))
                .header("Access-Control-Allow-Credentials", nullValue());
    }

    @Test
    void aTokenIsNoKeyAndNoClientWritesTheHeaderOfTheFilter() {
        String token = cookie(signIn(Party.open())).split("=", 2)[1];
        for (String authorization : new String[] {"Bearer " + token, "Session " + token, "session  " + token}) {
            given().header("Authorization", authorization)
                    .get("/v1/parties/me")
                    .then()
                    .statusCode(401);
        }
        // A second cookie of the name, which a neighbour might have set, is not guessed at.
        assertEquals(401, status("askfirst=" + token + "; askfirst=" + token));
    }

    @Test
    void anotherSiteCannotSignItsVisitorIn() {
        Party.open()
                .says(Map.of())
                .header("Sec-Fetch-Site", "cross-site")
                .post("/v1/sessions")
                .then()
                .statusCode(403)
                .header("Set-Cookie", nullValue());
    }

    @Test
    void whatChangesWhoGetsInNeedsAFreshSignIn() {
        Party party = Party.open();
        String cookie = cookie(signIn(party));
        TestClock.ofService().forward(Duration.ofMinutes(14));
        json(cookie).post("/v1/parties/me/keys").then().statusCode(201);
        TestClock.ofService().forward(Duration.ofMinutes(1));
        json(cookie).post("/v1/parties/me/keys").then().statusCode(403).body("type", containsString("sign-in-again"));
        page(cookie).delete("/v1/parties/me/keys/" + party.keyId()).then().statusCode(403);
        page(cookie)
                .queryParam("party", party.id())
                .delete("/v1/parties/me")
                .then()
                .statusCode(403);
        page(cookie).post("/v1/recoveries/r_0000000000000000/objection").then().statusCode(403);
        // Everything else goes on, a key is always fresh, and a session does not refresh itself.
        assertEquals(200, status(cookie));
        party.says(Map.of()).post("/v1/parties/me/keys").then().statusCode(201);
        json(cookie).post("/v1/sessions").then().statusCode(403).body("type", containsString("sign-in-again"));
        String again = party.says(Map.of())
                .header("Cookie", cookie)
                .header("Askfirst-Session", "1")
                .header("Sec-Fetch-Site", "same-origin")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .header("Set-Cookie")
                .split(";", 2)[0];
        assertEquals(401, status(cookie), "the new session takes the place of the old one");
        json(again).post("/v1/parties/me/keys").then().statusCode(201);
    }

    @Test
    void aSessionEndsWhenItIsNotUsedAndAfterNinetyDays() throws SQLException {
        Party party = Party.open();
        String idle = cookie(signIn(party));
        String used = cookie(signIn(party));
        makeOlder(party, "29 days 23 hours");
        assertEquals(200, status(used));
        parties.storeUses();
        makeOlder(party, "2 hours");
        assertEquals(401, status(idle), "30 days without use");
        assertEquals(200, status(used));
        parties.storeUses();
        makeOlder(party, "29 days 23 hours");
        assertEquals(200, status(used));
        parties.storeUses();
        makeOlder(party, "29 days 23 hours");
        assertEquals(200, status(used));
        parties.storeUses();
        makeOlder(party, "2 hours");
        assertEquals(401, status(used), "90 days have passed");
    }

    /** Lets time pass for the sessions of the party. The clock of the service would stop the log if it jumped so far. */
    private void makeOlder(Party party, String time) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("update party_session set used_at = used_at"
                        + " - ?::interval, idle_until = idle_until - ?::interval, until = until - ?::interval"
                        + " where party = ?")) {
            for (int i = 1; i <= 3; i++) {
                update.setString(i, time);
            }
            update.setObject(4, PartyId.parse(party.id()).orElseThrow().number());
            update.executeUpdate();
        }
    }

    @Test
    void aSessionEndsWithItsKey() {
        Party party = Party.open();
        String other = party.says(Map.of("label", "x"))
                .post("/v1/parties/me/keys")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        String cookie = cookie(signIn(party));
        party.asks().delete("/v1/parties/me/keys/" + other).then().statusCode(204);
        assertEquals(200, status(cookie));
        party.says(Map.of()).post("/v1/parties/me/keys").then().statusCode(201);
        party.asks().delete("/v1/parties/me/keys/" + party.keyId()).then().statusCode(204);
        assertEquals(401, status(cookie));
    }

    @Test
    void aSessionDoesNotOutliveAKeyThatExpires() {
        Party party = Party.open();
        String until =
                TestClock.ofService().instant().plus(Duration.ofMinutes(2)).toString();
        String key = party.says(Map.of("expiresAt", until))
                .post("/v1/parties/me/keys")
                .then()
                .statusCode(201)
                .extract()
                .path("key");
        String cookie = cookie(signIn(new Party(party.id(), key, "")));
        assertEquals(200, status(cookie));
        TestClock.ofService().forward(Duration.ofMinutes(2));
        assertEquals(401, status(cookie));
    }

    private static String link(RequestSpecification caller) {
        String url = caller.post("/v1/sessions/links")
                .then()
                .statusCode(200)
                .body("qr", containsString("<svg"))
                .extract()
                .path("url");
        assertTrue(url.startsWith(own() + "/key#link=afl_"), url);
        return url.substring(url.indexOf('=') + 1);
    }

    private static io.restassured.response.ValidatableResponse following(String link) {
        return given().contentType("application/json")
                .body(Map.of("link", link))
                .post("/v1/sessions")
                .then();
    }

    @Test
    void aLinkOpensTheAccountOnAnotherDeviceOnceAndInTime() {
        Party party = Party.open();
        String link = link(party.asks());
        String cookie = cookie(following(link)
                .statusCode(201)
                .body("party", equalTo(party.id()))
                .extract());
        assertEquals(200, status(cookie));
        following(link).statusCode(401);
        // A session makes links, too, while it is fresh; a new link ends the one before.
        String first = link(page(cookie));
        String second = link(page(cookie));
        following(first).statusCode(401);
        TestClock.ofService().forward(Duration.ofMinutes(5));
        following(second).statusCode(401);
        TestClock.ofService().forward(Duration.ofMinutes(10));
        page(cookie).post("/v1/sessions/links").then().statusCode(403);
        following("afl_x").statusCode(401);
    }

    @Test
    void aLinkAndItsSessionEndWithTheKeyOfTheirMaker() {
        Party party = Party.open();
        party.says(Map.of()).post("/v1/parties/me/keys").then().statusCode(201);
        String cookie = cookie(following(link(party.asks())).statusCode(201).extract());
        String unused = link(party.asks());
        party.asks().delete("/v1/parties/me/keys/" + party.keyId()).then().statusCode(204);
        assertEquals(401, status(cookie));
        following(unused).statusCode(401);
    }

    @Test
    void aKeyOfASmallerScopeSignsNobodyIn() {
        Party party = Party.open();
        String key = party.says(Map.of("scope", "declare"))
                .post("/v1/parties/me/keys")
                .then()
                .statusCode(201)
                .extract()
                .path("key");
        new Party(party.id(), key, "")
                .says(Map.of())
                .post("/v1/sessions")
                .then()
                .statusCode(403);
    }
}
