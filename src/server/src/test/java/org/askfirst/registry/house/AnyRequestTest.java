package org.askfirst.registry.house;

import static org.askfirst.testkit.Asker.item;
import static org.askfirst.testkit.Asker.items;
import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.contract.Contract;
import org.askfirst.testkit.contract.Operation;
import org.junit.jupiter.api.Test;

/** No request whatever is answered with a 5xx, and every failure is a problem. Drawn at random, always the same. */
@QuarkusTest
class AnyRequestTest extends RegistryTest {
    private static final int EACH = 120;
    private static final int SERVER_FAULT = 500;
    private static final int FAULT = 400;
    private static final int SHOWN = 400;

    private static final String DECLARATION = reserved("ai-training")
            .of("isbn:9788936434120", "url:https://example.com/a?b=c")
            .and("permitted-with-terms", "search-indexing")
            .with(terms().contact("mailto:a@example.com")
                    .license("https://example.com/")
                    .member("payment", Bodies.object("type", "training", "amount", "1.5", "currency", "KRW"))
                    .member("userClass", List.of("education"))
                    .member("territory", List.of("KR"))
                    .member("text", "x"))
            .from("2026-01-01T00:00:00Z")
            .until("2099-01-01T00:00:00Z")
            .member("work", Bodies.object("title", "t", "creators", List.of("c"), "kind", "k"))
            .toString();
    private static final String LOOKUP = items(
                    item("a", "url:https://example.com/a"), Bodies.object("subjects", List.of("isbn:9788936434120")))
            .<ObjectNode>setAll(Bodies.object("uses", List.of("ai-training"), "asOf", "0", "detail", "full"))
            .toString();

    /** Values that break parsers, databases and encoders. */
    private static final List<String> SILLY = List.of(
            "",
            " ",
            "null",
            "true",
            "0",
            "-0",
            "1e999999",
            "-1e-999999",
            "99999999999999999999999999999999999999999999999999",
            "NaN",
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\u202e\ufeff\uffff\"",
            "[]",
            "{}",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
            "{\"\":{\"\":{\"\":{}}}}",
            "{\"a\":1,\"a\":2}",
            "{\"__proto__\":1,\"\\ud800\":1}",
            "\"'; drop table ledger_entry; --\"",
            "\"${jndi:ldap://x/y}\"",
            "\"%s%n%d\"",
            "\"../../../../etc/passwd\"",
            "\"url:http://[::1\"",
            "\"url:http://0x7f.1/%%%\"",
            "\"url:https://xn--a/\"",
            "\"domain:.\"",
            "\"domain:*.com\"",
            "\"under:https://a.com/" + "a/".repeat(3000) + "\"",
            "\"isbn:٩٧٨٨٩٣٦٤٣٤١٢٠\"",
            "\"sha256:\"",
            "\"work:\"",
            "\"iscc:KEC\"",
            "\"uci:I410-\\u0000\"",
            "\"2026-02-30T25:61:61Z\"",
            "\"+999999999-12-31T23:59:59.999999999+18:00\"",
            "\"-999999999-01-01T00:00:00Z\"",
            "\"" + "한".repeat(30_000) + "\"");

    private final Random random = new Random(20260114);

