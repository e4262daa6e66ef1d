package org.askfirst.registry;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may do what: one line for each operation, one column for each kind of caller. */
@QuarkusTest
class AccessTest extends RegistryTest {
    /** Statuses for: nobody, an unknown key, a revoked key, another party, the party itself, the operator. */
    private static final String TABLE = """
            POST   /v1/parties                    201 201 201 201 201 201
            GET    /v1/parties/me                 401 401 401 200 200 403
            DELETE /v1/parties/me                 401 401 401 204 204 403
            POST   /v1/parties/me/keys            401 401 401 201 201 403
            DELETE /v1/parties/me/keys/{key}      401 401 401 404 409 403
            GET    /v1/parties/me/controls        401 401 401 200 200 403
            POST   /v1/parties/me/controls        401 401 401 201 201 403
            POST   /v1/parties/me/controls/c_0000000000000000/check 401 401 401 404 404 403
            GET    /v1/parties/me/declarations    401 401 401 200 200 403
            POST   /v1/declarations               401 401 401 201 201 403
            POST   /v1/declarations/batch         401 401 401 200 200 403
            GET    /v1/declarations/{id}          200 200 200 200 200 200
            GET    /v1/declarations/{id}/history  200 200 200 200 200 200
            PUT    /v1/declarations/{id}          401 401 401 403 200 403
            DELETE /v1/declarations/{id}          401 401 401 403 200 403
            POST   /v1/operator/controls          401 401 401 403 403 201
            POST   /v1/lookups                    200 200 200 200 200 200
            QUERY  /v1/lookups                    200 200 200 200 200 200
            GET    /v1/lookup?subject={work}      200 200 200 200 200 200
            POST   /api/v2/query/urls/            200 200 200 200 200 200
            GET    /openapi.yaml                  200 200 200 200 200 200
            """;

    @Test
    void everyoneMayDoWhatTheTableSays() {
        List<String> expected = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (String line : TABLE.lines().toList()) {
            String[] cells = line.split("\\s+", -1);
            String operation = cells[0] + " " + cells[1];
            expected.add(operation + " " + String.join(" ", List.of(cells).subList(2, 8)));
            StringBuilder statuses = new StringBuilder(operation);
            for (int caller = 0; caller < 6; caller++) {
                statuses.append(' ').append(status(cells[0], cells[1], caller));
            }
            found.add(statuses.toString());
        }
        assertEquals(String.join("\n", expected), String.join("\n", found));
    }

    private static int status(String method, String template, int caller) {
        Party owner = Party.open();
        String work = "isbn:9788936434120";
        String id = template.contains("{id}") ? owner.reserves(Names.url()) : "";
        String path =
                template.replace("{key}", owner.keyId()).replace("{id}", id).replace("{work}", work);
        RequestSpecification request = given();
        String key = key(owner, caller);
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        String declaration = "{\"subjects\":[\"" + Names.url() + "\"],\"stances\":{\"ai-training\":\"reserved\"}}";
        switch (template) {
            case "/v1/parties" -> request.contentType("application/json").body("{\"name\":\"x\",\"kind\":\"crawler\"}");
            case "/v1/declarations/batch" ->
                request.contentType("application/x-ndjson").body(declaration);
            case "/v1/operator/controls" ->
                request.contentType("application/json")
                        .body("{\"party\":\"" + owner.id() + "\",\"subject\":\"domain:" + Names.domain()
                                + "\",\"reason\":\"x\"}");
            case "/v1/lookups" ->
                request.contentType("application/json").body("{\"items\":[{\"subjects\":[\"" + work + "\"]}]}");
            case "/api/v2/query/urls/" -> request.contentType("text/plain").body("https://example.com/");
            default -> {
                if (method.equals("POST") && template.equals("/v1/parties/me/controls")) {
                    request.contentType("application/json").body("{\"subject\":\"domain:" + Names.domain() + "\"}");
                } else if (method.equals("PUT") || template.equals("/v1/declarations")) {
                    request.contentType("application/json").body(declaration);
                }
            }
        }
        return request.request(method, path).statusCode();
    }

    private static String key(Party owner, int caller) {
        return switch (caller) {
            case 0 -> "";
            case 1 -> "afk_" + "0".repeat(52);
            case 2 -> revokedKey();
            case 3 -> Party.open().key();
            case 4 -> owner.key();
            default -> Party.operatorKey();
        };
    }

    private static String revokedKey() {
        Party party = Party.open();
        party.asks().post("/v1/parties/me/keys").then().statusCode(201);
        party.asks().delete("/v1/parties/me/keys/" + party.keyId()).then().statusCode(204);
        return party.key();
    }
}
