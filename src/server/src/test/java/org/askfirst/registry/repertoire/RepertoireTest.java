package org.askfirst.registry.repertoire;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.ProjectionRebuild;
import org.askfirst.subject.Subject;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/**
 * Repertoires are declared once and listed by deltas. A lookup as of a position applies the statement and the list of
 * that position.
 */
@QuarkusTest
class RepertoireTest extends RegistryTest {
    private static final String RESERVED = "\"stances\":{\"text-and-data-mining\":\"reserved\"}";
    private static final String ON_TERMS = "\"stances\":{\"text-and-data-mining\":\"permitted-with-terms\"},"
            + "\"terms\":{\"contact\":\"mailto:ai@society.example\"}";

    @Inject
    ProjectionRebuild projections;

    private static String repertoire(Party party, String title, String rest) {
        return party.declares("{\"repertoire\":{\"title\":\"" + title + "\"}," + rest + "}");
    }

    private static ValidatableResponse change(Party party, String id, String json) {
        return party.says(json).post("/v1/declarations/" + id + "/repertoire").then();
    }

    private static ValidatableResponse add(Party party, String id, String... subjects) {
        return change(party, id, "{\"add\":[\"" + String.join("\",\"", subjects) + "\"]}")
                .statusCode(200);
    }

    private static List<JsonPath> lines(Party party, String id, String... lines) {
        return party.asks()
                .contentType("application/x-ndjson")
                .body(String.join("\n", lines))
                .post("/v1/declarations/" + id + "/repertoire")
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .lines()
                .map(JsonPath::from)
                .toList();
    }

    private static String adds(String subject) {
        return "{\"add\":\"" + subject + "\"}";
    }

    private static String removes(String subject) {
        return "{\"remove\":\"" + subject + "\"}";
    }

    private static ValidatableResponse ask(String subject) {
        return given().queryParam("subject", subject)
                .queryParam("use", "ai-training")
                .get("/v1/lookup")
                .then()
                .statusCode(200);
    }

    private static ValidatableResponse ask(String subject, int asOf) {
        return given().queryParam("subject", subject)
                .queryParam("use", "ai-training")
                .queryParam("asOf", asOf)
                .get("/v1/lookup")
                .then()
                .statusCode(200);
    }

    private static int position() {
        return Integer.parseInt(
                given().queryParam("subject", Names.url()).get("/v1/lookup").header("Askfirst-Position"));
    }

    private static ValidatableResponse show(String id) {
        return given().get("/v1/declarations/" + id + "/repertoire").then();
    }

    @Test
    void theStatementAppliesToListedSubjectsAndTheAnswerNamesTheRepertoire() {
        Party society = Party.open();
        String song = Names.file();
        ValidatableResponse declared = society.says("{\"repertoire\":{\"title\":\"관리 곡목\"}," + RESERVED + "}")
                .post("/v1/declarations")
                .then()
                .statusCode(201)
                .body("subjects", empty())
                .body("repertoire.title", equalTo("관리 곡목"))
                .body("repertoire.listedCount", equalTo(0));
        String id = declared.extract().path("id");
        int said = declared.extract().path("position");
        ask(song).body("verdict", equalTo("unknown"));
        int listedAt = add(society, id, song)
                .body("added", equalTo(1))
                .body("removed", equalTo(0))
                .body("pending", empty())
                .body("listedCount", equalTo(1))
                .extract()
                .path("position");
        ask(song)
                .body("verdict", equalTo("deny"))
                .body("statements", hasSize(1))
                .body("statements[0].declaration", equalTo(id))
                .body("statements[0].subject", equalTo(song))
                .body("statements[0].position", equalTo(said))
                .body("statements[0].through.repertoire", equalTo(id))
                .body("statements[0].through.title", equalTo("관리 곡목"))
                .body("statements[0].through.listedPosition", equalTo(listedAt));
        String named = Names.file();
        society.reserves(named);
        ask(named).body("statements[0].through", nullValue());
    }

