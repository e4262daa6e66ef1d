package org.askfirst.registry.lookup;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/** A question that is made to cost much is refused early, with a short answer. */
@QuarkusTest
@SuppressWarnings("NullAway")
class HugeQuestionsTest extends RegistryTest {
    private static Response ask(String json) {
        return given().contentType("application/json").body(json).post("/v1/lookups");
    }

    private static String members(int count) {
        StringBuilder members = new StringBuilder("\"k0\":0");
        for (int i = 1; i < count; i++) {
            members.append(",\"k").append(i).append("\":0");
        }
        return members.toString();
    }

    @Test
    void unknownMembersGetAShortAnswer() {
        Response answer = ask("{" + members(100_000) + "}");
        answer.then().statusCode(422).body("errors", hasSize(50)).body("detail", containsString("more than 50"));
        assertTrue(answer.asByteArray().length < 20_000);
    }

    @Test
    void aMemberWithAHugeValueIsRefused() {
        ask("{\"items\":[{\"subjects\":[\"isbn:9788936434120\"]}],\"uses\":{" + members(50_000) + "}}")
                .then()
                .statusCode(413)
                .body("detail", containsString("uses"));
    }

    @Test
    void aHugeItemIsRefusedUnderItsPlace() {
        JsonPath answers = ask("{\"items\":[{\"subjects\":[\"url:https://nobody-declared-this.example/\"]},{"
                        + members(50_000) + "}]}")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        assertEquals("unknown", answers.getString("answers[0].verdict"));
        assertEquals("1", answers.getString("answers[1].id"));
        assertTrue(answers.getString("answers[1].problem.type").endsWith("too-large"));
    }

    /** Each item has many violations; all together would make an answer of hundreds of megabytes. */
    @Test
    void refusedItemsShareTheViolationsThatAreShown() {
        String item = "{" + members(30) + "}";
        Response answer = ask("{\"items\":[" + (item + ",").repeat(4_999) + item + "]}");
        List<Map<String, Object>> answers =
                answer.then().statusCode(200).extract().jsonPath().getList("answers");
        assertEquals(5_000, answers.size());
        assertEquals(31, violations(answers.get(0)));
        assertEquals(1, violations(answers.get(1)));
        assertEquals(1, violations(answers.get(4_999)));
        assertTrue(answer.asByteArray().length < 3_000_000);
    }

    private static int violations(Map<String, Object> answer) {
        return ((List<?>) ((Map<?, ?>) answer.get("problem")).get("errors")).size();
    }

    @Test
    void anItemOfCountlessSubjectsIsRefused() {
        String subjects = "\"isbn:9788936434120\",".repeat(9_000) + "\"isbn:9788936434120\"";
        JsonPath answers = ask("{\"items\":[{\"subjects\":[" + subjects + "]}]}")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        assertTrue(answers.getString("answers[0].problem.type").endsWith("invalid-request"));
    }

    /** A short call about a work with many statements must not get an answer of hundreds of megabytes. */
    @Test
    void theAnswersOfACallListALimitedNumberOfStatements() {
        String work = Names.url();
        for (int i = 0; i < 10; i++) {
            Party.open().reserves(work);
        }
        String item = "{\"subjects\":[\"" + work + "\"]}";
        Response answer = ask("{\"items\":[" + (item + ",").repeat(2_999) + item + "]}");
        List<Map<String, Object>> answers =
                answer.then().statusCode(200).extract().jsonPath().getList("answers");
        assertEquals(3_000, answers.size());
        assertEquals(10, ((List<?>) answers.get(0).get("statements")).size());
        assertEquals(0, ((List<?>) answers.get(2_999).get("statements")).size());
        assertEquals(10, answers.get(2_999).get("omittedCount"));
        assertEquals(answers.get(0).get("verdict"), answers.get(2_999).get("verdict"));
    }
}
