package org.askfirst.registry.telemetry;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.item;
import static org.askfirst.testkit.Asker.items;
import static org.askfirst.testkit.Draft.reserved;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Eventually;
import org.askfirst.testkit.LoopbackInternet;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reads the meters of the domain as Prometheus does, before and after what they count. */
@QuarkusTest
class MetersTest extends RegistryTest {
    @RegisterExtension
    static final LoopbackInternet INTERNET = new LoopbackInternet();

    @TestHTTPResource(value = "metrics", management = true)
    String metrics = "";

    /** The values of the series of a meter, by their labels as Prometheus writes them. */
    private Map<String, Double> series(String meter) {
        String text = given().noFilters()
                .get(metrics)
                .then()
                .statusCode(200)
                .extract()
                .asString();
        Matcher line = Pattern.compile("^" + meter + "\\{([^}]*)\\} (.*)$", Pattern.MULTILINE)
                .matcher(text);
        Map<String, Double> series = new TreeMap<>();
        while (line.find()) {
            series.put(line.group(1), Double.parseDouble(line.group(2)));
        }
        return series;
    }

    /** Compares what has been added since, without the series that nothing was added to. */
    private void assertAdded(Map<String, Double> expected, String meter, Map<String, Double> before) {
        Map<String, Double> added = new TreeMap<>();
        series(meter).forEach((labels, value) -> {
            double more = value - before.getOrDefault(labels, 0.0);
            if (more != 0) {
                added.put(labels, more);
            }
        });
        assertEquals(new TreeMap<>(expected), added, meter);
    }

    @Test
    void refusalsOfTheQuotaAreCountedByLimitAndAsker() {
        String meter = "askfirst_quota_refusals_total";
        Map<String, Double> before = series(meter);
        assertEquals(6, before.size(), before.toString());
        Party party = Party.open();
        ObjectNode[] each = IntStream.range(0, 10_000)
                .mapToObj(i -> item("i" + i, "isbn:9788936434120"))
                .toArray(ObjectNode[]::new);
        ObjectNode many = items((Object[]) each);
        many.put("detail", "verdict");
        party.says(many).post("/v1/lookups").then().statusCode(200);
        party.says(many).post("/v1/lookups").then().statusCode(200);
        party.says(many).post("/v1/lookups").then().statusCode(429);
        assertAdded(Map.of("asker=\"keyed\",limit=\"works\"", 1.0), meter, before);
    }

    @Test
    void checksOfControlAreCountedByMethodAndOutcome() {
        String meter = "askfirst_control_checks_total";
        Map<String, Double> before = series(meter);
        assertEquals(12, before.size(), before.toString());
        Party party = Party.open();
        String domain = Names.domain();
        INTERNET.web().show(domain + "/", "<title>nothing</title>");
        String challenge = Answers.id(party.challenging("domain:" + domain).statusCode(201));
        party.checking(challenge).statusCode(200);
        assertAdded(
                Map.of(
                        "method=\"dns-txt\",outcome=\"absent\"", 1.0,
                        "method=\"well-known-file\",outcome=\"absent\"", 1.0,
                        "method=\"meta-tag\",outcome=\"absent\"", 1.0),
                meter,
                before);
    }

    @Test
    void importsAreCountedByStateAndTheirRowsByOutcome() {
        Map<String, Double> states = series("askfirst_imports_total");
        Map<String, Double> rows = series("askfirst_imports_rows_total");
        assertEquals(7, states.size(), states.toString());
        assertEquals(4, rows.size(), rows.toString());
        Party party = Party.open();
        String table = "제목,ISBN\n봄의 끝,9788936434120\n봄의 끝,9788936434120\n제목,ISBN\n,9788936434121\n";
        String id = Answers.id(party.asks()
                .contentType("text/csv")
                .body(table.getBytes(StandardCharsets.UTF_8))
                .post("/v1/imports?name=a.csv")
                .then()
                .statusCode(201));
        party.says(reserved("ai-training"))
                .put("/v1/imports/" + id + "/plan")
                .then()
                .statusCode(200);
        party.asks().post("/v1/imports/" + id + "/start").then().statusCode(202);
        Eventually.get(
                () -> Answers.tree(party.asks().get("/v1/imports/" + id).then())
                        .path("status")
                        .asText(),
                "done"::equals);
        assertAdded(
                Map.of(
                        "state=\"receiving\"", 1.0,
                        "state=\"ready\"", 1.0,
                        "state=\"running\"", 1.0,
                        "state=\"done\"", 1.0),
                "askfirst_imports_total",
                states);
        assertAdded(
                Map.of(
                        "outcome=\"declared\"", 1.0,
                        "outcome=\"repeated\"", 1.0,
                        "outcome=\"refused\"", 1.0,
                        "outcome=\"skipped\"", 1.0),
                "askfirst_imports_rows_total",
                rows);
    }

    @Test
    void postsToWebhooksAreCountedByOutcome() {
        String meter = "askfirst_webhooks_deliveries_total";
        Map<String, Double> before = series(meter);
        assertEquals(4, before.size(), before.toString());
        for (int status : List.of(204, 500)) {
            Party party = Party.open();
            String address = Names.domain() + "/";
            INTERNET.web().answer(address, status, "X-Y: z", "");
            party.setsWebhook("https://" + address);
            party.asks().post("/v1/parties/me/webhook/test").then().statusCode(200);
        }
        assertAdded(Map.of("outcome=\"delivered\"", 1.0, "outcome=\"rejected\"", 1.0), meter, before);
    }
}
