package org.askfirst.registry.lookup;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.anybody;
import static org.askfirst.testkit.Asker.item;
import static org.askfirst.testkit.Asker.items;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.subject.Subject;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The subjects of {@code docs/sandbox.md} have their answers in every kind of lookup, and nobody can change them. */
@QuarkusTest
class TestSubjectsTest extends RegistryTest {
    private static String url(String name) {
        return "url:https://" + name + ".askfirst.example/any/page?of=it";
    }

    @ParameterizedTest
    @CsvSource({
        "allow,allow,permitted",
        "ask,ask,reserved",
        "terms,ask,permitted-with-terms",
        "deny,deny,reserved",
        "mixed,deny,reserved"
    })
    void everyKindOfLookupGivesTheKnownAnswer(String name, String verdict, String stance) {
        anybody()
                .asks(url(name))
                .answer()
                .body("verdict", equalTo(verdict))
                .body("test", equalTo(true))
                .body("statements", hasSize(1))
                .body("statements[0].stance", equalTo(stance))
                .body("statements[0].subject", equalTo("domain:" + name + ".askfirst.example"))
                .body("statements[0].position", equalTo(0));
        anybody().asks(url(name)).asOf("0").answer().body("verdict", equalTo(verdict));
        anybody()
                .asks(url(name))
                .with("detail", "verdict")
                .answer()
                .body("verdict", equalTo(verdict))
                .body("statements", nullValue());
        anybody()
                .asksMany("POST", items(item("t", url(name)), item("w", Names.url())))
                .body("answers.verdict", equalTo(List.of(verdict, "unknown")))
                .body("answers[0].test", equalTo(true))
                .body("answers[1].test", nullValue());
        given().contentType("application/x-ndjson")
                .body(item("t", url(name)) + "\n")
                .post("/v1/lookups")
                .then()
                .body(containsString("\"verdict\":\"" + verdict + "\""))
                .body(containsString("\"test\":true"));
        given().contentType("text/plain")
                .body(url(name).substring(4))
                .post("/api/v2/query/urls/")
                .then()
                .body("urls[0].optOut", equalTo(!verdict.equals("allow")))
                .body("urls[0].optIn", equalTo(verdict.equals("allow")));
        String key = Subject.parse("domain:" + name + ".askfirst.example").key().hex();
        given().get("/v1/range/" + key.substring(0, 8))
                .then()
                .statusCode(200)
                .body("keys.key", equalTo(List.of(key)))
                .body("keys[0].test", equalTo(true))
                .body("keys[0].controls[0].control", equalTo("proved"))
                .body("keys[0].statements[0].contactable", equalTo(verdict.equals("ask")));
    }

    @Test
    void theAnswersHaveWhatAClientReads() {
        anybody().asks(url("ask")).answer().body("statements[0].contact", equalTo("mailto:test@askfirst.example"));
        anybody().asks(url("terms")).answer().body("statements[0].terms.license", notNullValue());
        anybody().asks(url("deny")).answer().body("statements[0].contact", nullValue());
        anybody().asks(url("mixed")).of("ai-input").answer().body("verdict", equalTo("allow"));
        anybody().asks(url("mixed")).of("search-indexing").answer().body("verdict", equalTo("allow"));
        anybody().asks(url("allow")).of("search-indexing").answer().body("verdict", equalTo("allow"));
        for (String name : List.of("unknown", "anything")) {
            anybody()
                    .asks(url(name))
                    .answer()
                    .body("verdict", equalTo("unknown"))
                    .body("test", equalTo(true))
                    .body("statements", empty());
        }
    }

    @ParameterizedTest
    @CsvSource({"unavailable,503", "too-many-requests,429"})
    void theFailuresAreNeverVerdicts(String name, int status) {
        anybody()
                .asks(url(name))
                .response()
                .then()
                .statusCode(status)
                .header("Retry-After", notNullValue())
                .body("type", containsString(name));
        anybody()
                .asksMany("POST", items(item("t", url(name)), item("w", Names.url())))
                .statusCode(200)
                .body("answers[0].problem.status", equalTo(status))
                .body("answers[0].test", equalTo(true))
                .body("answers[0].verdict", nullValue())
                .body("answers[1].verdict", equalTo("unknown"));
    }

    @Test
    void aRealWorkCannotBorrowTheAnswerOfATestSubject() {
        String work = Names.url();
        for (String other : List.of(work, url("deny"), Names.file())) {
            anybody()
                    .asksMany("POST", items(item("x", url("allow"), other)))
                    .body("answers[0].verdict", nullValue())
                    .body("answers[0].problem.errors[0].reason", equalTo("conflict"));
            anybody()
                    .asks(other, url("allow"))
                    .response()
                    .then()
                    .statusCode(422)
                    .body("errors.pointer", equalTo(List.of("subject")));
        }
        anybody()
                .asks(url("allow"), "under:https://allow.askfirst.example/any/")
                .answer()
                .body("verdict", equalTo("allow"));
        for (String alike : List.of(
                "url:https://example.com/?https://allow.askfirst.example/",
                "url:https://allow.askfirst.example.com/",
                "url:https://allowaskfirst.example/",
                "url:https://example.com/://allow.askfirst.example/")) {
            anybody().asks(alike).answer().body("verdict", equalTo("unknown")).body("test", nullValue());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "url:https://deny.askfirst.example/",
                "url:http://DENY.askfirst.example:8080/x",
                "under:https://allow.askfirst.example/a/",
                "domain:askfirst.example",
                "domain:x.y.askfirst.example"
            })
    void nobodyCanDeclareThere(String subject) {
        Party.open()
                .declaring(reserved("ai-training").of(subject))
                .statusCode(422)
                .body("type", containsString("undeclarable-subject"));
        Party.open()
                .says(Bodies.object("subject", subject))
                .post("/v1/parties/me/controls")
                .then()
                .statusCode(422);
    }
}
