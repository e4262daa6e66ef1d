package org.askfirst.registry.lookup;

import static io.restassured.RestAssured.get;
import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Asker;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/** Answers say whether the registry knows who receives what is sent to a contact. */
@QuarkusTest
class ContactTest extends RegistryTest {
    @Test
    void aProofOfItsDomainVerifiesAContact() {
        String domain = Names.domain();
        Party party = Party.open();
        String work = Names.file();
        party.declares(reserved("ai-training").of(work).with(terms().contact("mailto:rights@" + domain)));
        verified(work, false);
        party.controls("domain:" + domain);
        verified(work, true);
        // Only its own: the proof of one party says nothing about the contact of another.
        Party impostor = Party.open();
        String other = Names.file();
        impostor.declares(reserved("ai-training").of(other).with(terms().contact("mailto:rights@" + domain)));
        verified(other, false);
    }

    @Test
    void onlyMailThatArrivesThereAloneIsVerified() {
        String domain = Names.domain();
        Party party = Party.open();
        party.controls("domain:" + domain);
        String page = Names.file();
        party.declares(reserved("ai-training").of(page).with(terms().contact("https://www." + domain + "/ask")));
        verified(page, true);
        String phone = Names.file();
        party.declares(reserved("ai-training").of(phone).with(terms().contact("tel:+82-2-1234-5678")));
        verified(phone, false);
        String elsewhere = Names.file();
        party.declares(
                reserved("ai-training").of(elsewhere).with(terms().contact("mailto:" + domain + "@mail.example")));
        verified(elsewhere, false);
    }

    @Test
    void aPartyShowsIfItsContactIsVerified() {
        String domain = Names.domain();
        Party party = Party.open();
        party.reserves(Names.file());
        get("/v1/parties/{id}", party.id()).then().statusCode(200).body("contactVerified", nullValue());
        party.says(Map.of("contact", "mailto:me@" + domain))
                .patch("/v1/parties/me")
                .then()
                .statusCode(200);
        get("/v1/parties/{id}", party.id()).then().statusCode(200).body("contactVerified", equalTo(false));
        party.controls("domain:" + domain);
        get("/v1/parties/{id}", party.id()).then().statusCode(200).body("contactVerified", equalTo(true));
    }

    @Test
    void nobodyCollectsContacts() {
        Party asker = Party.open();
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            String work = Names.file();
            Party.open()
                    .declares(reserved("ai-training")
                            .of(work)
                            .with(terms().contact("mailto:author" + i + "@" + Names.domain())));
            items.add(Asker.item(String.valueOf(i), work));
        }
        JsonPath answer = asker.says(Asker.items(items.toArray()))
                .queryParam("detail", "full")
                .post("/v1/lookups")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        List<String> contacts = answer.getList("answers.statements.flatten().contact");
        assertEquals(
                List.of("ask"),
                answer.getList("answers.verdict").stream().distinct().toList());
        assertEquals(
                20, contacts.stream().filter(one -> one.startsWith("mailto:")).count());
        assertEquals(
                5,
                contacts.stream()
                        .filter(one -> one.matches("http.*/d/d_[0-9a-z]{26}"))
                        .count());
        // The contact in the terms is replaced, too.
        assertEquals(contacts, answer.getList("answers.statements.flatten().terms.contact"));
    }

    private static void verified(String work, boolean expected) {
        Asker.anybody()
                .asks(work)
                .with("detail", "full")
                .answer()
                .body("statements[0].contactVerified", equalTo(expected));
    }
}
