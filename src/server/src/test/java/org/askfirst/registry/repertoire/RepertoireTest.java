package org.askfirst.registry.repertoire;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.anybody;
import static org.askfirst.testkit.Draft.permittedWithTerms;
import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.askfirst.registry.ledger.ProjectionRebuild;
import org.askfirst.subject.Subject;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Offer;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.Registry;
import org.junit.jupiter.api.Test;

/**
 * Repertoires are declared once and listed by deltas. A lookup as of a position applies the statement and the list of
 * that position.
 */
@QuarkusTest
class RepertoireTest extends RegistryTest {
    private static final Draft RESERVED = reserved("text-and-data-mining");
    private static final Draft ON_TERMS =
            permittedWithTerms("text-and-data-mining").with(terms().contact("mailto:ai@society.example"));

    @Inject
    ProjectionRebuild projections;

    private static List<JsonNode> lines(Party party, String id, Object... lines) {
        return party.sendsLines("/v1/declarations/" + id + "/repertoire", List.of(lines));
    }

    private static Map<String, String> adds(String subject) {
        return Map.of("add", subject);
    }

    private static Map<String, String> removes(String subject) {
        return Map.of("remove", subject);
    }

    private static ValidatableResponse ask(String subject) {
        return anybody().asks(subject).of("ai-training").answer();
    }

    private static ValidatableResponse ask(String subject, int asOf) {
        return anybody().asks(subject).of("ai-training").asOf(asOf).answer();
    }

    private static ValidatableResponse show(String id) {
        return given().get("/v1/declarations/" + id + "/repertoire").then();
    }

