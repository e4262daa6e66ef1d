package org.askfirst.registry.contact;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Asker;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/** The form that takes the place of a contact. */
@QuarkusTest
class MessagesTest extends RegistryTest {
    private static final String SECRET = "secret.address";

    @Inject
    DataSource dataSource;

    private static Party open() {
        Party party = Party.open();
        changes(party, Map.of("contact", "mailto:" + SECRET + "@example.com", "relay", true));
        return party;
    }

    private static void changes(Party party, Map<String, ?> change) {
        party.says(change).patch("/v1/parties/me").then().statusCode(200);
    }

    private static ValidatableResponse leave(Party party, Map<String, ?> other) {
        Map<String, Object> message = new HashMap<>(
                Map.of("name", "Example AI", "replyTo", "licensing@example.org", "message", "May we?\nPlease."));
        message.putAll(other);
        return given().contentType("application/json")
                .body(message)
                .post("/v1/parties/" + party.id() + "/messages")
                .then();
    }

    @Test
    void nobodySeesTheContactBehindTheForm() {
        Party party = open();
        String plain = Names.file();
        String declaration = party.declares(reserved("ai-training").of(plain)).id();
        String named = Names.file();
        String other = party.declares(
                        reserved("ai-training").of(named).with(terms().contact("mailto:" + SECRET + "@example.com")))
                .id();
        String page = Names.file();
        party.declares(reserved("ai-training").of(page).with(terms().contact("https://example.com/licenses")));
        String form = "/ask/" + party.id();
        for (String work : List.of(plain, named)) {
            Asker.anybody()
                    .asks(work)
                    .with("detail", "full")
                    .answer()
                    .body("verdict", equalTo("ask"))
                    .body("statements[0].contact", startsWith("http"))
                    .body("statements[0].contact", endsWith(form))
                    .body("statements[0].contactVerified", equalTo(false));
        }
        Asker.anybody()
                .asks(page)
                .with("detail", "full")
                .answer()
                .body("statements[0].contact", equalTo("https://example.com/licenses"));
        get("/v1/parties/" + party.id()).then().body("contact", endsWith(form));
        get("/v1/declarations/" + other).then().body("terms.contact", endsWith(form));
        for (String path : List.of(
                "/v1/parties/" + party.id(),
                "/v1/declarations/" + other,
                "/v1/declarations/" + other + "/history",
                "/v1/declarations/" + declaration,
                "/v1/changes?limit=1000&party=" + party.id(),
                "/v1/lookup?detail=full&subject=" + plain,
                "/v1/lookup?detail=full&subject=" + named)) {
            assertFalse(get(path).then().statusCode(200).extract().asString().contains(SECRET), path);
        }
        party.asks().get("/v1/declarations/" + other).then().body("terms.contact", containsString(SECRET));
        party.asks().get("/v1/parties/me").then().body("relay", equalTo(true)).body("contact", containsString(SECRET));
        changes(party, Map.of("relay", false));
        Asker.anybody()
                .asks(plain)
                .with("detail", "full")
                .answer()
                .body("statements[0].contact", containsString(SECRET));
    }

    @Test
    void aPartyWithoutAContactCanBeAskedByTheForm() {
        Party party = Party.open();
        String work = Names.file();
        party.declares(reserved("ai-training").of(work));
        assertEquals("deny", Asker.anybody().asks(work).of("ai-training").verdict());
        changes(party, Map.of("relay", true));
        assertEquals("ask", Asker.anybody().asks(work).of("ai-training").verdict());
        changes(party, Map.of("relay", false));
        assertEquals("deny", Asker.anybody().asks(work).of("ai-training").verdict());
    }

    @Test
    void aMessageReachesTheAccount() {
        Party party = open();
        String answer = leave(party, Map.of("works", List.of("ISBN:978-89-364-3412-0")))
                .statusCode(202)
                .extract()
                .asString();
        assertFalse(answer.contains(SECRET));
        leave(party, Map.of("name", "Second")).statusCode(202);
        int first = party.asks()
                .queryParam("limit", 1)
                .get("/v1/parties/me/messages")
                .then()
                .statusCode(200)
                .body("messages", hasSize(1))
                .body("messages[0].name", equalTo("Example AI"))
                .body("messages[0].replyTo", equalTo("licensing@example.org"))
                .body("messages[0].works", equalTo(List.of("isbn:9788936434120")))
                .body("messages[0].message", equalTo("May we?\nPlease."))
                .extract()
                .path("next");
        party.asks()
                .queryParam("after", first)
                .get("/v1/parties/me/messages")
                .then()
                .body("messages.name", equalTo(List.of("Second")))
                .body("$", not(hasItem("next")));
        party.asks().get("/v1/parties/me").then().body("notices.kind", hasItem("message"));
        Party.open().asks().get("/v1/parties/me/messages").then().body("messages", hasSize(0));
    }

    @Test
    void headersCannotBeInjected() {
        Party party = open();
        for (String address : List.of(
                "a@example.org\r\nBcc: b@example.org",
                "a@example.org,b@example.org",
                "A <a@example.org>",
                "\"a b\"@example.org",
                "a@example",
                "a")) {
            leave(party, Map.of("replyTo", address)).statusCode(422);
        }
        leave(party, Map.of("message", " ")).statusCode(422);
        leave(party, Map.of("message", "가".repeat(4001))).statusCode(422);
        leave(party, Map.of("message", "가".repeat(4000))).statusCode(202);
        leave(party, Map.of("message", "x".repeat(40_000))).statusCode(413);
        leave(party, Map.of("works", List.of("isbn:1"))).statusCode(422);
    }

    @Test
    void onlyAPartyThatChoseTheFormTakesMessages() {
        leave(Party.openReachable(), Map.of()).statusCode(409).body("type", containsString("takes-no-messages"));
        Party suspended = open();
        OperatorClient.ofService().decides(suspended, "suspended");
        leave(suspended, Map.of()).statusCode(409);
        Party closed = open();
        leave(closed, Map.of()).statusCode(202);
        closes(closed);
        leave(closed, Map.of()).statusCode(404);
        given().contentType("application/json")
                .body(Map.of("name", "x", "replyTo", "x@example.com", "message", "x"))
                .post("/v1/parties/p_x/messages")
                .then()
                .statusCode(404);
    }

    @Test
    void aPartyReceivesFiftyADayAndKeepsThemForHalfAYear() throws SQLException {
        Party party = open();
        for (int i = 0; i < Messages.MOST_OF_A_DAY; i++) {
            leave(party, Map.of("name", "number " + i)).statusCode(202);
        }
        leave(party, Map.of()).statusCode(429).body("type", containsString("budget-spent"));
        makeOlder(party, "1 day");
        leave(party, Map.of()).statusCode(202);
        makeOlder(party, "180 days");
        party.asks().get("/v1/parties/me/messages").then().body("messages", hasSize(0));
    }

    private void makeOlder(Party party, String time) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "update party_message set at = at - cast(? as interval) where party = ?")) {
            update.setString(1, time);
            update.setObject(2, PartyId.parse(party.id()).orElseThrow().number());
            update.executeUpdate();
        }
    }
}
