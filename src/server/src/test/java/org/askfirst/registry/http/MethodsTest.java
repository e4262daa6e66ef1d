package org.askfirst.registry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.contract.Contract;
import org.askfirst.testkit.contract.Operation;
import org.junit.jupiter.api.Test;

/**
 * For each path of the contract: a method that the contract lacks is refused with the list of the others, and a page of
 * another site may use those that it has.
 */
@QuarkusTest
class MethodsTest extends RegistryTest {
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE", "QUERY", "MKCOL");
    private static final String ORIGIN = "https://elsewhere.example";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** The methods of each path of the contract. */
    private static Map<String, Set<String>> methods() {
        Map<String, Set<String>> methods = new TreeMap<>();
        for (Operation operation : Contract.ofRepository().operations()) {
            methods.computeIfAbsent(operation.template(), template -> new TreeSet<>())
                    .add(operation.method());
        }
        methods.computeIfAbsent(Contract.QUERY_PATH, template -> new TreeSet<>())
                .add("QUERY");
        assertTrue(methods.size() > 40, methods.toString());
        return methods;
    }

    private static Set<String> allowed(Set<String> documented) {
        Set<String> allowed = new TreeSet<>(documented);
        allowed.add("OPTIONS");
        if (documented.contains("GET")) {
            allowed.add("HEAD");
        }
        return allowed;
    }

    /** The values look like ids, so that no parameter is refused before the method is. */
    private static List<String> paths(String template) {
        return template.contains("{path}")
                ? List.of(template.replace("{path}", "0/000"), template.replace("{path}", "x"))
                : List.of(
                        template.replace("{party}", "p_01jd8v3f6y4w1r9k2m7q5t8x0a")
                                .replaceAll("\\{[^}]+}", "d_01jd8v4n2c7e5g9j1k3m6p8r0t"),
                        template.replaceAll("\\{[^}]+}", "x"));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder to(String method, String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
    }

    private static Set<String> list(HttpResponse<?> answer, String header) {
        String value = answer.headers().firstValue(header).orElse("");
        return new TreeSet<>(Arrays.asList(value.split(", ", -1)));
    }

    @Test
    void aMethodThatAPathLacksIsRefusedWithTheListOfTheOthers() throws Exception {
        Party party = Party.open();
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, Set<String>> one : methods().entrySet()) {
            for (String method : METHODS) {
                if (one.getValue().contains(method)) {
                    continue;
                }
                for (String path : paths(one.getKey())) {
                    HttpResponse<String> answer =
                            send(to(method, path).header("Authorization", "Bearer " + party.key()));
                    if (answer.statusCode() != 405
                            || !list(answer, "Allow").equals(allowed(one.getValue()))
                            || !answer.body().contains("/problems/method-not-allowed")) {
                        wrong.add(method + " " + path + " answers " + answer.statusCode() + " and allows "
                                + list(answer, "Allow") + ", not " + allowed(one.getValue()));
                    }
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    @Test
    void aPageOfAnotherSiteMayCallEveryOperation() throws Exception {
        for (Operation operation : Contract.ofRepository().operations()) {
            for (String path : paths(operation.template())) {
                HttpResponse<String> preflight = send(to("OPTIONS", path)
                        .header("Origin", ORIGIN)
                        .header("Access-Control-Request-Method", operation.method())
                        .header("Access-Control-Request-Headers", "authorization,content-type"));
                String told = operation.name() + " " + preflight.headers().map();
                assertEquals(204, preflight.statusCode(), told);
                assertTrue(list(preflight, "Access-Control-Allow-Methods").contains(operation.method()), told);
                assertEquals(list(preflight, "Allow"), list(preflight, "Access-Control-Allow-Methods"), told);
                assertTrue(list(preflight, "Access-Control-Allow-Headers").containsAll(headers(operation)), told);
                assertTrue(
                        preflight.headers().firstValue("Access-Control-Max-Age").isPresent(), told);
                assertOpen(preflight, told);
            }
        }
    }

    /** The headers that a page may need for the operation. */
    private static Set<String> headers(Operation operation) {
        Set<String> headers = new TreeSet<>(Set.of("Authorization", "Accept", "Content-Type", "Content-Encoding"));
        operation.parameters().stream()
                .filter(parameter -> parameter.at("in").text().equals("header"))
                .forEach(parameter -> headers.add(parameter.at("name").text()));
        return headers;
    }

    @Test
    void aPageOfAnotherSiteMayReadEveryAnswerAndNoneIsForCookies() throws Exception {
        List<Operation> operations = Contract.ofRepository().operations();
        for (Operation operation : operations) {
            // An account for each, because one of the operations closes it.
            String key = Party.open().key();
            String path = paths(operation.template()).get(0);
            for (String origin : List.of(ORIGIN, "null")) {
                for (String authorization : List.of("", "Bearer " + key, "Bearer afk_none")) {
                    HttpRequest.Builder request = to(operation.method(), path)
                            .header("Origin", origin)
                            .header("Cookie", "session=1")
                            // Without it, the feed would be a stream without an end.
                            .header("Accept", "application/json, application/x-ndjson, */*;q=0.1");
                    operation.consumes().stream().findFirst().ifPresent(type -> request.header("Content-Type", type));
                    if (!authorization.isEmpty()) {
                        request.header("Authorization", authorization);
                    }
                    HttpResponse<String> answer = send(request);
                    assertOpen(
                            answer,
                            operation.name() + " " + answer.statusCode() + " "
                                    + answer.headers().map());
                }
            }
        }
    }

    private static void assertOpen(HttpResponse<?> answer, String told) {
        assertEquals(List.of("*"), answer.headers().allValues("Access-Control-Allow-Origin"), told);
        assertEquals(List.of("*"), answer.headers().allValues("Access-Control-Expose-Headers"), told);
        assertEquals(List.of(), answer.headers().allValues("Access-Control-Allow-Credentials"), told);
        assertEquals(List.of(), answer.headers().allValues("Set-Cookie"), told);
    }
}
