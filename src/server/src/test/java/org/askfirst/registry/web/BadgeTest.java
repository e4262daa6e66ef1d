package org.askfirst.registry.web;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/** The badge says what a lookup answers. */
@QuarkusTest
class BadgeTest extends RegistryTest {
    private static ExtractableResponse<Response> badge(String declaration, String query) {
        return given().get("/badge/" + declaration + ".svg" + query)
                .then()
                .statusCode(200)
                .contentType(equalTo("image/svg+xml"))
                .header("Cache-Control", equalTo("public, max-age=300"))
                .header("Cross-Origin-Resource-Policy", equalTo("cross-origin"))
                .extract();
    }

    private static void says(String declaration, String korean, String english) {
        String svg = badge(declaration, "").asString();
        assertTrue(svg.contains("<title>AI가 써도 되나요? " + korean + "</title>"), svg);
        assertEquals(svg, badge(declaration, "?lang=ko").asString());
        String other = badge(declaration, "?lang=en").asString();
        assertTrue(other.contains("<title>May AI use this? " + english + "</title>"), other);
    }

    @Test
    void itSaysWhatALookupAnswers() {
        Party party = Party.openReachable();
        String asked =
                party.declares(Draft.reserved("ai-training").of(Names.file())).id();
        says(asked, "먼저 물어보세요", "Ask first");
        assertFalse(badge(asked, "").asString().contains("@"));
        Party silent = Party.open();
        String denied =
                silent.declares(Draft.reserved("ai-training").of(Names.file())).id();
        says(denied, "쓰지 마세요", "No");
        silent.withdraws(denied);
        says(denied, "등록된 내용 없음 (허락한 것이 아닙니다)", "Nothing registered (not a yes)");
    }

    @Test
    void aPermissionIsForALookupToSay() {
        Party party = Party.open();
        String domain = Names.domain();
        party.controls("domain:" + domain);
        String allowed = party.declares(Draft.permitted("ai-training").of("domain:" + domain))
                .id();
        says(allowed, "여기서 확인하세요", "Check here");
        // Without evidence it counts for nothing, and the badge says so.
        String claimed =
                party.declares(Draft.permitted("ai-training").of(Names.file())).id();
        says(claimed, "등록된 내용 없음 (허락한 것이 아닙니다)", "Nothing registered (not a yes)");
    }

    @Test
    void itIsSentOnceAndOnlyOfADeclaration() {
        String id = Party.open()
                .declares(Draft.reserved("ai-training").of(Names.file()))
                .id();
        String tag = badge(id, "").header("ETag");
        given().header("If-None-Match", tag).get("/badge/" + id + ".svg").then().statusCode(304);
        given().get("/badge/" + id + ".svg?lang=fr").then().statusCode(422).body("detail", containsString("lang"));
        for (String other : new String[] {"d_" + "0".repeat(26), "x", "d_%00"}) {
            given().get("/badge/" + other + ".svg").then().statusCode(404);
        }
    }
}
