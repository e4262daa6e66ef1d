package org.askfirst.registry.account;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks accounts and API keys over HTTP. */
@QuarkusTest
class PartyResourceTest extends RegistryTest {
    @Inject
    DataSource dataSource;

    private static ValidatableResponse open(Object party) {
        return given().contentType("application/json")
                .body(Bodies.text(party))
                .post("/v1/parties")
                .then();
    }

    @Test
    void everybodySeesWhatAPartyDeclaresAndHowItWasChecked() {
        Party party = Party.open();
        Party body = Party.open();
        OperatorClient.ofService().letsVouch(body, "isbn");
        body.vouchesFor(party);
        String domain = Names.domain();
        party.controls("domain:" + domain);
        List<String> declared = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            declared.add(party.declares(Draft.reserved("ai-training").of(Names.file()))
                    .id());
        }
        party.withdraws(declared.get(1));
        given().get("/v1/parties/" + party.id())
                .then()
                .statusCode(200)
                .body("declarationCount", equalTo(2))
                .body("proved.subject", equalTo(List.of("domain:" + domain)))
                .body("vouchedBy.body", equalTo(List.of(body.id())));
        ValidatableResponse first = page(party, "?order=newest&status=in-force&limit=1")
                .body("declarations.id", equalTo(List.of(declared.get(2))));
        page(
                        party,
                        "?order=newest&status=in-force&limit=1&after="
                                + first.extract().path("next"))
                .body("declarations.id", equalTo(List.of(declared.get(0))));
        page(party, "").body("declarations.id", equalTo(declared));
        for (String id : new String[] {"x", "p_%00", "p_" + "0".repeat(26)}) {
            given().get("/v1/parties/" + id + "/declarations").then().statusCode(404);
        }
        given().get("/v1/parties/" + party.id() + "/declarations?limit=101")
                .then()
                .statusCode(422);
    }

    private static ValidatableResponse page(Party party, String query) {
        return given().get("/v1/parties/" + party.id() + "/declarations" + query)
                .then()
                .statusCode(200);
    }

    @Test
    void anyoneOpensAParty() {
        ValidatableResponse opened = open(Bodies.object(
                        "name", "김하늘", "kind", "creator", "contact", "mailto:h@example.com"))
                .statusCode(201)
                .header("Location", containsString("/v1/parties/me"))
                .header("Cache-Control", "no-store")
                .body("name", equalTo("김하늘"))
                .body("kind", equalTo("creator"))
                .body("trust", equalTo("asserted"))
                .body("contact", equalTo("mailto:h@example.com"));
        String key = opened.extract().path("key");
        given().header("Authorization", "Bearer " + key)
                .get("/v1/parties/me")
                .then()
                .statusCode(200)
                .body("id", equalTo(opened.extract().<String>path("id")))
                .body("name", equalTo("김하늘"))
                .body("keys.id", equalTo(List.of(opened.extract().<String>path("keyId"))))
                .body("controls", empty());
    }

    @Test
    void aContactIsNotNeeded() {
        open(Bodies.object("name", "x", "kind", "crawler")).statusCode(201);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|#/name|#/kind",
                "{\"name\":\"\",\"kind\":\"king\"}|#/name|#/kind",
                "{\"name\":5,\"kind\":null}|#/name|#/kind",
                "{\"name\":\"a\",\"kind\":\"creator\",\"nmae\":\"b\",\"contact\":\"me\"}|#/nmae|#/contact",
                "{\"name\":\"a\\u0000\",\"kind\":\"creator\",\"contact\":\"javascript:x\"}|#/name|#/contact"
            })
    void everyInvalidMemberIsNamed(String json, String one, String other) {
        open(json)
                .statusCode(422)
                .body("type", containsString("invalid-request"))
                .body("errors.pointer", hasItems(one, other));
    }

    @Test
    void aMisspeltMemberIsNotIgnored() {
        open(Bodies.object("name", "a", "kind", "creator", "contakt", "mailto:a@b.c"))
                .statusCode(422)
                .body("detail", containsString("\"contact\""));
    }

    @Test
    void aNameHasTwoHundredCharactersAtMost() {
        open(Bodies.object("name", "😀".repeat(200), "kind", "creator")).statusCode(201);
        open(Bodies.object("name", "😀".repeat(201), "kind", "creator"))
                .statusCode(422)
                .body("errors.pointer", equalTo(List.of("#/name")));
    }

    @Test
    void aBodyTooLargeIsRefused() {
        open(Bodies.object("name", "x".repeat(100_000), "kind", "creator")).statusCode(413);
    }

    @Test
    void keysAreStoredOnlyAsHashes() throws SQLException {
        Party party = Party.open();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select p::text || k::text || encode(k.hash, 'escape')"
                        + " from party p join party_key k on k.party = p.id")) {
            assertTrue(row.next());
            do {
                assertFalse(row.getString(1).contains(party.key().substring(4)));
            } while (row.next());
        }
    }

    @Test
    void aKeyIsRotated() {
        Party party = Party.open();
        ValidatableResponse created = party.says(Bodies.object())
                .post("/v1/parties/me/keys")
                .then()
                .statusCode(201)
                .header("Cache-Control", "no-store");
        Party rotated = new Party(
                party.id(), created.extract().path("key"), created.extract().path("id"));
        rotated.asks().delete("/v1/parties/me/keys/" + party.keyId()).then().statusCode(204);
        party.asks().get("/v1/parties/me").then().statusCode(401);
        party.declaring(Bodies.object()).statusCode(401);
        rotated.asks()
                .get("/v1/parties/me")
                .then()
                .statusCode(200)
                .body("keys.id", equalTo(List.of(rotated.keyId())))
                .body("toString()", not(containsString(rotated.key())));
        rotated.reserves(Names.url());
    }

    @Test
    void theLastKeyCannotBeRevoked() {
        Party party = Party.open();
        party.asks()
                .delete("/v1/parties/me/keys/" + party.keyId())
                .then()
                .statusCode(409)
                .body("type", containsString("last-key"));
        party.asks().get("/v1/parties/me").then().statusCode(200);
    }

    @Test
    void nobodyRevokesAnothersKey() {
        Party party = Party.open();
        Party other = Party.open();
        other.says(Bodies.object()).post("/v1/parties/me/keys").then().statusCode(201);
        other.asks().delete("/v1/parties/me/keys/" + party.keyId()).then().statusCode(404);
        other.asks().delete("/v1/parties/me/keys/k_0000000000000000").then().statusCode(404);
        party.asks().get("/v1/parties/me").then().statusCode(200);
    }

    @Test
    void aRevokedKeyIsRevokedOnce() {
        Party party = Party.open();
        String created = party.says(Bodies.object())
                .post("/v1/parties/me/keys")
                .then()
                .extract()
                .path("id");
        party.asks().delete("/v1/parties/me/keys/" + created).then().statusCode(204);
        party.asks().delete("/v1/parties/me/keys/" + created).then().statusCode(404);
    }

    @Test
    void aPartyHasTwentyKeysAtMost() {
        Party party = Party.open();
        for (int i = 1; i < 20; i++) {
            party.says(Bodies.object()).post("/v1/parties/me/keys").then().statusCode(201);
        }
        party.says(Bodies.object())
                .post("/v1/parties/me/keys")
                .then()
                .statusCode(409)
                .body("type", containsString("too-many-keys"));
    }

    @Test
    void twoCallsThatRevokeTheLastTwoKeysAtOnceLeaveOne() throws Exception {
        for (int round = 0; round < 10; round++) {
            Party party = Party.open();
            ValidatableResponse created = party.says(Bodies.object())
                    .post("/v1/parties/me/keys")
                    .then()
                    .statusCode(201);
            Party second = new Party(
                    party.id(), created.extract().path("key"), created.extract().path("id"));
            CyclicBarrier together = new CyclicBarrier(2);
            ExecutorService pool = Executors.newFixedThreadPool(2);
            List<Integer> statuses = new ArrayList<>();
            try {
                List<Future<Integer>> running = new ArrayList<>();
                // Each revokes the key of the other, so that both have a valid key when they call.
                for (Party[] pair : new Party[][] {{party, second}, {second, party}}) {
                    running.add(pool.submit(() -> {
                        together.await();
                        return pair[0].asks()
                                .delete("/v1/parties/me/keys/" + pair[1].keyId())
                                .statusCode();
                    }));
                }
                for (Future<Integer> one : running) {
                    statuses.add(one.get());
                }
            } finally {
                pool.shutdown();
            }
            List<Integer> validKeys = List.of(
                    party.asks().get("/v1/parties/me").statusCode(),
                    second.asks().get("/v1/parties/me").statusCode());
            assertTrue(validKeys.contains(200), "no key of the party works; the two calls returned " + statuses);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer afk_",
                "Basic YTpi",
                "Bearer afk_0000000000000000000000000000000000000000000000000000",
                "afk_0000000000000000000000000000000000000000000000000000",
                "Bearer afk_0000000000000000000000000000000000000000000000000000 x",
                "Bearer AFK_0000000000000000000000000000000000000000000000000000"
            })
    void aCallWithoutAValidKeyIsUnauthenticated(String authorization) {
        given().header("Authorization", authorization)
                .get("/v1/parties/me")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", containsString("Bearer"))
                .body("type", containsString("unauthenticated"));
    }

    @Test
    void proofsOfControlAreShown() {
        Party party = Party.open();
        String domain = "domain:" + Names.domain();
        party.controls(domain);
        party.asks()
                .get("/v1/parties/me")
                .then()
                .body("trust", equalTo("control-proved"))
                .body("controls.subject", hasItem(domain));
        assertEquals(
                1,
                party.asks()
                        .get("/v1/parties/me")
                        .jsonPath()
                        .getList("controls")
                        .size());
    }
}
