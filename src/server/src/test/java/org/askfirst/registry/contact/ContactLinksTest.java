package org.askfirst.registry.contact;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.subject.Sha256;
import org.askfirst.testkit.Asker;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/** The answers of mailboxes. {@code ContactIT} sends the links. */
@QuarkusTest
class ContactLinksTest extends RegistryTest {
    @Inject
    DataSource dataSource;

    /** Puts a link for the present contact of the party where {@link ContactLinks} puts it, and returns its secret. */
    private String link(Party party, String validity) throws SQLException {
        String token = Names.domain()
                .repeat(8)
                .replaceAll("[^0-9a-f]", "")
                .concat("0".repeat(64))
                .substring(0, 64);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into contact_link"
                        + " (party, token, contact, expires_at) select id, ?, sha256(convert_to(contact, 'UTF8')),"
                        + " now() + cast(? as interval) from party where id = ? on conflict (party) do update"
                        + " set token = excluded.token, contact = excluded.contact,"
                        + " expires_at = excluded.expires_at")) {
            insert.setBytes(1, Sha256.of(token));
            insert.setString(2, validity);
            insert.setObject(3, PartyId.parse(party.id()).orElseThrow().number());
            assertEquals(1, insert.executeUpdate());
        }
        return token;
    }

    private static Party open() {
        Party party = Party.open();
        changes(party, Map.of("contact", "mailto:haneul@" + Names.domain()));
        return party;
    }

    private static void changes(Party party, Map<String, ?> change) {
        party.says(change).patch("/v1/parties/me").then().statusCode(200);
    }

    private static ValidatableResponse answer(String token, String answer) {
        return given().contentType("application/json")
                .body("{\"answer\":\"" + answer + "\"}")
                .post("/v1/contact-links/" + token)
                .then();
    }

    private static void verified(String work, boolean expected) {
        Asker.anybody()
                .asks(work)
                .with("detail", "full")
                .answer()
                .body("statements[0].contactVerified", equalTo(expected));
    }

    private static String position(Party party) {
        // The party's own act is the newest entry that it knows of.
        return party.declares(reserved("ai-training").of(Names.file())).position() + "";
    }

    @Test
    void aMailboxConfirmsItsContact() throws SQLException {
        Party party = open();
        String work = Names.file();
        party.declares(reserved("ai-training").of(work));
        String before = position(party);
        String token = link(party, "1 day");
        for (int i = 0; i < 2; i++) {
            get("/v1/contact-links/" + token)
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("open"))
                    .body("party", equalTo(party.id()))
                    .header("Cache-Control", containsString("no-store"));
        }
        verified(work, false);
        answer(token, "confirm").statusCode(200).body("status", equalTo("verified"));
        answer(token, "confirm").statusCode(200).body("status", equalTo("verified"));
        verified(work, true);
        String after = position(party);
        party.asks()
                .get("/v1/parties/me")
                .then()
                .body("contactVerified", equalTo(true))
                .body("contactVerifiedBy", equalTo("link"));
        get("/v1/parties/" + party.id()).then().body("contactVerified", equalTo(true));
        verifiedAsOf(work, before, false);
        verifiedAsOf(work, after, true);

        changes(party, Map.of("contact", "mailto:other@" + Names.domain()));
        verified(work, false);
        // Answers show the contact of today, and nobody confirmed that one.
        verifiedAsOf(work, after, false);
        get("/v1/contact-links/" + token).then().statusCode(404);
        answer(token, "confirm").statusCode(404);
    }

    private static void verifiedAsOf(String work, String position, boolean expected) {
        Asker.anybody()
                .asks(work)
                .with("detail", "full")
                .with("asOf", position)
                .answer()
                .body("statements[0].contactVerified", equalTo(expected));
    }

    @Test
    void aMailboxRefusesEvenWhatItsDomainProves() throws SQLException {
        Party party = Party.open();
        String domain = Names.domain();
        changes(party, Map.of("contact", "mailto:haneul@" + domain));
        party.controls("domain:" + domain);
        String work = Names.file();
        party.declares(reserved("ai-training").of(work));
        verified(work, true);
        party.asks().get("/v1/parties/me").then().body("contactVerifiedBy", equalTo("domain"));
        String token = link(party, "1 day");
        answer(token, "confirm").statusCode(200);
        answer(token, "refuse").statusCode(200).body("status", equalTo("refused"));
        verified(work, false);
        party.asks()
                .get("/v1/parties/me")
                .then()
                .body("contactVerified", equalTo(false))
                .body("contactVerifiedBy", nullValue())
                .body("contactRefused", equalTo(true))
                .body("notices.kind", hasItem("contact-refused"));
        answer(token, "confirm").statusCode(409).body("type", containsString("nothing-to-change"));
        get("/v1/parties/" + party.id()).then().body("contactVerified", equalTo(false));
    }

    @Test
    void anExpiredLinkOnlyRefuses() throws SQLException {
        Party party = open();
        String token = link(party, "-1 second");
        get("/v1/contact-links/" + token).then().body("status", equalTo("expired"));
        answer(token, "confirm").statusCode(409);
        answer(token, "refuse").statusCode(200);
    }

    @Test
    void aConfirmationIsOfThePartysContactOnly() throws SQLException {
        Party party = open();
        answer(link(party, "1 day"), "confirm").statusCode(200);
        String other = Names.file();
        party.declares(reserved("ai-training").of(other).with(terms().contact("mailto:x@" + Names.domain())));
        verified(other, false);
        // A new name, or the form in its place, leaves the contact what it is.
        changes(party, Map.of("name", "한국작가회"));
        changes(party, Map.of("relay", true));
        String work = Names.file();
        party.declares(reserved("ai-training").of(work));
        verified(work, true);
        String before = position(party);
        verifiedAsOf(work, before, true);
        changes(party, Map.of("contact", "mailto:other@" + Names.domain()));
        verified(work, false);
        verifiedAsOf(work, before, false);
    }

    @Test
    void onlyItsSecretOpensALink() {
        for (String token : new String[] {"x", "0".repeat(63), "F".repeat(64), "1".repeat(64)}) {
            get("/v1/contact-links/" + token).then().statusCode(404);
            answer(token, "confirm").statusCode(404);
        }
        answer("1".repeat(64), "perhaps").statusCode(422);
    }

    @Test
    void withoutMailTheOperationSaysSo() {
        open().asks()
                .post("/v1/parties/me/contact-verification")
                .then()
                .statusCode(409)
                .body("type", containsString("no-mail"));
    }

    @Test
    void anErasedPartyHasNoLinks() throws SQLException {
        Party party = open();
        String token = link(party, "1 day");
        closes(party);
        get("/v1/contact-links/" + token).then().statusCode(404);
    }
}
