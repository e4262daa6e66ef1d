package org.askfirst.registry.declaration;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/** A party finds its own declarations, and anybody can parse the subjects in texts. */
@QuarkusTest
class OwnDeclarationsTest extends RegistryTest {
    private static final String LIST = "/v1/parties/me/declarations?";

    private static List<String> ids(Party party, String query) {
        return party.asks()
                .get(LIST + query)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("declarations.id");
    }

    @Test
    void byTitleCreatorIdentifierAndId() {
        Party party = Party.open();
        String novel = party.declares(reserved("ai-training")
                        .of("isbn:9788936434120")
                        .ofWork(Map.of("title", "봄의 \"끝\"", "creators", List.of("이서연"))))
                .id();
        String song = party.declares(reserved("ai-training")
                        .of("isrc:KRA301500123")
                        .ofWork(Map.of("title", "Blue Sea", "creators", List.of("김하늘"))))
                .id();
        assertEquals(List.of(novel), ids(party, "text=봄의 \"끝"));
        assertEquals(List.of(novel), ids(party, "text=서연"));
        assertEquals(List.of(song), ids(party, "text=blue sea"));
        assertEquals(List.of(novel), ids(party, "text=978-89-364-3412-0"));
        assertEquals(List.of(song), ids(party, "text=kra3015"));
        assertEquals(List.of(song), ids(party, "text=" + song));
        assertEquals(List.of(), ids(party, "text=creators"), "what is ours is not searched");
        assertEquals(List.of(), ids(party, "text=100%25"));
        assertEquals(List.of(song, novel), ids(party, "order=newest"));
        assertEquals(List.of(), ids(Party.open(), "text=blue"), "somebody else's");
    }

    @Test
    void byStatus() {
        Party party = Party.open();
        Draft draft = reserved("ai-training");
        String open = party.declares(draft.of(Names.url())).id();
        String later = party.declares(draft.of(Names.url()).from("2999-01-01T00:00:00Z"))
                .id();
        String gone = party.declares(draft.of(Names.url())).id();
        party.withdrawing(gone).statusCode(200);
        assertEquals(List.of(open), ids(party, "status=in-force"));
        assertEquals(List.of(later), ids(party, "status=scheduled"));
        assertEquals(List.of(gone), ids(party, "status=withdrawn"));
        assertEquals(List.of(), ids(party, "status=expired"));
        party.asks().get(LIST + "status=open").then().statusCode(422);
        party.asks().get(LIST + "order=random").then().statusCode(422);
    }

    @Test
    void pageByPageInEitherOrder() {
        Party party = Party.open();
        for (int i = 0; i < 5; i++) {
            party.reserves(Names.url());
        }
        List<String> oldest = ids(party, "limit=1000");
        for (String order : List.of("oldest", "newest")) {
            Integer next = 0;
            List<String> all = new java.util.ArrayList<>();
            while (next != null) {
                var page = party.asks()
                        .get(LIST + "limit=2&order=" + order + "&after=" + next)
                        .then()
                        .extract()
                        .jsonPath();
                all.addAll(page.getList("declarations.id"));
                next = page.get("next");
            }
            if (order.equals("newest")) {
                java.util.Collections.reverse(all);
            }
            assertEquals(oldest, all, order);
        }
    }

    @Test
    void aTextIsRecognisedOrRefusedWithItsReason() {
        given().contentType("application/json")
                .body(Bodies.object(
                                "texts", List.of("978-89-364-3412-0", "9788936434121", "co.kr", "domain:example.com"))
                        .toString())
                .post("/v1/subjects/parse")
                .then()
                .statusCode(200)
                .body("subjects", hasSize(4))
                .body("subjects[0].subject", equalTo("isbn:9788936434120"))
                .body("subjects[0].requiresControl", equalTo(false))
                .body("subjects[1].problem.detail", org.hamcrest.Matchers.containsString("isbn:9788936434120"))
                .body("subjects[1].subject", nullValue())
                .body("subjects[3].requiresControl", equalTo(true));
        given().contentType("application/json")
                .body(Bodies.object("texts", List.of()).toString())
                .post("/v1/subjects/parse")
                .then()
                .statusCode(422);
    }

    @Test
    void theStatisticsCountAppendedEntries() {
        var before =
                given().get("/v1/statistics").then().statusCode(200).extract().jsonPath();
        Party party = Party.open();
        String id = party.reserves(Names.url());
        party.withdrawing(id).statusCode(200);
        given().get("/v1/lookup?subject=isbn:9788936434120").then().statusCode(200);
        given().get("/v1/statistics")
                .then()
                .body("declarations", equalTo(before.getInt("declarations") + 1))
                .body("withdrawn", equalTo(before.getInt("withdrawn") + 1))
                .body("lookupCallsToday", equalTo(before.getInt("lookupCallsToday") + 1))
                .body("dailyTotals", not(hasSize(0)));
    }
}