    @Test
    void theStatementAppliesToListedSubjectsAndTheAnswerNamesTheRepertoire() {
        Party society = Party.open();
        String song = Names.file();
        ValidatableResponse declared = society.declaring(RESERVED.ofRepertoire("관리 곡목"))
                .statusCode(201)
                .body("subjects", empty())
                .body("repertoire.title", equalTo("관리 곡목"))
                .body("repertoire.listedCount", equalTo(0));
        String id = declared.extract().path("id");
        int said = declared.extract().path("position");
        ask(song).body("verdict", equalTo("unknown"));
        int listedAt = society.lists(id, song)
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
        String id = society.declares(RESERVED.ofRepertoire("songs")).id();
        List<String> songs = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            songs.add(Names.file());
        }
        int unlisted = Registry.underTest().position();
        society.lists(id, songs.toArray(String[]::new));
        int reserved = Registry.underTest().position();
        society.amending(id, ON_TERMS)
                .statusCode(200)
                .body("position", equalTo(reserved + 1))
                .body("repertoire.title", equalTo("songs"))
                .body("repertoire.listedCount", equalTo(30));
        society.changingList(id, Bodies.object("remove", List.of(songs.get(0)))).body("removed", equalTo(1));
        int removed = Registry.underTest().position();
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
        society.withdrawing(id).statusCode(200).body("status", equalTo("withdrawn"));
        ask(songs.get(1)).body("verdict", equalTo("unknown"));
        ask(songs.get(1), removed).body("verdict", equalTo("ask"));
        society.changingList(id, Bodies.object("add", List.of(songs.get(0)))).statusCode(409);
        given().get("/v1/declarations/" + id + "/history")
                .then()
                .body("entries.entry.type", contains("declared", "amended", "withdrawn"));
    }

    @Test
    void eachLineIsAnsweredInItsOrder() {
        Party society = Party.open();
        String id = society.declares(RESERVED.ofRepertoire("lines")).id();
        String one = Names.file();
        String other = Names.file();
        List<JsonNode> first = lines(society, id, adds(one), "", adds(other), adds(one));
        assertEquals(
                List.of(1, 3, 4),
                first.stream().map(line -> line.path("line").asInt()).toList());
        assertEquals(first.get(0).get("position"), first.get(1).get("position"));
        assertEquals(first.get(0).get("position"), first.get(2).get("position"));
        assertTrue(first.get(2).path("alreadyDeclared").asBoolean());
        List<JsonNode> second = lines(
                society,
                id,
                removes(one),
                adds("isbn:9780439023482"),
                Map.of("add", one, "remove", one),
                "no JSON",
                adds(one),
                removes(Names.file()),
                adds("ipi:00014107338"),
                removes(other));
        assertEquals("malformed-subject", slug(second.get(1)));
        assertEquals("invalid-request", slug(second.get(2)));
        assertEquals("malformed-json", slug(second.get(3)));
        // What was removed comes back with an entry of its own.
        assertTrue(second.get(4).path("position").asInt()
                > second.get(0).path("position").asInt());
        assertNull(second.get(4).get("alreadyDeclared"));
        assertTrue(second.get(5).path("alreadyDeclared").asBoolean());
        assertNull(second.get(5).get("position"));
        assertTrue(second.get(6).path("pending").asBoolean());
        assertNull(second.get(7).get("problem"));
        show(id).body("listedCount", equalTo(2)).body("items", hasSize(2));
        ask(one).body("verdict", equalTo("deny"));
        ask(other).body("verdict", equalTo("unknown"));
    }

    private static String slug(JsonNode line) {
        String type = line.at("/problem/type").asText("none");
        return type.substring(type.lastIndexOf('/') + 1);
    }

    @Test
    void aThousandLinesAreTenEntriesAndAllOfThemAreShownPageByPage() throws SQLException {
        Party society = Party.open();
        String id = society.declares(RESERVED.ofRepertoire("many")).id();
        int before = Registry.underTest().position();
        Set<String> songs = new HashSet<>();
        Object[] lines = new Object[1000];
        for (int i = 0; i < lines.length; i++) {
            String song = Names.file();
            songs.add(song);
            lines[i] = adds(song);
        }
        assertEquals(1000, lines(society, id, lines).size());
        int entries = Registry.underTest().position() - before;
        // A call that comes in pieces is cut where it pauses.
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
            shown.addAll(page.getList("items.subject"));
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
        String id = society.declares(RESERVED.ofRepertoire("later")).id();
        String song = Names.file();
        society.declares(ON_TERMS.of(song));
        ask(song).body("verdict", equalTo("ask"));
        society.lists(id, song);
        ask(song)
                .body("verdict", equalTo("deny"))
                .body("statements.notAppliedReason", contains(null, "outranked"))
                .body("statements[0].through.repertoire", equalTo(id));
        String own = society.declares(permittedWithTerms("text-and-data-mining")
                        .of(song)
                        .with(terms().contact("mailto:b@example.com")))
                .id();
        ask(song).body("verdict", equalTo("ask")).body("statements[0].declaration", equalTo(own));
        society.amending(id, reserved("ai-training")).statusCode(200);
        ask(song).body("verdict", equalTo("deny")).body("statements[0].declaration", equalTo(id));
    }

    @Test
    void aSubjectThatReachesOthersIsPendingUntilControlIsProved() {
        Party publisher = Party.open();
        String id = publisher.declares(RESERVED.ofRepertoire("catalogue")).id();
        String host = Names.host();
        String site = "under:https://" + host + "/art/";
        publisher.lists(id, site).body("pending", contains(site));
        show(id).body("items.pending", contains(true));
        ask("url:https://" + host + "/art/1.png")
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("pending"))
                .body("statements[0].subject", equalTo(site));
        publisher.controls("under:https://" + host + "/");
        ask("url:https://" + host + "/art/1.png")
                .body("verdict", equalTo("deny"))
                .body("statements[0].through.repertoire", equalTo(id));
        show(id).body("items[0].pending", nullValue());
        publisher
                .changingList(id, Bodies.object("add", List.of("domain:co.kr")))
                .statusCode(422)
                .body("type", containsString("undeclarable-subject"));
    }

    @Test
    void aMandateLimitsTheListAndItsChanges() {
        Party society = Party.openReachable();
        Party member = Party.open();
        String mandate =
                society.offersMandate(Offer.toMember(member).schemes("sha256")).id();
        member.acceptingMandate(mandate).statusCode(200);
        String id =
                society.declares(RESERVED.ofRepertoire("hers").under(mandate)).id();
        String song = Names.file();
        List<JsonNode> answers = lines(society, id, adds("isbn:9788936434120"), adds(song));
        assertTrue(answers.get(0).at("/problem/detail").asText().contains("isbn"));
        assertNull(answers.get(1).get("problem"));
        society.changingList(id, Bodies.object("add", List.of("isbn:9788936434120")))
                .statusCode(422);
        ask(song)
                .body("verdict", equalTo("ask"))
                .body("statements[0].mandate.member", equalTo(member.id()))
                .body("statements[0].through.title", equalTo("hers"));
        member.endingMandate(mandate).statusCode(200);
        ask(song).body("verdict", equalTo("deny"));
        society.changingList(id, Bodies.object("remove", List.of(song))).statusCode(403);
        assertEquals("forbidden", slug(lines(society, id, removes(song)).get(0)));
        ask(song).body("verdict", equalTo("deny"));
        member.withdrawing(id).statusCode(200);
        ask(song).body("verdict", equalTo("unknown"));
    }

    @Test
    void contentCodesAreFoundBySharedUnits() {
        Party creator = Party.open();
        String id = creator.declares(RESERVED.ofRepertoire("codes")).id();
        Subject whole = Subject.parse("iscc:KUAG2PRCRS5LNVZVJKAFAVOJXLZZM");
        Subject unit = whole.indexedAs().get(1);
        List<JsonNode> listed = lines(creator, id, adds(whole.canonical()), adds(unit.canonical()));
        // They share a key, and so no entry.
        assertTrue(listed.get(1).path("position").asInt()
                > listed.get(0).path("position").asInt());
        ask(unit.canonical()).body("statements.findAll{it.declaration=='" + id + "'}", hasSize(2));
        creator.changingList(id, Bodies.object("remove", List.of(whole.canonical())))
                .statusCode(200);
        ask(unit.canonical())
                .body("statements.findAll{it.declaration=='" + id + "'}.subject", contains(unit.canonical()));
        show(id).body("listedCount", equalTo(1));
        creator.lists(id, whole.canonical());
        creator.changingList(id, Bodies.object("remove", List.of(unit.canonical())))
                .statusCode(200);
        ask(unit.canonical())
                .body("statements.findAll{it.declaration=='" + id + "'}.subject", contains(whole.canonical()));
    }

    @Test
    void aRangeGivesTheSameVerdict() {
        Party society = Party.open();
        String id = society.declares(RESERVED.ofRepertoire("range")).id();
        String song = Names.file();
        int listedAt = society.lists(id, song).extract().path("position");
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
        String id = creator.declares(RESERVED.ofRepertoire("이서연의 노래")).id();
        String song = Names.file();
        creator.lists(id, song);
        ask(song).body("verdict", equalTo("ask")).body("statements[0].through.title", equalTo("이서연의 노래"));
        closes(creator);
        ask(song)
                .body("verdict", equalTo("deny"))
                .body("statements[0].through.repertoire", equalTo(id))
                .body("statements[0].through.title", nullValue());
        show(id).body("title", nullValue()).body("listedCount", equalTo(1));
    }

    @Test
    void aDeclarationOfNamedSubjectsIsNotARepertoire() {
        Party party = Party.open();
        String id = party.declares(RESERVED.ofRepertoire("kind")).id();
        String named = party.reserves(Names.file());
        show(named).statusCode(404);
        party.changingList(named, Bodies.object("add", List.of(Names.file()))).statusCode(404);
        party.amending(named, RESERVED.ofRepertoire("x")).statusCode(422);
        party.amending(id, RESERVED.of(Names.file())).statusCode(422);
        party.declaring(RESERVED.ofRepertoire("x").of(Names.file())).statusCode(422);
        party.declaring(RESERVED.member("repertoire", Map.of()))
                .statusCode(422)
                .body("errors[0].pointer", equalTo("#/repertoire/title"));
        String one = Names.file();
        party.changingList(id, Bodies.object("add", List.of(one), "remove", List.of(one)))
                .statusCode(422);
        party.changingList(id, Bodies.object()).statusCode(422);
        // The same repertoire again is that repertoire.
        party.declaring(RESERVED.ofRepertoire("kind")).statusCode(200).body("id", equalTo(id));
        Party.open().changingList(id, Bodies.object("add", List.of(one))).statusCode(403);
    }

    @Test
    void concurrentChangesOfOneListLoseNothing() throws Exception {
        Party society = Party.open();
        String id = society.declares(RESERVED.ofRepertoire("both")).id();
        List<String> shared = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            shared.add(Names.file());
        }
        Object[] lines = shared.stream().map(RepertoireTest::adds).toArray();
        List<Callable<List<JsonNode>>> same = Collections.nCopies(3, () -> lines(society, id, lines));
        ExecutorService clients = Executors.newFixedThreadPool(same.size());
        try {
            for (Future<List<JsonNode>> answers : clients.invokeAll(same)) {
                assertEquals(400, answers.get().size());
            }
        } finally {
            clients.shutdownNow();
        }
        show(id).body("listedCount", equalTo(400));
        ask(shared.get(399)).body("statements", hasSize(1)).body("verdict", equalTo("deny"));
    }
}
