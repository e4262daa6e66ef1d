package org.askfirst.registry.party;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.mail.LinkMail;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.Test;

/** Links that sign somebody in by e-mail. {@code MailSignInIT} sends them. */
@QuarkusTest
class MailSignInsTest extends RegistryTest {
    @Inject
    DataSource dataSource;

    @Inject
    MailSignIns signIns;

    @Inject
    Clock systemClock;

    private static PartyId id(Party party) {
        return PartyId.parse(party.id()).orElseThrow();
    }

    private static String address() {
        return "haneul@" + Names.domain();
    }

    private void turnOn(Party party, String address) throws SQLException {
        signIns.turnOn(id(party), address, LinkMail.mailboxHash(address));
    }

    private String link(Party party) throws SQLException {
        return signIns.link(id(party)).orElseThrow();
    }

    private static ValidatableResponse follows(String token) {
        return given().contentType("application/json")
                .body(Map.of("mail", token))
                .post("/v1/sessions")
                .then();
    }

    private static String cookie(ValidatableResponse opened) {
        return opened.statusCode(201).extract().header("Set-Cookie").split(";", 2)[0];
    }

    private static int status(String cookie, String method, String path) {
        return given().header("Cookie", cookie)
                .header("Askfirst-Session", "1")
                .header("Sec-Fetch-Site", "same-origin")
                .request(method, path)
                .statusCode();
    }

    @Test
    void aLinkOpensOneFreshSession() throws SQLException {
        Party party = Party.open();
        turnOn(party, address());
        String token = link(party);
        assertTrue(token.matches("afe_[0-9a-z]{59}"), token);
        ValidatableResponse opened = follows(token);
        String cookie = cookie(opened.body("party", equalTo(party.id())).body("method", equalTo("mail")));
        follows(token).statusCode(401).body("detail", containsString("was used"));
        assertEquals(200, status(cookie, "GET", "/v1/parties/me"));
        // A fresh sign-in may change who gets into the account.
        assertEquals(204, status(cookie, "DELETE", "/v1/parties/me/mail-sign-in"));
        // The session ends with the sign-in by e-mail.
        assertEquals(401, status(cookie, "GET", "/v1/parties/me"));
    }

    @Test
    void aLinkFromAnotherDeviceLivesAsLongAsItsSession() throws SQLException {
        Party party = Party.open();
        turnOn(party, address());
        String cookie = cookie(follows(link(party)));
        String url = given().header("Cookie", cookie)
                .header("Askfirst-Session", "1")
                .header("Sec-Fetch-Site", "same-origin")
                .post("/v1/sessions/links")
                .then()
                .statusCode(200)
                .extract()
                .path("url");
        String other = cookie(given().contentType("application/json")
                .body(Map.of("link", url.substring(url.indexOf('=') + 1)))
                .post("/v1/sessions")
                .then()
                .body("method", equalTo("mail")));
        assertEquals(200, status(other, "GET", "/v1/parties/me"));
        signIns.turnOff(id(party));
        assertEquals(401, status(other, "GET", "/v1/parties/me"));
    }

    @Test
    void aLinkEndsAfterAQuarterOfAnHourAndWithItsAddress() throws SQLException {
        Party party = Party.open();
        TestClock clock = new TestClock(systemClock);
        MailSignIns own = new MailSignIns(dataSource, clock);
        String address = address();
        own.turnOn(id(party), address, LinkMail.mailboxHash(address));
        String late = own.link(id(party)).orElseThrow();
        String inTime = own.link(id(party)).orElseThrow();
        clock.forward(Duration.ofMinutes(14));
        assertTrue(own.follow(inTime).mail());
        clock.forward(Duration.ofMinutes(1));
        assertFalse(works(own, late));
        String before = own.link(id(party)).orElseThrow();
        clock.forward(Duration.ofSeconds(1));
        String next = address();
        own.turnOn(id(party), next, LinkMail.mailboxHash(next));
        assertFalse(works(own, before));
        assertTrue(works(own, own.link(id(party)).orElseThrow()));
        String last = own.link(id(party)).orElseThrow();
        assertTrue(own.turnOff(id(party)));
        assertFalse(works(own, last));
    }

    private static boolean works(MailSignIns signIns, String token) throws SQLException {
        try {
            signIns.follow(token);
            return true;
        } catch (ProblemException refused) {
            return false;
        }
    }

    @Test
    void aPartyGetsTenLinksInADay() throws SQLException {
        Party party = Party.open();
        TestClock clock = new TestClock(systemClock);
        MailSignIns own = new MailSignIns(dataSource, clock);
        String address = address();
        own.turnOn(id(party), address, LinkMail.mailboxHash(address));
        for (int i = 0; i < MailSignIns.MOST_IN_A_DAY; i++) {
            assertTrue(own.link(id(party)).isPresent());
        }
        assertTrue(own.link(id(party)).isEmpty());
        clock.forward(Duration.ofDays(1));
        assertTrue(own.link(id(party)).isPresent());
    }

    @Test
    void aMailboxIsFoundInEverySpelling() throws SQLException {
        Party party = Party.open();
        String domain = Names.domain();
        turnOn(party, "Haneul+askfirst@" + domain);
        List<MailSignIns.MailSignIn> found = signIns.with(LinkMail.mailboxHash("haneul@" + domain));
        assertEquals(1, found.size());
        assertEquals("Haneul+askfirst@" + domain, found.get(0).address());
        assertTrue(signIns.with(LinkMail.mailboxHash("haneul@other." + domain)).isEmpty());
    }

    @Test
    void onlyAConfirmedContactIsTurnedOnAndOnlyItsPartySeesIt() throws SQLException {
        Party party = Party.open();
        party.asks().put("/v1/parties/me/mail-sign-in").then().statusCode(409).body("type", containsString("no-mail"));
        party.asks().delete("/v1/parties/me/mail-sign-in").then().statusCode(404);
        party.asks().get("/v1/parties/me").then().body("mailSignIn", nullValue());
        String address = address();
        turnOn(party, address);
        party.asks().get("/v1/parties/me").then().body("mailSignIn", equalTo(address));
        assertFalse(given().get("/v1/parties/" + party.id())
                .then()
                .extract()
                .asString()
                .contains(address));
    }

    @Test
    void aMalformedTokenOpensNothing() {
        for (String token : new String[] {"x", "afe_" + "0".repeat(59), "afl_\u0000"}) {
            assertTrue(follows(token).extract().statusCode() >= 401, token);
        }
        given().contentType("application/json")
                .body(Map.of("mail", "afe_x", "link", "afl_x"))
                .post("/v1/sessions")
                .then()
                .statusCode(422);
    }
}
