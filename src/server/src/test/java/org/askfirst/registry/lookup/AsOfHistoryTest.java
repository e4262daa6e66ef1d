package org.askfirst.registry.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.ledger.ProjectionRebuild;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A random history. The same question is asked after each act. At the end each answer is asked for again, by position
 * and moment, by the moment, and again after all projections were rebuilt.
 *
 * <p>Names and other data that an erasure deletes are not part of the ledger. They are compared as long as their party
 * is not erased.
 */
@QuarkusTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AsOfHistoryTest extends RegistryTest {
    private static final int ACTS = 200;
    private static final int MOST_ACTS = 10 * ACTS;
    private static final int PARTIES = 5;
    private static final List<String> USES = List.of(
            "text-and-data-mining",
            "data-analysis",
            "ai-training",
            "generative-ai-training",
            "ai-input",
            "ai-index",
            "search-indexing");
    private static final List<String> STANCES = List.of("reserved", "permitted", "permitted-with-terms");

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final long seed = Long.getLong("askfirst.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Party> parties = new ArrayList<>();
    private final Set<String> erased = new HashSet<>();
    private final List<Declared> standing = new ArrayList<>();
    private final Set<String> proved = new HashSet<>();
    private final List<Answered> answers = new ArrayList<>();
    private final Set<String> happened = new TreeSet<>();

    private final String domain = Names.domain();
    private final String doi = "10." + (10_000 + random.nextInt(90_000)) + random.nextInt(90_000);
    private final List<String> declarable = List.of(
            "domain:" + domain,
            "domain:art." + domain,
            "under:https://art." + domain + "/",
            "under:https://art." + domain + "/works/",
            "url:https://art." + domain + "/works/1",
            "url:https://art." + domain + "/works/1?size=2",
            "url:https://" + domain + "/",
            "doi-prefix:" + doi,
            "doi:" + doi + "/one",
            "isbn:9788936434120",
            "isbn-prefix:978893643",
            "isni:0000000121032683",
            Names.file(),
            Names.file());
    private final List<List<String>> asked = List.of(
            List.of("url:https://art." + domain + "/works/1?size=2"),
            List.of("url:https://art." + domain + "/works/1"),
            List.of("url:https://art." + domain + "/works/2"),
            List.of("url:https://art." + domain + "/"),
            List.of("url:https://www." + domain + "/a/b?c"),
            List.of("url:https://" + domain + "/", "isni:0000000121032683"),
            List.of("doi:" + doi + "/one"),
            List.of("doi:" + doi + "/two", declarable.get(12)),
            List.of("isbn:9788936434120"),
            List.of("isbn:9788936434120", "url:https://doi.org/" + doi + "/one"),
            List.of(declarable.get(12), declarable.get(13)),
            List.of("url:https://nobody." + Names.domain() + "/"));

    private record Declared(Party party, String id) {}

    private record Answered(String question, String pair, JsonNode answer) {}

    @Test
    void everyAnswerCanBeAskedForAgain() throws IOException, SQLException {
        System.out.println("AsOfHistoryTest: seed " + seed + " (-Daskfirst.seed=" + seed + " repeats it)");
        for (int i = 0; i < PARTIES; i++) {
            parties.add(open());
        }
        Set<String> all = Set.of("declared", "amended", "withdrew", "proved", "erased", "rejected");
        // A rare act may need more of them.
        for (int i = 0; i < ACTS || (i < MOST_ACTS && !happened.equals(all)); i++) {
            act();
            ask();
        }
        assertEquals(all, happened, "an act that never happened");
        Set<String> verdicts = new TreeSet<>();
        for (Answered answered : answers) {
            answered.answer()
                    .get("answers")
                    .forEach(one -> verdicts.add(one.get("verdict").textValue()));
        }
        assertEquals(Set.of("allow", "ask", "deny", "unknown"), verdicts, "a verdict that was never given");

        for (Answered answered : answers) {
            askAgain(answered, answered.pair());
            askAgain(answered, answered.pair().replaceFirst(".*@", ""));
        }
        Arc.container().instance(ProjectionRebuild.class).get().rebuild(position -> {});
        for (Answered answered : answers) {
            askAgain(answered, answered.pair());
        }
    }

    private void act() {
        Party party = any(parties);
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4, 5 -> declare(party);
            case 6, 7, 8 -> {
                if (!standing.isEmpty()) {
                    Declared declared = any(standing);
                    declared.party()
                            .amending(declared.id(), statement(random.nextBoolean()))
                            .statusCode(200);
                    happened.add("amended");
                }
            }
            case 9, 10 -> {
                if (!standing.isEmpty()) {
                    Declared declared = standing.remove(random.nextInt(standing.size()));
                    declared.party()
                            .asks()
                            .delete("/v1/declarations/" + declared.id())
                            .then()
                            .statusCode(200);
                    happened.add("withdrew");
                }
            }
            case 11, 12 -> {
                String subject = any(declarable);
                if (proved.add(party.id() + subject)) {
                    party.controls(subject);
                    happened.add("proved");
                }
            }
            case 14, 15 -> reject(party);
            default -> {
                if (random.nextInt(3) == 0 || !happened.contains("erased")) {
                    closes(party);
                    erased.add(party.id());
                    standing.removeIf(declared -> declared.party().equals(party));
                    parties.remove(party);
                    parties.add(open());
                    happened.add("erased");
                }
            }
        }
    }

    /** Rejects something, or lets the operator decide about it; both may be refused. */
    private void reject(Party party) {
        if (standing.isEmpty()) {
            return;
        }
        Declared declared = any(standing);
        if (random.nextInt(4) == 0) {
            OperatorClient.ofService().decidingAgainst(declared.id());
        } else if (party.rejects(declared.id()).extract().statusCode() == 201) {
            happened.add("rejected");
        }
    }

    private Party open() {
        return random.nextBoolean() ? Party.open() : Party.openReachable();
    }

    private void declare(Party party) {
        Response declared = party.says(statement(true)).post("/v1/declarations");
        boolean isSetAside = declared.statusCode() == 422 && declared.asString().contains("set aside");
        assertTrue(isSetAside || declared.statusCode() == 201 || declared.statusCode() == 200, declared.asString());
        if (declared.statusCode() == 201) {
            standing.add(new Declared(party, Answers.id(declared)));
        }
        happened.add("declared");
    }

    /** Returns a random declaration of one to three subjects. */
    private String statement(boolean withSubjects) {
        ObjectNode said = json.createObjectNode();
        if (withSubjects) {
            Set<String> subjects = new TreeSet<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                subjects.add(any(declarable));
            }
            subjects.forEach(said.putArray("subjects")::add);
        }
        ObjectNode stances = said.putObject("stances");
        for (int i = random.nextInt(3); i >= 0; i--) {
            stances.put(any(USES), any(STANCES));
        }
        ObjectNode terms = json.createObjectNode();
        boolean needed = stances.toString().contains("permitted-with-terms");
        int address = random.nextInt(needed ? 3 : 6);
        if (address == 0 || address == 1) {
            terms.put("contact", "mailto:rights" + random.nextInt(3) + "@example.com");
        }
        if (address == 1 || address == 2) {
            terms.put("license", "https://example.com/licence/" + random.nextInt(3));
        }
        if (random.nextInt(4) == 0) {
            terms.put("attribution", "작가 " + random.nextInt(3)).put("text", "Ask first, please");
        }
        if (!terms.isEmpty()) {
            said.set("terms", terms);
        }
        Instant now = TestClock.ofService().instant();
        if (random.nextInt(4) == 0) {
            said.put("validFrom", now.plusMillis(random.nextInt(-1000, 1000)).toString());
        }
        if (random.nextInt(4) == 0) {
            said.put("validTo", now.plusMillis(random.nextInt(1100, 3000)).toString());
        }
        return said.toString();
    }

    /**
     * Asks with a plain HTTP client: the contract is checked elsewhere, and checking 1,200 long answers takes a minute.
     */
    private HttpResponse<String> post(String path, String question) throws IOException {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(question))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private void ask() throws IOException {
        ObjectNode question = json.createObjectNode();
        ArrayNode items = question.putArray("items");
        for (List<String> subjects : asked) {
            subjects.forEach(items.addObject().putArray("subjects")::add);
        }
        if (random.nextBoolean()) {
            question.putArray("uses").add(any(USES));
        }
        HttpResponse<String> answer = post("/v1/lookups", question.toString());
        assertEquals(200, answer.statusCode(), answer.body());
        answers.add(new Answered(
                question.toString(),
                answer.headers().firstValue("Askfirst-As-Of").orElseThrow(),
                json.readTree(answer.body())));
    }

    private void askAgain(Answered answered, String asOf) throws IOException {
        HttpResponse<String> again = post("/v1/lookups?asOf=" + asOf, answered.question());
        assertEquals(
                withoutErased(answered.answer()),
                withoutErased(json.readTree(again.body())),
                "seed " + seed + ", as of " + asOf);
    }

    /** Returns the answer without the data of parties that have been erased since. */
    private JsonNode withoutErased(JsonNode answer) {
        JsonNode copy = answer.deepCopy();
        for (JsonNode one : copy.path("answers")) {
            for (JsonNode because : one.path("statements")) {
                if (erased.contains(because.path("party").asText())) {
                    ((ObjectNode) because).remove(List.of("partyName", "contact", "contactVerified"));
                    JsonNode terms = because.path("terms");
                    if (terms.isObject()) {
                        ((ObjectNode) terms).remove(List.of("contact", "attribution", "text"));
                        if (terms.isEmpty()) {
                            ((ObjectNode) because).remove("terms");
                        }
                    }
                }
            }
        }
        return copy;
    }

    private <T> T any(List<T> some) {
        return Objects.requireNonNull(some.get(random.nextInt(some.size())));
    }
}
