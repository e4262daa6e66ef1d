package org.askfirst.registry.lookup;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Draft.permitted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.List;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/** The call of the datadiligence client, which treats everything that is not opted out as allowed. */
@QuarkusTest
class UrlQueryResourceTest extends RegistryTest {
    private static final String PATH = "/api/v2/query/urls/";

    private static JsonPath query(String body) {
        Response response = given().contentType("text/plain").body(body).post(PATH);
        assertEquals(200, response.statusCode());
        return response.jsonPath();
    }

    @Test
    void everyVerdictHasItsPairOfFlags() {
        Party party = Party.openReachable();
        String domain = Names.domain();
        party.controls("domain:" + domain);
        String base = "https://" + domain + "/";
        Party.open().reserves("url:" + base + "deny");
        party.reserves("url:" + base + "ask");
        party.declares(permitted("text-and-data-mining").of("url:" + base + "allow"));
        JsonPath answer = query(String.join("\n", base + "deny", base + "ask", base + "allow", base + "silent"));
        assertEquals(List.of(true, true, false, false), answer.getList("urls.optOut"));
        assertEquals(List.of(false, false, true, false), answer.getList("urls.optIn"));
    }

    @Test
    void unknownIsOptedOutOnRequest() {
        String url = "https://" + Names.host() + "/";
        for (String unknown : List.of("optOut", "neither")) {
            JsonPath answer = given().contentType("text/plain")
                    .queryParam("unknown", unknown)
                    .body(url)
                    .post(PATH)
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            assertEquals(unknown.equals("optOut"), answer.getBoolean("urls[0].optOut"), unknown);
            assertFalse(answer.getBoolean("urls[0].optIn"));
        }
        given().contentType("text/plain")
                .queryParam("unknown", "allow")
                .body(url)
                .post(PATH)
                .then()
                .statusCode(422);
    }

    /** The client joins its URLs with LF. If the last one is blank, the next call's answers must not move up. */
    @Test
    void theClientGetsAsManyAnswersAsItHasUrls() {
        String url = "https://" + Names.host() + "/";
        for (List<String> urls : List.of(List.of(url, ""), List.of(url, "", ""), List.of(url, " "), List.of(""))) {
            JsonPath answer = given().contentType("text/plain")
                    .header("Authorization", "API any")
                    .body(String.join("\n", urls))
                    .post(PATH)
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            assertEquals(urls, answer.getList("urls.url"));
            assertTrue(answer.getBoolean("urls[" + (urls.size() - 1) + "].optOut"), "a blank one is opted out");
        }
    }

    @Test
    void anAddressThatNobodyCanDeclareIsAnswered() {
        JsonPath answer = query("https://localhost/x\nhttps://192.168.0.1/\nhttps://novel/1\nhttps://h.com/a*b$");
        assertEquals(List.of(false, false, false, false), answer.getList("urls.optOut"));
    }

    @Test
    void everyLineIsAnsweredDuplicatesAndEmptyOnesIncluded() {
        String url = "https://" + Names.host() + "/";
        JsonPath answer = query(url + "\n" + url + "\r\n\n  \nnot a url\nisbn:9788936434120\nhttps://\n" + url);
        assertEquals(
                List.of(url, url, "", "  ", "not a url", "isbn:9788936434120", "https://", url),
                answer.getList("urls.url"));
        assertEquals(
                List.of(false, false, true, true, true, true, true, false),
                answer.getList("urls.optOut"),
                "what is no URL is opted out");
        assertFalse(answer.getList("urls.optIn").contains(true));
    }

    @Test
    void onlyALineFeedEndsALine() {
        String url = "https://" + Names.host() + "/";
        List<String> lines = List.of(url + "a\rb", url + "c\u2028d", url + "e\u0085f", url);
        assertEquals(lines, query(String.join("\n", lines)).getList("urls.url"));
    }

    @Test
    void aLineFeedAtTheEndBeginsNoLine() {
        String url = "https://" + Names.host() + "/";
        assertEquals(1, query(url + "\n").getList("urls").size());
        assertEquals(2, query(url + "\n\n").getList("urls").size());
    }

    @Test
    void aCallHasAtMostTenThousandLines() {
        String url = "https://" + Names.host() + "/";
        assertEquals(10_000, query((url + "\n").repeat(10_000)).getList("urls").size());
        given().contentType("text/plain")
                .body((url + "\n").repeat(10_001))
                .post(PATH)
                .then()
                .statusCode(413);
    }

    @Test
    void theClientsHeadersAreAccepted() {
        given().contentType("text/plain; charset=utf-8")
                .header("Authorization", "API anything")
                .header("Accept", "*/*")
                .body("https://" + Names.host() + "/봄")
                .post(PATH)
                .then()
                .statusCode(200);
    }

    @Test
    void aBodyThatIsNotUtf8IsRefused() {
        given().contentType("text/plain")
                .body(new byte[] {'h', (byte) 0xff})
                .post(PATH)
                .then()
                .statusCode(400);
    }

    @Test
    void aLineThatIsTooLongIsOptedOut() {
        String url = "https://" + Names.host() + "/" + "x".repeat(200_000);
        JsonPath answer = query(url);
        assertTrue(answer.getBoolean("urls[0].optOut"));
        assertEquals(url, answer.getString("urls[0].url"));
    }
}
