package org.askfirst.registry.declaration;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Asker;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Offer;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The party's own string for a declaration, and the lists that it and other filters select. */
@QuarkusTest
class ReferenceTest extends RegistryTest {
    private static final String LIST = "/v1/parties/me/declarations";

    @Inject
    DataSource dataSource;

    private static Draft draft(String url, String reference) {
        return reserved("ai-training").of(url).member("reference", reference);
    }

    private static List<String> ids(Party party, String... query) {
        RequestSpecification request = party.asks();
        for (int i = 0; i < query.length; i += 2) {
            request.queryParam(query[i], query[i + 1]);
        }
        return request.get(LIST).then().statusCode(200).extract().jsonPath().getList("declarations.id");
    }

    private long rowsOf(Party party) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select count(*) from statement_reference where party = ?")) {
            UUID number = PartyId.parse(party.id()).orElseThrow().number();
            select.setObject(1, number);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    @Test
    void onlyThePartyItselfSeesIt() {
        Party party = Party.open();
        String url = Names.url();
        String secret = "catalogue/" + UUID.randomUUID();
        String id = party.declaring(draft(url, secret))
                .statusCode(201)
                .body("reference", equalTo(secret))
                .extract()
                .path("id");
        String path = "/v1/declarations/" + id;
        party.asks()
                .get(path)
                .then()
                .body("reference", equalTo(secret))
                .header("Vary", containsString("Authorization"));
        party.asks().get(LIST).then().body("declarations[0].reference", equalTo(secret));
        party.withdrawing(id).statusCode(200).body("reference", equalTo(secret));
        given().get(path).then().statusCode(200).body("reference", nullValue());
        Party.open().asks().get(path).then().statusCode(200).body("reference", nullValue());
        given().header("Authorization", "Bearer " + Party.operatorKey())
                .get(path)
                .then()
                .statusCode(200)
                .body("reference", nullValue());
        for (String open :
                List.of(path + "/history", path + "/proof", "/v1/changes?after=0&limit=1000&party=" + party.id())) {
            given().get(open).then().statusCode(200).body(not(containsString(secret)));
        }
        String lookup = Asker.anybody().asks(url).answer().extract().asString();
        assertEquals(-1, lookup.indexOf(secret));
    }

    @Test
    void theOtherSideOfAMandateDoesNotSeeIt() {
        Party society = Party.open();
        Party member = Party.open();
        OperatorClient.ofService().letsVouch(society, "url");
        String mandate = society.offersMandate(Offer.toMember(member)).id();
        member.acceptingMandate(mandate).statusCode(200);
        String id = society.declaring(draft(Names.url(), "s-1").member("mandate", mandate))
                .statusCode(201)
                .extract()
                .path("id");
        String list = "/v1/parties/me/mandates/" + mandate + "/declarations";
        society.asks().get(list).then().body("declarations[0].reference", equalTo("s-1"));
        member.asks()
                .get(list)
                .then()
                .body("declarations", hasSize(1))
                .body("declarations[0].id", equalTo(id))
                .body("declarations[0].reference", nullValue());
    }

    @Test
    void itIsKeptUntilAnotherIsGivenAndMakesNoEntry() {
        Party party = Party.open();
        String url = Names.url();
        String id = party.declaring(draft(url, "one")).extract().path("id");
        party.amending(id, reserved("ai-input")).statusCode(200).body("reference", equalTo("one"));
        party.amending(id, reserved("ai-input").member("reference", "two"))
                .statusCode(200)
                .body("reference", equalTo("two"));
        given().get("/v1/declarations/" + id + "/history").then().body("entries", hasSize(2));
        party.declaring(reserved("ai-input").of(url).member("reference", "three"))
                .statusCode(200)
                .body("id", equalTo(id))
                .body("reference", equalTo("three"));
        assertEquals(List.of(id), ids(party, "reference", "three"));
        assertEquals(List.of(), ids(party, "reference", "one"));
    }

    @Test
    void aRepeatedRequestDoesNotBringAnOldOneBack() {
        Party party = Party.open();
        String url = Names.url();
        String id = party.says(draft(url, "one"))
                .header("Idempotency-Key", "k")
                .post("/v1/declarations")
                .path("id");
        party.amending(id, reserved("ai-training").member("reference", "two")).statusCode(200);
        party.says(draft(url, "one"))
                .header("Idempotency-Key", "k")
                .post("/v1/declarations")
                .then()
                .statusCode(201);
        assertEquals(List.of(id), ids(party, "reference", "two"));
    }