    /** The operations of the contract, and QUERY, which it cannot name. */
    private static List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        for (Operation operation : Contract.ofRepository().operations()) {
            operations.add(operation);
            if (operation.template().equals(Contract.QUERY_PATH)) {
                operations.add(new Operation("QUERY", operation.template(), operation.place()));
            }
        }
        return operations;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    @Test
    void brokenBodiesParametersAndHeadersAreNeverOurFault() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        List<Operation> operations = operations();
        assertTrue(operations.size() >= 16, "operations are missing: " + operations);
        Map<Integer, Integer> statuses = new TreeMap<>();
        for (Operation operation : operations) {
            // A new one for each: there is an operation that closes it.
            Party party = Party.open();
            String declaration = operation.template().endsWith("/repertoire")
                    ? party.declares(reserved("ai-training").ofRepertoire("t")).id()
                    : party.reserves(Names.url());
            for (int i = 0; i < EACH; i++) {
                byte[] body = body(operation, party);
                String path = path(operation, declaration, party);
                HttpRequest.Builder request = HttpRequest.newBuilder(
                                URI.create("http://localhost:" + RestAssured.port + path))
                        .timeout(Duration.ofMinutes(1))
                        .method(operation.method(), HttpRequest.BodyPublishers.ofByteArray(body));
                headers(request, operation, party);
                HttpResponse<String> answer =
                        client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
                String told = shortened(operation.method() + " " + path) + " "
                        + shortened(request.build().headers().map().toString()) + " answered "
                        + answer.statusCode() + " " + answer.headers().map() + " " + shortened(answer.body()) + "\nto "
                        + shortened(new String(body, StandardCharsets.UTF_8));
                assertTrue(answer.statusCode() < SERVER_FAULT, told);
                assertTrue(!answer.body().contains("internal-error"), told);
                if (answer.statusCode() >= FAULT) {
                    String type = answer.headers()
                            .firstValue("Content-Type")
                            .orElse("")
                            .replaceFirst(";.*", "");
                    // The Open License Protocol refuses as RFC 6749 does.
                    boolean isOfProtocol = operation.template().startsWith("/olp/")
                            && type.equals("application/json")
                            && answer.body().startsWith("{\"error\":");
                    assertTrue(isOfProtocol || type.equals("application/problem+json"), told);
                }
                statuses.merge(answer.statusCode(), 1, Integer::sum);
            }
        }
        for (int status : new int[] {200, 201, 400, 401, 404, 406, 415, 422}) {
            assertTrue(statuses.containsKey(status), "no request came so far as to " + status + ": " + statuses);
        }
    }

    @Test
    void requestsThatAreHardlyHttpAreNeverOurFault() throws IOException {
        for (int i = 0; i < 300; i++) {
            StringBuilder request = new StringBuilder(
                    any(List.of("GET", "POST", "QUERY", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "get", "X")));
            request.append(' ')
                    .append(any(List.of(
                            "/v1/lookup?subject="
                                    + any(List.of("%", "%zz", "%00", "%ff", "a&subject", "=", "&&", "%ed%a0%80")),
                            "/v1/declarations/" + any(List.of("%00", "%2e%2e", "..", "%", "a%2fb", "%ff", ";x=y")),
                            "/v1/parties/me/declarations?limit=" + any(List.of("%00", "1&limit=2", "%", "", "0x1")),
                            "/v1/lookups?use=" + any(List.of("%00", "%", "ai-training&use=", "")),
                            "//v1//lookup",
                            "/v1/../v1/lookup",
                            "*",
                            "http://elsewhere/v1/lookup",
                            "/openapi.yaml?" + "x".repeat(5000))))
                    .append(any(List.of(" HTTP/1.1", " HTTP/1.0")))
                    .append("\r\nHost: localhost\r\nConnection: close\r\n")
                    .append(any(List.of(
                            "",
                            "Content-Length: 0\r\n",
                            "Content-Type: application/json\r\nContent-Length: 2\r\n",
                            "Content-Type: ;;;\r\nContent-Length: 2\r\n",
                            "Accept: ;q=x\r\n",
                            "Accept: application/json;q=2\r\n",
                            "Authorization: Bearer \u00e9\r\n",
                            "If-None-Match: ,,\"\r\n",
                            "Idempotency-Key: \u00ff\r\n",
                            "Accept-Encoding: gzip, br;q=x\r\n")))
                    .append("\r\n{}");
            int status = status(request.toString());
            assertTrue(status < SERVER_FAULT || status == 501 || status == 505, status + " to " + request);
        }
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN
                ? text
                : text.substring(0, SHOWN / 2) + "…" + text.substring(text.length() - SHOWN / 2);
    }

    private static int status(String request) throws IOException {
        try (Socket socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            byte[] head = socket.getInputStream().readNBytes(12);
            String line = new String(head, StandardCharsets.ISO_8859_1);
            return line.length() < 12 ? 0 : Integer.parseInt(line.substring(9, 12));
        }
    }

    private String path(Operation operation, String declaration, Party party) {
        String id = any(List.of(
                declaration, declaration, party.keyId(), "%00", "d_%FF", "..;", "x".repeat(3000), "%F0%9F%98%80"));
        StringBuilder path =
                new StringBuilder(operation.template().replaceAll("\\{[^}]+\\}", Matcher.quoteReplacement(id)));
        char before = '?';
        for (String name : List.of("subject", "use", "asOf", "detail", "after", "limit", "wrong")) {
            if (random.nextInt(4) == 0) {
                String value = any(List.of(
                        "",
                        "0",
                        "1",
                        "-1",
                        "full",
                        "verdict",
                        "ai-training",
                        "isbn:9788936434120",
                        "url:https://a.com/b",
                        "%00",
                        "%ED%A0%80",
                        "%FF",
                        "9".repeat(40),
                        "2026-01-01T00:00:00Z",
                        "x".repeat(2000),
                        "+",
                        "%25"));
                path.append(before).append(name).append('=').append(value);
                before = '&';
            }
        }
        return path.toString();
    }

    private void headers(HttpRequest.Builder request, Operation operation, Party party) {
        String usual = operation.template().endsWith("batch")
                ? "application/x-ndjson"
                : operation.template().startsWith("/api") ? "text/plain" : "application/json";
        String type = random.nextInt(6) > 0
                ? usual
                : any(List.of(
                        "application/x-ndjson",
                        "text/plain",
                        "application/json;charset=utf-16",
                        "a/b",
                        "*/*",
                        "x",
                        ""));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        if (random.nextInt(8) > 0) {
            request.header(
                    "Authorization",
                    any(List.of(
                            "Bearer " + party.key(),
                            "Bearer " + party.key(),
                            "Bearer " + party.key(),
                            "Bearer " + Party.operatorKey(),
                            "Bearer " + "x".repeat(5000),
                            "Bearer")));
        }
        if (random.nextInt(8) == 0) {
            request.header(
                    "Accept",
                    any(List.of("*/*", "image/png", "x", "application/json;q=0", "application/problem+json")));
        }
        if (random.nextInt(4) == 0) {
            request.header("Idempotency-Key", any(List.of("a", "b", " ", "x".repeat(300), "'\"\\")));
        }
        if (random.nextInt(4) == 0) {
            request.header("If-None-Match", any(List.of("*", "\"", "W/", ",", "\"a\",\"b\"", "x".repeat(2000))));
        }
    }

    private byte[] body(Operation operation, Party party) {
        String valid = switch (operation.template()) {
            case "/v1/parties" -> json("name", "n", "kind", "creator", "contact", "mailto:a@example.com");
            case "/v1/operator/decisions" ->
                OperatorClient.decision(party, "vouching-granted", "isbn").toString();
            case "/v1/operator/controls", "/v1/operator/control-revocations", "/v1/parties/me/control-records" ->
                json("party", party.id(), "subject", "domain:example.com", "reason", "seen");
            case "/v1/operator/budgets" -> json("party", party.id(), "works", 7, "reason", "seen");
            case "/v1/parties/me/controls" -> json("subject", "domain:example.com");
            case "/v1/recoveries" -> json("party", party.id(), "subject", "domain:example.com");
            case "/v1/parties/me/members/{party}/recovery" -> json("recovery", "r_0f3a2b1c4d5e6f70");
            case "/v1/parties/me/memberships/{body}/acceptance" -> json("mayRecover", true);
            case "/v1/operator/successions" -> json("party", party.id(), "reason", "seen");
            case "/v1/parties/me/operator-request" ->
                json("wants", "body", "schemes", List.of("isbn"), "statement", "x");
            case "/v1/operator/measures" ->
                json("measure", "restrict", "party", party.id(), "ground", "abuse", "reason", "seen");
            case "/v1/parties/me/successor", "/v1/parties/me/members" -> json("party", party.id());
            case "/v1/mandates" ->
                json(
                        "member", party.id(),
                        "schemes", List.of("isbn"),
                        "uses", List.of("ai-training"),
                        "territory", List.of("KR"),
                        "validTo", "2099-01-01T00:00:00Z");
            case "/v1/mandates/batch" ->
                json("memberNumber", "12", "schemes", List.of("isbn")) + "\nmemberNumber,schemes\n1,isbn\n";
            case "/v1/mandates/claims" -> json("code", "afm_0");
            case "/v1/lookups" -> LOOKUP;
            case "/v1/declarations/{id}/repertoire" ->
                json(
                        "add", List.of("isbn:9788936434120", "url:https://example.com/a?b=c"),
                        "remove", List.of("doi:10.1000/182"));
            case "/v1/declarations/batch" -> DECLARATION + "\n" + DECLARATION + "\n";
            case "/api/v2/query/urls/" -> "https://example.com/\nhttps://example.com/b\n";
            default -> DECLARATION;
        };
        return switch (random.nextInt(5)) {
            case 0 -> any(SILLY).getBytes(StandardCharsets.UTF_8);
            case 1 -> valid.getBytes(StandardCharsets.UTF_8);
            case 2 -> withBrokenBytes(valid.getBytes(StandardCharsets.UTF_8));
            default -> withSillyValues(valid).getBytes(StandardCharsets.UTF_8);
        };
    }

    private static String json(Object... namesAndValues) {
        return Bodies.object(namesAndValues).toString();
    }

    private byte[] withBrokenBytes(byte[] valid) {
        ByteArrayOutputStream broken = new ByteArrayOutputStream();
        int end = random.nextInt(3) == 0 ? random.nextInt(valid.length) : valid.length;
        for (int i = 0; i < end; i++) {
            switch (random.nextInt(60)) {
                case 0 -> broken.write(random.nextInt(256));
                case 1 -> broken.write('"');
                case 2 -> {
                    broken.write(valid[i]);
                    broken.write(valid[i]);
                }
                default -> broken.write(valid[i]);
            }
        }
        return broken.toByteArray();
    }

    /** Texts, numbers and names of members replaced, so that what is drawn comes past the parser. */
    private String withSillyValues(String valid) {
        Matcher token = Pattern.compile("\"[^\"]*\"|\\[\\]|\\d+").matcher(valid);
        StringBuilder changed = new StringBuilder();
        while (token.find()) {
            boolean change = random.nextInt(8) == 0;
            token.appendReplacement(changed, Matcher.quoteReplacement(change ? any(SILLY) : token.group()));
        }
        return token.appendTail(changed).toString();
    }
}
