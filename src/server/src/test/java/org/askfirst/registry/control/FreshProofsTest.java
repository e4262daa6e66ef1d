package org.askfirst.registry.control;

import static org.askfirst.testkit.Asker.anybody;
import static org.askfirst.testkit.Draft.permitted;
import static org.askfirst.testkit.Draft.permittedWithTerms;
import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.LoopbackInternet;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Offer;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks that a plain permission rests on a proof that the registry has seen lately. */
@QuarkusTest
class FreshProofsTest extends RegistryTest {
    @RegisterExtension
    static final LoopbackInternet INTERNET = new LoopbackInternet();

    private final String domain = Names.domain();
    private final String page = "url:https://" + domain + "/art/1.png";
    private Party party = new Party("", "", "");
    private String challenge = "";

    @BeforeEach
    void open() {
        party = Party.open();
    }

    /** Proves the domain, and lets three days pass in which nobody sees the token. */
    private void provesLongAgo() throws SQLException {
        ValidatableResponse started = party.challenging("domain:" + domain).statusCode(201);
        challenge = started.extract().path("id");
        INTERNET.dns().text("_askfirst." + domain, started.extract().<String>path("methods[0].text"));
        party.checking(challenge).statusCode(200).body("state", equalTo("proved"));
        passes("3 days");
    }

    private void passes(String time) throws SQLException {
        change("update party_control_check set checked_at = checked_at - interval '" + time + "' where claim = ?");
        change("update party_control_claim set checked_at = checked_at - interval '" + time + "' where id = ?");
        change("update party_control p set recorded_at = p.recorded_at - interval '" + time
                + "' from party_control_claim c where c.party = p.party and c.key = p.key and c.id = ?");
    }

    /** The tables are compared with the ledger afterwards. */
    @AfterEach
    void theTimesAreThoseOfTheLedger() throws SQLException {
        change("update party_control p set recorded_at = e.recorded_at from ledger_entry e, party_control_claim c"
                + " where e.position = p.position and c.party = p.party and c.key = p.key and c.id = ?");
    }

    private void change(String sql) throws SQLException {
        try (Connection connection =
                        Arc.container().instance(DataSource.class).get().getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, challenge);
            update.executeUpdate();
        }
    }

    private static void tooOld(ValidatableResponse answer, String named) {
        answer.statusCode(409).body("type", containsString("proof-too-old")).body("detail", containsString(named));
    }

    @Test
    void anOldProofIsCheckedAgainBeforeAPermission() throws SQLException {
        provesLongAgo();
        tooOld(party.declaring(permitted("ai-training").of(page)), "/v1/parties/me/controls/" + challenge + "/check");
        assertEquals("unknown", anybody().asks(page).of("ai-training").verdict());
        party.checking(challenge).statusCode(200).body("state", equalTo("proved"));
        party.declares(permitted("ai-training").of(page));
        assertEquals("allow", anybody().asks(page).of("ai-training").verdict());
    }

    @Test
    void aTokenThatIsGoneGivesNoPermission() throws SQLException {
        provesLongAgo();
        INTERNET.dns().text("_askfirst." + domain);
        party.checking(challenge).statusCode(200).body("state", equalTo("gone"));
        tooOld(party.declaring(permitted("ai-training").of(page)), "domain:" + domain);
    }

    @Test
    void nothingElseIsConcerned() throws SQLException {
        provesLongAgo();
        String own = party.declares(reserved("ai-training").of(page)).id();
        party.declares(permittedWithTerms("ai-training").of(page + "?2").with(terms().contact("mailto:a@" + domain)));
        party.declares(permitted("ai-training").of(Names.file()));
        tooOld(party.amending(own, permitted("ai-training").of(page)), "domain:" + domain);
        party.controls(page);
        party.amends(own, permitted("ai-training").of(page));
        party.withdraws(own);
    }

    @Test
    void linesOfABatchAreRefusedOneByOne() throws SQLException {
        provesLongAgo();
        List<JsonNode> lines = party.sendsLines(
                "/v1/declarations/batch",
                List.of(
                        permitted("ai-training").of(page),
                        permitted("ai-training").of(Names.file()),
                        reserved("ai-training").of(page)));
        assertTrue(lines.get(0).path("problem").path("type").asText().endsWith("proof-too-old"), lines.toString());
        assertTrue(lines.get(1).path("problem").isMissingNode(), lines.toString());
        assertTrue(lines.get(2).path("problem").isMissingNode(), lines.toString());
    }

    @Test
    void listsAreNoWayAround() throws SQLException {
        String list = party.declares(permitted("ai-training").ofRepertoire("x")).id();
        String reserving =
                party.declares(reserved("ai-training").ofRepertoire("y")).id();
        provesLongAgo();
        tooOld(party.changingList(list, Bodies.object("add", List.of(page))), "domain:" + domain);
        party.lists(list, Names.file());
        party.lists(reserving, page);
        tooOld(party.amending(reserving, permitted("ai-training").ofRepertoire("y")), "domain:" + domain);
    }

    @Test
    void aSocietyPermitsOnAFreshProofOfItsMember() throws SQLException {
        Party society = Party.open();
        String mandate = society.offersMandate(Offer.toMember(party)).id();
        party.acceptingMandate(mandate).statusCode(200);
        provesLongAgo();
        tooOld(society.declaring(permitted("ai-training").of(page).under(mandate)), "member");
        party.checking(challenge).statusCode(200);
        society.declares(permitted("ai-training").of(page).under(mandate));
    }
}
