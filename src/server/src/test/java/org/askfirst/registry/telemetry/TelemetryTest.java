package org.askfirst.registry.telemetry;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.registry.embedded.TestDatabase;
import org.junit.jupiter.api.Test;

/** Meters whose number no stranger can raise, ids of requests, and the security log. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TelemetryTest {
    private static final Pattern PATH = Pattern.compile("http_server_requests_seconds_count\\{[^}]*uri=\"([^\"]*)\"");

    @TestHTTPResource(value = "metrics", management = true)
    String metrics = "";

    private String metrics() {
        return given().noFilters().get(metrics).then().statusCode(200).extract().asString();
    }

    private static double value(String metrics, String series) {
        Matcher line = Pattern.compile("^" + Pattern.quote(series) + " (.*)$", Pattern.MULTILINE)
                .matcher(metrics);
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }

    @Test
    void refusedPathsAndInventedMethodsMakeNoMetersOfTheirOwn() {
        for (int i = 0; i < 150; i++) {
            given().accept("text/html").get("/v1/declarations/x" + i).then().statusCode(406);
            given().request("METHOD" + i, "/v1/lookups").then().statusCode(405);
        }
        given().get("/v1/statistics").then().statusCode(200);

        String metrics = metrics();
        List<String> paths =
                PATH.matcher(metrics).results().map(match -> match.group(1)).toList();
        assertTrue(paths.contains("/v1/declarations/{id}"), paths.toString());
        assertTrue(paths.contains("/v1/statistics"), paths.toString());
        assertFalse(metrics.contains("x77"), "a path of a refused request");
        assertFalse(metrics.contains("METHOD"), "an invented method");
    }

    @Test
    void eachAnswerHasAnIdAndKeepsAUsableOne() {
        given().get("/v1/statistics").then().header("X-Request-Id", matchesPattern("[0-9a-f]{16}"));
        given().header("X-Request-Id", "trace-7_A").get("/v1/none").then().header("X-Request-Id", "trace-7_A");
        given().header("X-Request-Id", "no good")
                .get("/v1/none")
                .then()
                .header("X-Request-Id", not("no good"))
                .header("X-Request-Id", matchesPattern("[0-9a-f]{16}"));
    }

    @Test
    void verdictsAndRefusalsAreCounted() {
        String unknown = "askfirst_lookups_verdicts_total{use=\"ai-index\",verdict=\"unknown\"}";
        String unread = "askfirst_problems_total{type=\"malformed-subject\"}";
        String before = metrics();
        given().get("/v1/lookup?subject=url:https://nobody-counts.example/&use=ai-index")
                .then()
                .statusCode(200);
        given().get("/v1/lookup?subject=isbn:9791190000124").then().statusCode(422);
        String after = metrics();
        assertEquals(value(before, unknown) + 1, value(after, unknown));
        assertEquals(value(before, unread) + 1, value(after, unread));
        assertTrue(value(after, "askfirst_log_checkpoint_age_seconds") < 10, "the age of the checkpoint");
        assertTrue(after.contains("askfirst_ledger_queue"), "the queue of the appender");
        assertTrue(after.contains("askfirst_index_lag"), "the lag of the index");
    }

    @Test
    void theSecurityLogTellsWhoOpenedAnAccountAndWhoseKeyWasRefused() {
        List<String> lines = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                lines.add(record.getMessage() + java.util.Arrays.toString(record.getParameters()));
            }

            @Override
            public void flush() {
                // Nothing is kept back.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
        Logger logger = Logger.getLogger(SecurityLog.CATEGORY);
        logger.addHandler(handler);
        try {
            given().contentType("application/json")
                    .body("{\"name\": \"Nari\", \"kind\": \"creator\"}")
                    .post("/v1/parties")
                    .then()
                    .statusCode(201);
            for (int i = 0; i < 300; i++) {
                given().header("Authorization", "Bearer afk_" + "0".repeat(52))
                        .get("/v1/parties/me")
                        .then()
                        .statusCode(401);
            }
        } finally {
            logger.removeHandler(handler);
        }
        String text = String.join("\n", lines);
        assertTrue(text.contains("party-opened"), text);
        assertTrue(text.contains("key-refused"), text);
        assertFalse(text.contains("Nari"), "a name in the log");
        assertFalse(text.contains("0".repeat(52)), "a key in the log");
    }
}
