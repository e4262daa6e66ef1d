package org.askfirst.registry.account;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.party.Parties;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.Test;

/** Checks the closing of accounts: confirmation, the time to undo it, and the erasure. */
@QuarkusTest
class ClosingTest extends RegistryTest {
    @Inject
    Parties parties;

    private static Instant in(Duration time) {
        return TestClock.ofService().instant().plus(time);
    }

    @Test
    void closingNeedsTheIdOfTheParty() {
        Party party = Party.open();
        party.asks()
                .delete("/v1/parties/me")
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItem("party"))
                .body("detail", containsString("confirm"));
        party.asks()
                .queryParam("party", Party.open().id())
                .delete("/v1/parties/me")
                .then()
                .statusCode(422);
        party.asks().get("/v1/parties/me").then().statusCode(200).body("closesAt", nullValue());
    }

    @Test
    void aClosedAccountOnlyReadsUntilItIsReopened() {
        Party party = Party.openReachable();
        String subject = Names.url();
        party.reserves(subject);
        String closesAt = party.closes().extract().path("closesAt");
        party.asks().get("/v1/parties/me").then().statusCode(200).body("closesAt", equalTo(closesAt));
        party.declaring(org.askfirst.testkit.Draft.reserved("ai-training").of(Names.url()))
                .statusCode(403)
                .body("detail", containsString("/v1/parties/me/reopening"));
        party.says(Bodies.object("name", "다른 이름"))
                .patch("/v1/parties/me")
                .then()
                .statusCode(403);
        assertEquals(closesAt, party.closes().extract().path("closesAt"), "a repeated call starts anew");

        party.asks().post("/v1/parties/me/reopening").then().statusCode(200).body("closesAt", nullValue());
        party.asks().post("/v1/parties/me/reopening").then().statusCode(409);
        party.reserves(Names.url());
    }

    @Test
    void theDataIsErasedAfterSevenDays() throws SQLException {
        Party party = Party.openReachable();
        String subject = Names.url();
        party.reserves(subject);
        party.closes();
        parties.closeDue(in(Duration.ofDays(7).minusMinutes(1)));
        party.asks().get("/v1/parties/me").then().statusCode(200).body("name", notNullValue());
        given().queryParam("subject", subject).get("/v1/lookup").then().body("verdict", equalTo("ask"));

        parties.closeDue(in(Duration.ofDays(7)));
        party.asks().get("/v1/parties/me").then().statusCode(401);
        given().queryParam("subject", subject).get("/v1/lookup").then().body("verdict", equalTo("deny"));
        given().get("/v1/parties/" + party.id())
                .then()
                .statusCode(200)
                .body("status", equalTo("closed"))
                .body("name", nullValue())
                .body("contact", nullValue());
        assertEquals(0, parties.closeDue(in(Duration.ofDays(7))), "closed twice");
    }

    @Test
    void aReopenedAccountIsNotErased() throws SQLException {
        Party party = Party.open();
        party.closes();
        party.asks().post("/v1/parties/me/reopening").then().statusCode(200);
        parties.closeDue(in(Duration.ofDays(8)));
        party.asks().get("/v1/parties/me").then().statusCode(200);
    }

    @Test
    void theContactOfAPartyIsPublicOnlyWhereLookupsShowIt() {
        Party party = Party.openReachable();
        given().get("/v1/parties/" + party.id())
                .then()
                .statusCode(200)
                .body("name", equalTo("김하늘 작가"))
                .body("kind", equalTo("creator"))
                .body("trust", equalTo("asserted"))
                .body("status", equalTo("open"))
                .body("contact", nullValue())
                .body("keys", nullValue());
        party.reserves(Names.url());
        given().get("/v1/parties/" + party.id()).then().body("contact", equalTo("mailto:haneul@example.com"));
        given().get("/v1/parties/p_00000000000000000000000000").then().statusCode(404);
        given().get("/v1/parties/x").then().statusCode(404);
    }
}
