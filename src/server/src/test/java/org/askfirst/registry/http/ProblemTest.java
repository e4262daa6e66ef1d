package org.askfirst.registry.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Checkout;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Failures outside of resources: unknown paths, methods and media types. No answer shows internals of the registry. */
@QuarkusTest
class ProblemTest extends RegistryTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1",
                "/v1/",
                "/v1/nothing",
                "/v1/party/you",
                "/v1/lookup/x",
                "/v1/lookups/x",
                "/v2/lookups",
                "/api/v2/query",
                "/v1/declarations/a/b/c",
                "/v1/%E2%98%83"
            })
    void anUnknownPathIsNotFound(String path) {
        for (String method : new String[] {"GET", "POST", "PUT", "DELETE"}) {
            given().urlEncodingEnabled(false)
                    .contentType("application/json")
                    .body(Bodies.object().toString())
                    .request(method, path)
                    .then()
                    .statusCode(404)
                    .contentType("application/problem+json")
                    .body("type", equalTo("https://askfirst.org/problems/not-found"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|/v1/parties|POST",
                "DELETE|/v1/parties|POST",
                "POST|/v1/parties/me|GET",
                "GET|/v1/declarations|POST",
                "GET|/v1/declarations/batch/|POST",
                "POST|/v1/declarations/d_00000000000000000000000000|DELETE,GET,PUT",
                "PUT|/v1/lookups|POST,QUERY",
                "POST|/v1/lookup|GET",
                "GET|/v1/operator/controls|POST",
                "GET|/api/v2/query/urls/|POST",
                "POST|/openapi.yaml|GET",
                "PATCH|/v1/parties|POST"
            })
    void aWrongMethodGetsTheAllowedOnes(String method, String path, String allowed) {
        Response response = given().request(method, path);
        if (path.contains("batch")) {
            // The path also matches /{id}, which supports GET.
            assertTrue(response.statusCode() == 404 || response.statusCode() == 405);
            return;
        }
        assertEquals(405, response.statusCode());
        assertEquals("application/problem+json", response.contentType().replaceFirst(";.*", ""));
        Set<String> named = new TreeSet<>(Set.of(response.header("Allow").split("[, ]+", -1)));
        assertTrue(named.containsAll(Set.of(allowed.split(",", -1))), named.toString());
        assertFalse(named.contains(method), named.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/v1/parties",
        "POST,/v1/lookups",
        "GET,/v1/lookup?subject=isbn:9788936434120",
        "GET,/v1/declarations/d_00000000000000000000000000",
        "POST,/api/v2/query/urls/"
    })
    void anUnsupportedAcceptIsRefused(String method, String path) {
        given().accept("image/png")
                .contentType(path.startsWith("/api") ? "text/plain" : "application/json")
                .body(Bodies.object().toString())
                .request(method, path)
                .then()
                .statusCode(406)
                .contentType("application/problem+json")
                .body("type", containsString("not-acceptable"));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/parties,text/plain",
        "/v1/declarations,application/x-www-form-urlencoded",
        "/v1/declarations/batch,application/json",
        "/v1/lookups,text/csv",
        "/api/v2/query/urls/,application/json"
    })
    void anUnsupportedContentTypeIsRefused(String path, String type) {
        Party.open()
                .asks()
                .contentType(type)
                .body("a=b")
                .post(path)
                .then()
                .statusCode(415)
                .contentType("application/problem+json")
                .body("type", containsString("unsupported-media-type"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "x,y", "/", "application", ";", "application/json, x"})
    void aMalformedMediaTypeIsUnsupported(String type) throws java.io.IOException {
        given().accept(type)
                .queryParam("subject", "isbn:9788936434120")
                .get("/v1/lookup")
                .then()
                .statusCode(406);
        // Sent over a socket, because the client library would refuse the media type.
        try (Wire wire = new Wire("POST", "/v1/parties", type)) {
            wire.send("{}");
            wire.end();
            assertEquals(415, wire.status());
            assertTrue(String.join("", wire.lines()).contains("unsupported-media-type"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json, application/json",
                "application/json,text/plain",
                "application/json\r\nContent-Type: application/json"
            })
    void aContentHasOneType(String type) throws java.io.IOException {
        for (String path : List.of("/v1/parties", "/v1/lookups")) {
            try (Wire wire = new Wire("POST", path, type)) {
                wire.send("{}");
                wire.end();
                assertEquals(415, wire.status());
                assertTrue(String.join("", wire.lines()).contains("unsupported-media-type"));
            }
        }
    }

    @Test
    void aMediaTypeMayCarryItsCharset() {
        given().contentType("application/json; charset=UTF-8")
                .body(Bodies.object("items", List.of(Map.of("subjects", List.of(Names.url()))))
                        .toString())
                .post("/v1/lookups")
                .then()
                .statusCode(200);
    }

    @Test
    void aNameWithAnUnpairedSurrogateIsAnswered() {
        Response response = Party.open()
                .says(
                        "{\"half \\ud800\":1,\"\\u0000\":2,\"stances\":{\"\\udfff\":\"reserved\"},\"subjects\":[\"\\ud83d:x\"]}")
                .post("/v1/declarations");
        assertEquals(422, response.statusCode());
        assertTrue(response.asString().contains("half \ufffd"), response.asString());
    }

    @Test
    void noProblemShowsInternals() {
        for (String body : new String[] {"{", "{}", "[]", "{\"items\":[{\"subjects\":[\"x:\"]}]}", "\u0000"}) {
            String answer = given().contentType("application/json")
                    .body(body)
                    .post("/v1/lookups")
                    .asString();
            for (String inside :
                    new String[] {"java.", "Exception", "askfirst.lookup", "com.fasterxml", "jakarta", "at org."}) {
                assertFalse(answer.contains(inside), answer);
            }
        }
    }

    @Test
    void theContractIsServedUnchanged() throws java.io.IOException {
        assertEquals(
                java.nio.file.Files.readString(Checkout.at("openapi.yaml")),
                given().get("/openapi.yaml").then().statusCode(200).extract().asString());
    }
}
