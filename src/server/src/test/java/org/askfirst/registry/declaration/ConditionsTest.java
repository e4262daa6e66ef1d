package org.askfirst.registry.declaration;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ETag, If-Match and If-None-Match of declarations. */
@QuarkusTest
class ConditionsTest extends RegistryTest {
    private static final String PATH = "/v1/declarations/";

    private static Response get(String id) {
        return given().get(PATH + id);
    }

    private static ValidatableResponse amending(Party party, String id, String tag, String use) {
        return party.says(reserved(use)).header("If-Match", tag).put(PATH + id).then();
    }

    @Test
    void theTagNamesTheStateAndChangesWithIt() {
        Party party = Party.open();
        String id = party.reserves(Names.url());
        Response first = get(id);
        String tag = first.header("ETag");
        first.then()
                .header("ETag", startsWith("\"" + first.path("position") + "-"))
                .header("Cache-Control", "public, no-cache");
        assertEquals(tag, get(id).header("ETag"));
        given().header("If-None-Match", tag)
                .get(PATH + id)
                .then()
                .statusCode(304)
                .header("ETag", tag);
        party.amends(id, reserved("ai-input"));
        Response second = given().header("If-None-Match", tag).get(PATH + id);
        assertEquals(200, second.statusCode());
        assertNotEquals(tag, second.header("ETag"));
    }

    @Test
    void ofTwoAmendmentsOfOneStateTheSecondIsRefused() {
        Party party = Party.open();
        String id = party.reserves(Names.url());
        String tag = get(id).header("ETag");
        amending(party, id, tag, "ai-input").statusCode(200);
        amending(party, id, tag, "ai-index").statusCode(412).body("type", endsWith("/precondition-failed"));
        party.asks().header("If-Match", tag).delete(PATH + id).then().statusCode(412);
        get(id).then().body("stances.ai-input", equalTo("reserved")).body("status", equalTo("in-force"));
        given().get(PATH + id + "/history").then().body("entries", hasSize(2));
        party.asks()
                .header("If-Match", get(id).header("ETag"))
                .delete(PATH + id)
                .then()
                .statusCode(200);
    }

    @Test
    void amendmentsOfOneStateAtTheSameTimePassOnce() throws Exception {
        Party party = Party.open();
        String id = party.reserves(Names.url());
        String tag = get(id).header("ETag");
        List<String> uses = List.of("ai-input", "ai-index", "ai-training", "data-analysis", "search-indexing");
        CyclicBarrier together = new CyclicBarrier(uses.size());
        ExecutorService pool = Executors.newFixedThreadPool(uses.size());
        List<Integer> statuses = new ArrayList<>();
        try {
            List<Future<Integer>> running = new ArrayList<>();
            for (String use : uses) {
                running.add(pool.submit(() -> {
                    together.await();
                    return amending(party, id, tag, use).extract().statusCode();
                }));
            }
            for (Future<Integer> one : running) {
                statuses.add(one.get());
            }
        } finally {
            pool.shutdown();
        }
        statuses.sort(null);
        assertEquals(List.of(200, 412, 412, 412, 412), statuses);
    }

    @ParameterizedTest
    @ValueSource(strings = {"W/%s", "\"x\"", "%s x", "\"1\"", "\"99999999999999999999\"", "'; drop table x"})
    void aTagOfNoStateFitsNothing(String form) {
        Party party = Party.open();
        String id = party.reserves(Names.url());
        String tag = form.replace("%s", get(id).header("ETag"));
        amending(party, id, tag, "ai-input").statusCode(412);
        get(id).then().body("stances.ai-input", equalTo(null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "%s", "\"x\", %s", "%p"})
    void aTagOfTheStateFits(String form) {
        Party party = Party.open();
        String id = party.reserves(Names.url());
        Response shown = get(id);
        String tag = form.replace("%s", shown.header("ETag")).replace("%p", "\"" + shown.path("position") + "\"");
        amending(party, id, tag, "ai-input").statusCode(200);
    }

    @Test
    void theTagOfACodedAnswerFitsToo() {
        Party party = Party.open();
        String id = party.reserves(Names.url());
        String tag = get(id).header("ETag").replaceFirst("\"$", "-gzip\"");
        amending(party, id, tag, "ai-input").statusCode(200);
    }

    @Test
    void anEmptyConditionIsNotIgnored() {
        Party party = Party.open();
        String id = party.reserves(Names.url());
        amending(party, id, "", "ai-input").statusCode(422).body("errors[0].reason", equalTo("empty"));
    }

    @Test
    void aRepeatedAmendmentGetsItsFirstAnswerThoughTheStateHasChanged() {
        Party party = Party.open();
        String id = party.reserves(Names.url());
        String tag = get(id).header("ETag");
        for (int i = 0; i < 2; i++) {
            party.says(reserved("ai-input"))
                    .header("If-Match", tag)
                    .header("Idempotency-Key", "a")
                    .put(PATH + id)
                    .then()
                    .statusCode(200);
        }
        given().get(PATH + id + "/history").then().body("entries", hasSize(2));
    }

    @Test
    void aStrangerLearnsNothingByATag() {
        String id = Party.open().reserves(Names.url());
        amending(Party.open(), id, "\"1\"", "ai-input").statusCode(403);
        amending(Party.open(), "d_01jd8v4n2c7e5g9j1k3m6p8r0t", "*", "ai-input").statusCode(404);
    }
}
