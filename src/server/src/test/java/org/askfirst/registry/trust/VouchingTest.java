package org.askfirst.registry.trust;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.ledger.ProjectionRebuild;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/** Checks that a body vouches for nobody who has not accepted it. */
@QuarkusTest
class VouchingTest extends RegistryTest {
    private static final OperatorClient OPERATOR = OperatorClient.ofService();

    private static Party body() {
        Party body = Party.open();
        OPERATOR.letsVouch(body, "isbn");
        return body;
    }

    private static void hasTrust(Party party, String trust) {
        party.asks().get("/v1/parties/me").then().body("trust", equalTo(trust));
    }

    @Test
    void anOfferCountsForNothingUntilTheMemberAccepts() {
        Party body = body();
        Party member = Party.open();
        body.offeringToVouchFor(member)
                .statusCode(201)
                .body("state", equalTo("offered"))
                .body("mayRecover", equalTo(false))
                .body("expiresAt", notNullValue());
        body.offeringToVouchFor(member).statusCode(200).body("state", equalTo("offered"));
        hasTrust(member, "asserted");
        member.asks()
                .get("/v1/parties/me")
                .then()
                .body("memberships.body", contains(body.id()))
                .body("memberships.state", contains("offered"))
                .body("notices.kind", contains("vouching-offered"))
                .body("notices[0].until", notNullValue());
        // Nobody else accepts it.
        Party.open().acceptingVouching(body, false).statusCode(404);
        body.acceptingVouching(member, false).statusCode(404);
        member.acceptingVouching(body, true)
                .statusCode(200)
                .body("state", equalTo("accepted"))
                .body("mayRecover", equalTo(true))
                .body("acceptedAt", notNullValue())
                .body("expiresAt", nullValue());
        hasTrust(member, "vouched");
        body.asks()
                .get("/v1/parties/me/members")
                .then()
                .body("members.party", contains(member.id()))
                .body("members.state", contains("accepted"))
                .body("members.mayRecover", contains(true));
        body.asks().get("/v1/parties/me").then().body("notices.kind", contains("vouching-accepted"));
        member.says("")
                .post("/v1/parties/me/memberships/" + body.id() + "/acceptance")
                .then()
                .statusCode(200)
                .body("mayRecover", equalTo(false));
    }

    @Test
    void aMemberDeclinesAndLeaves() throws SQLException {
        Party body = body();
        Party member = Party.open();
        body.offeringToVouchFor(member).statusCode(201);
        member.leaving(body).statusCode(204);
        member.leaving(body).statusCode(409);
        member.acceptingVouching(body, false).statusCode(409);
        body.asks().get("/v1/parties/me/members").then().body("members.state", contains("declined"));
        body.offeringToVouchFor(member).statusCode(201);
        member.acceptingVouching(body, false).statusCode(200);
        member.leaving(body).statusCode(204);
        member.leaving(body).statusCode(404);
        hasTrust(member, "asserted");
        body.asks().get("/v1/parties/me").then().body("notices.kind", hasItem("vouching-left"));
        Arc.container().instance(ProjectionRebuild.class).get().rebuild(position -> {});
        member.asks().get("/v1/parties/me/memberships").then().body("memberships", empty());
    }

    @Test
    void aBodyTakesItsOfferBackOrStopsVouching() {
        Party body = body();
        Party member = Party.open();
        body.offeringToVouchFor(member).statusCode(201);
        body.asks().delete("/v1/parties/me/members/" + member.id()).then().statusCode(204);
        member.acceptingVouching(body, false).statusCode(404);
        body.vouchesFor(member);
        body.asks().delete("/v1/parties/me/members/" + member.id()).then().statusCode(204);
        hasTrust(member, "asserted");
        member.asks().get("/v1/parties/me").then().body("notices.kind", hasItem("vouching-ended"));
    }

    @Test
    void anOfferLapses() throws SQLException {
        Party body = body();
        Party member = Party.open();
        body.offeringToVouchFor(member).statusCode(201);
        moveOffers(member, "-");
        member.asks().get("/v1/parties/me").then().body("memberships.state", contains("lapsed"));
        member.acceptingVouching(body, false).statusCode(409);
        moveOffers(member, "+");
        member.acceptingVouching(body, false).statusCode(200);
    }

    private static void moveOffers(Party member, String sign) throws SQLException {
        try (Connection connection =
                        Arc.container().instance(DataSource.class).get().getConnection();
                PreparedStatement update = connection.prepareStatement("update party_vouch_offer set offered_at ="
                        + " offered_at " + sign + " interval '30 days' where member = ?")) {
            update.setObject(1, PartyId.parse(member.id()).orElseThrow().number());
            update.executeUpdate();
        }
    }

    @Test
    void aSuspendedPartyLeavesAndDoesNotJoin() {
        Party body = body();
        Party member = Party.open();
        Party other = body();
        body.vouchesFor(member);
        other.offeringToVouchFor(member).statusCode(201);
        OPERATOR.decides(member, "suspended");
        member.acceptingVouching(other, false).statusCode(403);
        member.leaving(other).statusCode(204);
        member.leaving(body).statusCode(204);
    }
}