    @Test
    void anAmendmentIsOneEntryAndDoesNotChangeThePast() {
        Party society = Party.open();
        String id = repertoire(society, "songs", RESERVED);
        List<String> songs = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            songs.add(Names.file());
        }
        int unlisted = position();
        add(society, id, songs.toArray(String[]::new));
        int reserved = position();
        society.says("{" + ON_TERMS + "}")
                .put("/v1/declarations/" + id)
                .then()
                .statusCode(200)
                .body("position", equalTo(reserved + 1))
                .body("repertoire.title", equalTo("songs"))
                .body("repertoire.listedCount", equalTo(30));
        change(society, id, "{\"remove\":[\"" + songs.get(0) + "\"]}").body("removed", equalTo(1));
        int removed = position();
        assertEquals(reserved + 2, removed);
        for (String song : songs) {
            ask(song, unlisted).body("verdict", equalTo("unknown"));
            ask(song, reserved).body("verdict", equalTo("deny"));
            ask(song, reserved + 1)
                    .body("verdict", equalTo("ask"))
                    .body("statements[0].contact", equalTo("mailto:ai@society.example"))
                    .body("statements[0].through.repertoire", equalTo(id));
        }
        ask(songs.get(0)).body("verdict", equalTo("unknown"));
        ask(songs.get(1)).body("verdict", equalTo("ask"));
        society.asks().delete("/v1/declarations/" + id).then().statusCode(200).body("status", equalTo("withdrawn"));
        ask(songs.get(1)).body("verdict", equalTo("unknown"));
        ask(songs.get(1), removed).body("verdict", equalTo("ask"));
        change(society, id, "{\"add\":[\"" + songs.get(0) + "\"]}").statusCode(409);
        given().get("/v1/declarations/" + id + "/history")
                .then()
                .body("entries.entry.type", contains("declared", "amended", "withdrawn"));
    }

    @Test
    void eachLineIsAnsweredInItsOrder() {
        Party society = Party.open();
        String id = repertoire(society, "lines", RESERVED);
        String one = Names.file();
        String other = Names.file();
        List<JsonPath> first = lines(society, id, adds(one), "", adds(other), adds(one));
        assertEquals(
                List.of(1, 3, 4), first.stream().map(line -> line.get("line")).toList());
        assertEquals((Integer) first.get(0).get("position"), first.get(1).get("position"));
        assertEquals((Integer) first.get(0).get("position"), first.get(2).get("position"));
        assertTrue(first.get(2).getBoolean("alreadyDeclared"));
        List<JsonPath> second = lines(
                society,
                id,
                removes(one),
                "{\"add\":\"isbn:9780439023482\"}",
                "{\"add\":\"" + one + "\",\"remove\":\"" + one + "\"}",
                "no JSON",
                adds(one),
                removes(Names.file()),
                "{\"add\":\"ipi:00014107338\"}",
                removes(other));
        assertEquals("malformed-subject", slug(second.get(1)));
        assertEquals("invalid-request", slug(second.get(2)));
        assertEquals("malformed-json", slug(second.get(3)));
        // A removed subject is listed again by a new entry.
        assertTrue((int) second.get(4).get("position") > (int) second.get(0).get("position"));
        assertNull(second.get(4).get("alreadyDeclared"));
        assertTrue(second.get(5).getBoolean("alreadyDeclared"));
        assertNull(second.get(5).get("position"));
        assertTrue(second.get(6).getBoolean("pending"));
        assertNull(second.get(7).get("problem"));
        show(id).body("listedCount", equalTo(2)).body("items", hasSize(2));
        ask(one).body("verdict", equalTo("deny"));
        ask(other).body("verdict", equalTo("unknown"));
    }

    private static String slug(JsonPath line) {
        String type = line.getString("problem.type");
        return type == null ? "none" : type.substring(type.lastIndexOf('/') + 1);
    }

    @Test
    void aThousandLinesAreTenEntriesAndAllOfThemAreShownPageByPage() throws SQLException {
        Party society = Party.open();
        String id = repertoire(society, "many", RESERVED);
        int before = position();
        Set<String> songs = new HashSet<>();
        String[] lines = new String[1000];
        for (int i = 0; i < lines.length; i++) {
            String song = Names.file();
            songs.add(song);
            lines[i] = adds(song);
        }
        assertEquals(1000, lines(society, id, lines).size());
        int entries = position() - before;
        // If a call pauses, the changes so far become a delta.
        assertTrue(entries >= 10 && entries < 60, () -> "entries: " + entries);
        Set<String> shown = new HashSet<>();
        String after = "";
        int pages = 0;
        do {
            JsonPath page = given().get("/v1/declarations/" + id + "/repertoire?limit=300" + after)
                    .then()
                    .statusCode(200)
                    .body("listedCount", equalTo(1000))
                    .body("title", equalTo("many"))
                    .extract()
                    .jsonPath();
            shown.addAll(page.getList("listed.subject"));
            after = page.get("next") == null ? "" : "&after=" + page.get("next");
            pages++;
        } while (!after.isEmpty());
        assertEquals(4, pages);
        assertEquals(songs, shown);
        society.asks()
                .get("/v1/parties/me/declarations?text=" + songs.iterator().next())
                .then()
                .body("declarations.id", contains(id))
                .body("declarations[0].repertoire.listedCount", equalTo(1000));
        society.asks()
                .get("/v1/parties/me/declarations?text=man")
                .then()
                .body("declarations.repertoire.title", contains("many"));
        Map<String, Long> differences = projections.differences(position -> {});
        assertTrue(differences.containsKey("standing_listing"), differences::toString);
        differences.forEach((table, rows) -> assertEquals(0, rows, table));
    }

    @Test
    void theNewerStatementOfAPartyAppliesListedOrNamed() {
        Party society = Party.open();
        String id = repertoire(society, "later", RESERVED);
        String song = Names.file();
        society.declares("{\"subjects\":[\"" + song + "\"]," + ON_TERMS + "}");
        ask(song).body("verdict", equalTo("ask"));
        add(society, id, song);
        ask(song)
                .body("verdict", equalTo("deny"))
                .body("statements.notAppliedReason", contains(null, "outranked"))
                .body("statements[0].through.repertoire", equalTo(id));
        String own = society.declares("{\"subjects\":[\"" + song + "\"],\"stances\":{\"text-and-data-mining\":"
                + "\"permitted-with-terms\"},\"terms\":{\"contact\":\"mailto:b@example.com\"}}");
        ask(song).body("verdict", equalTo("ask")).body("statements[0].declaration", equalTo(own));
        society.says("{\"stances\":{\"ai-training\":\"reserved\"}}")
                .put("/v1/declarations/" + id)
                .then()
                .statusCode(200);
        ask(song).body("verdict", equalTo("deny")).body("statements[0].declaration", equalTo(id));
    }

    @Test
    void aSubjectThatReachesOthersIsPendingUntilControlIsProved() {
        Party publisher = Party.open();
        String id = repertoire(publisher, "catalogue", RESERVED);
        String host = Names.host();
        String site = "under:https://" + host + "/art/";
        add(publisher, id, site).body("pending", contains(site));
        show(id).body("listed.pending", contains(true));
        ask("url:https://" + host + "/art/1.png")
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("pending"))
                .body("statements[0].subject", equalTo(site));
        publisher.controls("under:https://" + host + "/");
        ask("url:https://" + host + "/art/1.png")
                .body("verdict", equalTo("deny"))
                .body("statements[0].through.repertoire", equalTo(id));
        show(id).body("listed[0].pending", nullValue());
        change(publisher, id, "{\"add\":[\"domain:co.kr\"]}")
                .statusCode(422)
                .body("type", containsString("undeclarable-subject"));
    }

    @Test
    void aMandateLimitsTheListAndItsChanges() {
        Party society = Party.openReachable();
        Party member = Party.open();
        String mandate = society.says("{\"member\":\"" + member.id() + "\",\"schemes\":[\"sha256\"]}")
                .post("/v1/mandates")
                .path("id");
        member.asks().post("/v1/mandates/" + mandate + "/acceptance").then().statusCode(200);
        String id = repertoire(society, "hers", "\"mandate\":\"" + mandate + "\"," + RESERVED);
        String song = Names.file();
        List<JsonPath> answers = lines(society, id, adds("isbn:9788936434120"), adds(song));
        assertTrue(answers.get(0).getString("problem.detail").contains("isbn"));
        assertNull(answers.get(1).get("problem"));
        change(society, id, "{\"add\":[\"isbn:9788936434120\"]}").statusCode(422);
        ask(song)
                .body("verdict", equalTo("ask"))
                .body("statements[0].mandate.member", equalTo(member.id()))
                .body("statements[0].through.title", equalTo("hers"));
        member.asks().delete("/v1/mandates/" + mandate).then().statusCode(200);
        ask(song).body("verdict", equalTo("deny"));
        change(society, id, "{\"remove\":[\"" + song + "\"]}").statusCode(403);
        assertEquals("forbidden", slug(lines(society, id, removes(song)).get(0)));
        ask(song).body("verdict", equalTo("deny"));
        member.asks().delete("/v1/declarations/" + id).then().statusCode(200);
        ask(song).body("verdict", equalTo("unknown"));
    }

    @Test
    void contentCodesAreFoundBySharedUnits() {
        Party creator = Party.open();
        String id = repertoire(creator, "codes", RESERVED);
        Subject whole = Subject.parse("iscc:KUAG2PRCRS5LNVZVJKAFAVOJXLZZM");
        Subject unit = whole.indexedAs().get(1);
        List<JsonPath> listed = lines(creator, id, adds(whole.canonical()), adds(unit.canonical()));
        // The two subjects share a key, so they need separate entries.
        assertTrue((int) listed.get(1).get("position") > (int) listed.get(0).get("position"));
        ask(unit.canonical()).body("statements.findAll{it.declaration=='" + id + "'}", hasSize(2));
        change(creator, id, "{\"remove\":[\"" + whole.canonical() + "\"]}").statusCode(200);
        ask(unit.canonical())
                .body("statements.findAll{it.declaration=='" + id + "'}.subject", contains(unit.canonical()));
        show(id).body("listedCount", equalTo(1));
        add(creator, id, whole.canonical());
        change(creator, id, "{\"remove\":[\"" + unit.canonical() + "\"]}").statusCode(200);
        ask(unit.canonical())
                .body("statements.findAll{it.declaration=='" + id + "'}.subject", contains(whole.canonical()));
    }

    @Test
    void aRangeGivesTheSameVerdict() {
        Party society = Party.open();
        String id = repertoire(society, "range", RESERVED);
        String song = Names.file();
        int listedAt = add(society, id, song).extract().path("position");
        String key = Subject.parse(song).key().hex();
        String here = "keys.find{it.key=='" + key + "'}.statements[0].";
        given().get("/v1/range/" + key.substring(0, 8))
                .then()
                .statusCode(200)
                .body(here + "party", equalTo(society.id()))
                .body(here + "position", equalTo(listedAt))
                .body(here + "stances", equalTo(Map.of("text-and-data-mining", "reserved")))
                .body(here + "repertoire", equalTo(id));
    }

    @Test
    void erasureDeletesTheTitleAndKeepsTheReservation() {
        Party creator = Party.openReachable();
        String id = repertoire(creator, "이서연의 노래", RESERVED);
        String song = Names.file();
        add(creator, id, song);
        ask(song).body("verdict", equalTo("ask")).body("statements[0].through.title", equalTo("이서연의 노래"));
        creator.asks().delete("/v1/parties/me").then().statusCode(204);
        ask(song)
                .body("verdict", equalTo("deny"))
                .body("statements[0].through.repertoire", equalTo(id))
                .body("statements[0].through.title", nullValue());
        show(id).body("title", nullValue()).body("listedCount", equalTo(1));
    }

    @Test
    void aDeclarationOfNamedSubjectsIsNotARepertoire() {
        Party party = Party.open();
        String id = repertoire(party, "kind", RESERVED);
        String named = party.reserves(Names.file());
        show(named).statusCode(404);
        change(party, named, "{\"add\":[\"" + Names.file() + "\"]}").statusCode(404);
        party.says("{\"repertoire\":{\"title\":\"x\"}," + RESERVED + "}")
                .put("/v1/declarations/" + named)
                .then()
                .statusCode(422);
        party.says("{\"subjects\":[\"" + Names.file() + "\"]," + RESERVED + "}")
                .put("/v1/declarations/" + id)
                .then()
                .statusCode(422);
        party.says("{\"repertoire\":{\"title\":\"x\"},\"subjects\":[\"" + Names.file() + "\"]," + RESERVED + "}")
                .post("/v1/declarations")
                .then()
                .statusCode(422);
        party.says("{\"repertoire\":{}," + RESERVED + "}")
                .post("/v1/declarations")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("#/repertoire/title"));
        String one = Names.file();
        change(party, id, "{\"add\":[\"" + one + "\"],\"remove\":[\"" + one + "\"]}")
                .statusCode(422);
        change(party, id, "{}").statusCode(422);
        // Declaring the same repertoire again returns the existing one.
        party.says("{\"repertoire\":{\"title\":\"kind\"}," + RESERVED + "}")
                .post("/v1/declarations")
                .then()
                .statusCode(200)
                .body("id", equalTo(id));
        change(Party.open(), id, "{\"add\":[\"" + one + "\"]}").statusCode(403);
    }

    @Test
    void concurrentChangesOfOneListLoseNothing() throws Exception {
        Party society = Party.open();
        String id = repertoire(society, "both", RESERVED);
        List<String> shared = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            shared.add(Names.file());
        }
        String[] lines = shared.stream().map(RepertoireTest::adds).toArray(String[]::new);
        List<Callable<List<JsonPath>>> same = Collections.nCopies(3, () -> lines(society, id, lines));
        ExecutorService clients = Executors.newFixedThreadPool(same.size());
        try {
            for (Future<List<JsonPath>> answers : clients.invokeAll(same)) {
                assertEquals(400, answers.get().size());
            }
        } finally {
            clients.shutdownNow();
        }
        show(id).body("listedCount", equalTo(400));
        ask(shared.get(399)).body("statements", hasSize(1)).body("verdict", equalTo("deny"));
    }
}