    @Test
    void theSameContentWithTwoReferencesInOneBatchHasTheLast() {
        Party party = Party.open();
        String url = Names.url();
        List<JsonNode> answers =
                party.sendsLines("/v1/declarations/batch", List.of(draft(url, "one"), draft(url, "two")));
        String id = answers.get(0).path("id").asText();
        assertEquals(id, answers.get(1).path("id").asText());
        assertEquals(List.of(id), ids(party, "reference", "two"));
    }

    @Test
    void itIsStoredAsNfcAndFoundInEitherForm() {
        Party party = Party.open();
        String id = party.declaring(draft(Names.url(), "cafe\u0301"))
                .body("reference", equalTo("caf\u00e9"))
                .extract()
                .path("id");
        assertEquals(List.of(id), ids(party, "reference", "cafe\u0301"));
        assertEquals(List.of(), ids(Party.open(), "reference", "caf\u00e9"), "somebody else's");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\tb", "\u0007", " ", "", "a\u0000b", "a\u202ebc", "LONG"})
    void aReferenceThatIsNoneIsRefused(String reference) {
        String text = reference.equals("LONG") ? "x".repeat(129) : reference;
        Party party = Party.open();
        party.declaring(draft(Names.url(), text)).statusCode(422).body("errors[0].pointer", equalTo("#/reference"));
        party.asks().get(LIST).then().body("declarations", hasSize(0));
    }

    @Test
    void aClosedPartysAreErased() throws SQLException {
        Party party = Party.open();
        party.declaring(draft(Names.url(), "one")).statusCode(201);
        assertEquals(1, rowsOf(party));
        closes(party);
        assertEquals(0, rowsOf(party));
    }

    @Test
    void theListIsSelectedBySubject() {
        Party party = Party.open();
        String url = Names.url();
        String first = party.reserves(url);
        String second =
                party.declares(reserved("ai-input").of(url, Names.url())).id();
        party.reserves(Names.url());
        Party.open().reserves(url);
        String list = party.declares(reserved("ai-training").ofRepertoire("t")).id();
        party.lists(list, url);
        assertEquals(List.of(first, second, list), ids(party, "subject", url));
        assertEquals(List.of(list, second, first), ids(party, "subject", url, "order", "newest"));
        party.amends(second, reserved("ai-input").of(Names.url()));
        party.unlists(list, url);
        party.withdraws(first);
        assertEquals(List.of(first), ids(party, "subject", url), "a withdrawn one is of its last subjects");
        assertEquals(List.of(), ids(party, "subject", url, "status", "in-force"));
        party.asks()
                .queryParam("subject", "isbn:1")
                .get(LIST)
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("subject"));
    }

    @Test
    void theListIsSelectedByTheTimeOfTheLastChange() {
        Party party = Party.open();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ids.add(party.reserves(Names.url()));
        }
        String before =
                party.amending(ids.get(2), reserved("ai-index")).extract().path("recordedAt");
        String changed =
                party.amending(ids.get(0), reserved("ai-input")).extract().path("recordedAt");
        party.withdraws(ids.get(1));
        assertEquals(ids, ids(party, "updatedSince", before));
        assertEquals(ids.subList(0, 2), ids(party, "updatedSince", changed));
        assertEquals(List.of(ids.get(1)), ids(party, "updatedSince", changed, "status", "withdrawn"));
        assertEquals(List.of(), ids(party, "updatedSince", "2999-01-01T00:00:00Z"));
        assertEquals(ids, ids(party, "updatedSince", "0001-01-01T00:00:00Z"));
        party.asks().queryParam("updatedSince", "yesterday").get(LIST).then().statusCode(422);
    }

    @Test
    void aPageOfOneReferenceContinues() {
        Party party = Party.open();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ids.add(party.declaring(draft(Names.url(), "same")).extract().path("id"));
            party.reserves(Names.url());
        }
        List<String> found = new ArrayList<>();
        Integer next = 0;
        while (next != null) {
            var page = party.asks()
                    .get(LIST + "?reference=same&limit=2&after=" + next)
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            found.addAll(page.getList("declarations.id"));
            next = page.get("next");
        }
        assertEquals(ids, found);
        assertEquals(ids, ids(party, "reference", "same", "updatedSince", "2020-01-01T00:00:00Z", "text", "url"));
    }
}
