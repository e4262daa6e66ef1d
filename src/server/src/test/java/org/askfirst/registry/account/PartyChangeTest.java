package org.askfirst.registry.account;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.ledger.ProjectionRebuild;
import org.askfirst.registry.party.Parties;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks changes of a party's name and contact: the entries, the verdicts at each moment, and the tables. */
@QuarkusTest
class PartyChangeTest extends RegistryTest {
    private static final String CONTACT = "mailto:new@example.com";

    @Inject
    DataSource dataSource;

    @Inject
    Parties parties;

    @Inject
    ProjectionRebuild rebuild;

    @Inject
    LedgerStore store;

    private static ValidatableResponse changing(Party party, Object change) {
        return party.says(change).patch("/v1/parties/me").then();
    }

    private static Map<String, @Nullable Object> noContact() {
        Map<String, @Nullable Object> change = new HashMap<>();
        change.put("contact", null);
        return change;
    }

    private long head() throws SQLException {
        return store.head().position();
    }

    private static ValidatableResponse lookup(String subject, long asOf) {
        var request = given().queryParam("subject", subject).queryParam("use", "ai-training");
        if (asOf > 0) {
            request.queryParam("asOf", asOf);
        }
        return request.get("/v1/lookup").then().statusCode(200);
    }

    private static String verdict(String subject, long asOf) {
        return lookup(subject, asOf).extract().path("verdict");
    }

    @Test
    void aPartyChangesItsNameAndContact() {
        Party party = Party.openReachable();
        changing(party, Bodies.object("name", "새 이름"))
                .statusCode(200)
                .body("name", equalTo("새 이름"))
                .body("contact", equalTo("mailto:haneul@example.com"));
        changing(party, Bodies.object("contact", CONTACT))
                .statusCode(200)
                .body("name", equalTo("새 이름"))
                .body("contact", equalTo(CONTACT));
        changing(party, Bodies.text(noContact())).statusCode(200).body("contact", nullValue());
        party.asks().get("/v1/parties/me").then().body("name", equalTo("새 이름")).body("contact", nullValue());
    }

    @Test
    void aChangeOfNothingIsNoEntry() throws SQLException {
        Party party = Party.openReachable();
        long before = head();
        changing(party, Bodies.object("contact", "mailto:haneul@example.com")).statusCode(200);
        assertEquals(before, head());
    }

    @Test
    void lookupsShowANewContactAtOnce() {
        Party party = Party.openReachable();
        String subject = Names.url();
        party.reserves(subject);
        lookup(subject, 0).body("toString()", containsString("mailto:haneul@example.com"));
        changing(party, Bodies.object("contact", CONTACT, "name", "다른 이름")).statusCode(200);
        lookup(subject, 0)
                .body("verdict", equalTo("ask"))
                .body("toString()", containsString(CONTACT))
                .body("toString()", containsString("다른 이름"));
    }

    @Test
    void aContactDecidesTheVerdictOfEarlierDeclarationsAtEachMoment() throws SQLException {
        Party party = Party.open();
        String bare = Names.url();
        String withTerms = Names.url();
        String licensed = Names.url();
        party.reserves(bare);
        party.declares(reserved("ai-training").of(withTerms).with(terms().contact("mailto:terms@example.com")));
        party.declares(reserved("ai-training").of(licensed).with(terms().license("https://example.com/license")));
        long without = head();
        List<String> all = List.of(bare, withTerms, licensed);
        assertEquals(List.of("deny", "ask", "ask"), verdicts(all, 0));

        changing(party, Bodies.object("contact", CONTACT)).statusCode(200);
        long with = head();
        String since = Names.url();
        party.reserves(since);
        long declared = head();
        assertEquals(List.of("ask", "ask", "ask"), verdicts(all, 0));
        assertEquals("ask", verdict(since, 0));

        changing(party, Bodies.text(noContact())).statusCode(200);
        assertEquals(List.of("deny", "ask", "ask"), verdicts(all, 0));
        assertEquals("deny", verdict(since, 0));

        assertEquals(List.of("deny", "ask", "ask"), verdicts(all, without));
        assertEquals(List.of("ask", "ask", "ask"), verdicts(all, with));
        assertEquals("ask", verdict(since, declared));
    }

    private static List<String> verdicts(List<String> subjects, long asOf) {
        return subjects.stream().map(subject -> verdict(subject, asOf)).toList();
    }

    @Test
    void aDeclarationThatOnlyThePartysContactMadeContactableFollowsTheContact() {
        Party party = Party.openReachable();
        String subject = Names.url();
        party.reserves(subject);
        assertEquals("ask", verdict(subject, 0));
        changing(party, Bodies.object("contact", CONTACT)).statusCode(200);
        assertEquals("ask", verdict(subject, 0));
        changing(party, Bodies.text(noContact())).statusCode(200);
        assertEquals("deny", verdict(subject, 0));
    }

    @Test
    void theLedgerHasOneEntryForOpeningAndOneForEachChange() throws SQLException {
        long before = head();
        Party party = Party.openReachable();
        changing(party, Bodies.text(noContact())).statusCode(200);
        List<String> entries = new ArrayList<>();
        for (LedgerEntry entry : store.after(before, 10)) {
            entries.add(entry.entry().type() + " " + entry.canonical().contains("\"contactable\":true"));
        }
        assertEquals(List.of("party-opened true", "party-changed false"), entries);
    }

    @Test
    void aNameThatSomebodyChangedInTheTableIsFound() throws SQLException {
        Party party = Party.openReachable();
        assertEquals(List.of(), parties.misdescribed());
        PartyId id = PartyId.parse(party.id()).orElseThrow();
        change("update party set contact = 'mailto:evil@example.com' where id = '" + id.number() + "'");
        try {
            assertEquals(List.of(id), parties.misdescribed());
        } finally {
            change("update party set profile_position = 0 where id = '" + id.number() + "'");
            rebuild.rebuild(position -> {});
        }
        assertEquals(List.of(), parties.misdescribed());
        party.asks().get("/v1/parties/me").then().body("contact", equalTo("mailto:haneul@example.com"));
    }

    @Test
    void aPartyWithoutAnEntryIsRecorded() throws SQLException {
        Party party = Party.openReachable();
        PartyId id = PartyId.parse(party.id()).orElseThrow();
        change("insert into party (id, name, kind, contact, opened_at) values ('00000000-0000-7000-8000-000000000001',"
                + " '옛 이름', 'creator', 'mailto:old@example.com', now()) on conflict do nothing");
        PartyId old = new PartyId(java.util.UUID.fromString("00000000-0000-7000-8000-000000000001"));
        assertEquals(List.of(old), parties.misdescribed());
        assertTrue(parties.recordUnrecorded() <= 1);
        assertEquals(List.of(), parties.misdescribed());
        assertEquals(0, parties.recordUnrecorded(), "recorded twice, beside " + id);
    }

    private void change(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|#/name",
                "{\"name\":null}|#/name",
                "{\"contact\":\"me\"}|#/contact",
                "{\"contact\":5}|#/contact",
                "{\"kind\":\"creator\"}|#/kind",
                "{\"name\":\"\"}|#/name"
            })
    void aChangeThatCannotBeMadeIsRefused(String change, String pointer) {
        changing(Party.open(), change).statusCode(422).body("errors.pointer", hasItem(pointer));
    }
}
