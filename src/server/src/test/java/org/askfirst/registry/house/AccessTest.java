package org.askfirst.registry.house;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Draft.reserved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Checkout;
import org.askfirst.testkit.LoopbackDns;
import org.askfirst.testkit.LoopbackWeb;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Who may do what: the table of {@code docs/access.md}, tried cell by cell, for every operation of the contract in every
 * form that it reads.
 */
@QuarkusTest
class AccessTest extends RegistryTest {
    private static final Pattern ROW = Pattern.compile("\\| `([A-Z]+) (\\S+)` \\|((?: \\d{3} \\|){7})");
    private static final int CALLERS = 7;

    private static LoopbackWeb web;
    private static LoopbackDns dns;

    @BeforeAll
    static void open() {
        web = new LoopbackWeb(ConfigProvider.getConfig().getValue("askfirst.fetch.loopback-port", Integer.class));
        String server = ConfigProvider.getConfig().getValue("askfirst.fetch.name-server", String.class);
        dns = new LoopbackDns(Integer.parseInt(server.substring(server.indexOf(':') + 1)));
    }

    @AfterAll
    static void close() {
        web.close();
        dns.close();
    }

    /** The party whose things are acted upon, and the society that it has given a mandate. */
    private record Household(Party owner, Party society) {
        static Household open() {
            Party owner = Party.open();
            Party society = Party.open();
            rule(society, "vouching-granted", ",\"schemes\":[\"url\",\"ipi\",\"domain\"]");
            return new Household(owner, society);
        }

        String mandate(boolean accepted) {
            String id = Answers.id(
                    society.says(Bodies.object("member", owner.id())).post("/v1/mandates"));
            if (accepted) {
                owner.acceptingMandate(id).statusCode(200);
            }
            return id;
        }

        /** A mandate of a member who is not known: its id, or the code to claim it. */
        String recorded(String member) {
            return Answers.tree(society.asks()
                            .contentType("application/x-ndjson")
                            .body(Bodies.object("memberNumber", "1").toString())
                            .post("/v1/mandates/batch")
                            .asString())
                    .path(member)
                    .asText();
        }

        void names() {
            owner.namesSuccessor(society);
        }

        String recovery(boolean waiting) {
            if (waiting) {
                society.vouchingFor(owner)
                        .statusCode(201);
                return Answers.id(society.asks().post("/v1/parties/me/members/" + owner.id() + "/recovery"));
            }
            String domain = "domain:" + Names.domain();
            owner.controls(domain);
            return Answers.id(given().contentType("application/json")
                    .body(Bodies.object("party", owner.id(), "subject", domain).toString())
                    .post("/v1/recoveries"));
        }

        String claim() {
            return Answers.id(owner.says(Bodies.object("subject", "domain:" + Names.domain()))
                    .post("/v1/parties/me/controls"));
        }
    }

    private static void rule(Party party, String ruling, String more) {
        given().header("Authorization", "Bearer " + Party.operatorKey())
                .contentType("application/json")
                .body("{\"party\":\"" + party.id() + "\",\"decision\":\"" + ruling + "\",\"reason\":\"x\"" + more + "}")
                .post("/v1/operator/decisions")
                .then()
                .statusCode(201);
    }

    private static void hands(Party party) {
        given().header("Authorization", "Bearer " + Party.operatorKey())
                .contentType("application/json")
                .body(Bodies.object("party", party.id(), "reason", "x").toString())
                .post("/v1/operator/successions")
                .then()
                .statusCode(201);
    }

    @Test
    void everyoneMayDoWhatTheTableSays() throws IOException {
        Map<String, List<String>> contract = contract();
        List<String> expected = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (String line : Files.readAllLines(Checkout.at("docs", "access.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                expected.add(line);
                List<String> read = contract.getOrDefault(row.group(1) + " " + row.group(2), List.of());
                List<String> types = read.isEmpty() ? List.of("") : read;
                StringBuilder statuses = new StringBuilder("| `" + row.group(1) + " " + row.group(2) + "` |");
                for (int caller = 0; caller < CALLERS; caller++) {
                    TreeSet<Integer> answered = new TreeSet<>();
                    for (String type : types) {
                        answered.add(status(row.group(1), row.group(2), type, caller));
                    }
                    statuses.append(' ')
                            .append(answered.size() == 1 ? answered.first() : answered)
                            .append(" |");
                }
                found.add(statuses.toString());
            }
        }
        assertEquals(String.join("\n", expected), String.join("\n", found));
    }

    @Test
    void theTableHasEveryOperationOfTheContract() throws IOException {
        TreeSet<String> table = new TreeSet<>();
        for (String line : Files.readAllLines(Checkout.at("docs", "access.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                assertTrue(table.add(row.group(1) + " " + row.group(2)), line);
            }
        }
        assertEquals(contract().keySet(), table);
    }

    /** The operations of the contract, each with the media types that it reads. */
    private static Map<String, List<String>> contract() throws IOException {
        Map<String, List<String>> contract = new TreeMap<>();
        String path = "";
        List<String> types = List.of();
        for (String line : Files.readAllLines(Checkout.at("openapi.yaml"))) {
            if (line.matches("  /\\S*:")) {
                path = line.strip().replaceAll(":$", "");
            } else if (line.matches("    (get|post|put|patch|delete):")) {
                types = new ArrayList<>();
                contract.put(line.strip().replace(":", "").toUpperCase(java.util.Locale.ROOT) + " " + path, types);
            } else if (line.matches(" {10}[a-z]+/[a-z0-9.+-]+:")) {
                types.add(line.strip().replaceAll(":$", ""));
            }
        }
        contract.put("QUERY /v1/lookups", contract.getOrDefault("POST /v1/lookups", List.of()));
        return contract;
    }

    private static int status(String method, String template, String type, int caller) {
        Household household = Household.open();
        Party owner = household.owner();
        String path = template;
        if (template.equals("/v1/declarations/{id}/repertoire")) {
            path = template.replace(
                    "{id}",
                    owner.declares(reserved("ai-training").ofRepertoire("x")));
        } else if (template.startsWith("/v1/declarations/{id}")) {
            path = template.replace("{id}", owner.reserves(Names.url()));
        } else if (template.startsWith("/v1/parties/me/keys/")) {
            path = template.replace("{id}", owner.keyId());
        } else if (template.startsWith("/v1/parties/me/controls/")) {
            path = template.replace("{id}", household.claim());
        } else if (template.equals("/v1/parties/me/mandates/{id}/declarations")) {
            path = template.replace("{id}", household.mandate(true));
        } else if (template.equals("/v1/mandates/{id}/code")) {
            path = template.replace("{id}", household.recorded("id"));
        } else if (template.startsWith("/v1/mandates/{id}")) {
            path = template.replace("{id}", household.mandate(method.equals("DELETE")));
        } else if (template.startsWith("/v1/recoveries/{id}")) {
            path = template.replace("{id}", household.recovery(template.endsWith("objection")));
        } else if (template.equals("/v1/parties/me/successor") && method.equals("DELETE")) {
            household.names();
        } else if (template.startsWith("/v1/parties/me/successions/")) {
            household.names();
            hands(owner);
            path = template.replace("{party}", owner.id());
            owner = Party.open();
        } else if (template.startsWith("/v1/parties/me/members/")) {
            household
                    .society().vouchingFor(owner)
                    .statusCode(201);
            path = template.replace("{party}", owner.id());
        } else if (template.startsWith("/v1/imports/{id}")) {
            path = template.replace("{id}", "i_" + "0".repeat(32));
        } else if (template.startsWith("/v1/range/")) {
            path = template.replace("{prefix}", "abcd");
        } else if (template.startsWith("/log/tile/")) {
            path = template.replace("{path}", "0/000.p/1");
        }
        String body = body(household, template, type);
        if (caller == 5) {
            rule(owner, "suspended", "");
        }
        RequestSpecification request = given();
        String key = caller == 3 || caller == 5 ? owner.key() : key(household, caller);
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        if (!type.isEmpty()) {
            request.header("Content-Type", type.startsWith("multipart") ? type + "; boundary=x" : type)
                    .body(body.getBytes(StandardCharsets.UTF_8));
        }
        if (template.equals("/v1/lookup")) {
            request.queryParam("subject", "isbn:9788936434120");
        } else if (template.equals("/v1/log/consistency")) {
            request.queryParam("from", 1);
        } else if (method.equals("PATCH")) {
            request.queryParam("offset", 0);
        } else if (template.equals("/v1/changes")) {
            request.queryParam("limit", 1);
        }
        return request.request(method, path).statusCode();
    }

    private static String body(Household household, String template, String type) {
        if (type.isEmpty()) {
            return "";
        }
        if (type.startsWith("multipart")) {
            return "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nisbn\n\r\n--x--\r\n";
        }
        boolean lines = type.equals("application/x-ndjson");
        String owner = household.owner().id();
        String declaration = "{\"subjects\":[\"" + Names.url() + "\"],\"stances\":{\"ai-training\":\"reserved\"}}";
        return switch (template) {
            case "/v1/parties" -> "{\"name\":\"x\",\"kind\":\"crawler\"}";
            case "/v1/parties/me/controls" -> "{\"subject\":\"domain:" + Names.domain() + "\"}";
            case "/v1/parties/me/members" -> "{\"party\":\"" + Party.open().id() + "\"}";
            case "/v1/operator/controls", "/v1/parties/me/control-records" ->
                "{\"party\":\"" + owner + "\",\"subject\":\"domain:" + Names.domain() + "\",\"reason\":\"x\"}";
            case "/v1/operator/control-revocations" -> {
                String domain = "domain:" + Names.domain();
                household.owner().controls(domain);
                yield "{\"party\":\"" + owner + "\",\"subject\":\"" + domain + "\",\"reason\":\"x\"}";
            }
            case "/v1/parties/me/successor" -> "{\"party\":\"" + Party.open().id() + "\"}";
            case "/v1/recoveries" -> {
                String domain = "domain:" + Names.domain();
                household.owner().controls(domain);
                yield "{\"party\":\"" + owner + "\",\"subject\":\"" + domain + "\"}";
            }
            case "/v1/operator/successions" -> {
                household.names();
                yield "{\"party\":\"" + owner + "\",\"reason\":\"x\"}";
            }
            case "/v1/operator/decisions" -> "{\"party\":\"" + owner + "\",\"decision\":\"verified\",\"reason\":\"x\"}";
            case "/v1/declarations/{id}/repertoire" ->
                lines ? "{\"add\":\"" + Names.url() + "\"}\n" : "{\"add\":[\"" + Names.url() + "\"]}";
            case "/v1/mandates" -> "{\"member\":\"" + Party.open().id() + "\"}";
            case "/v1/mandates/batch" -> lines ? "{\"memberNumber\":\"1\"}\n" : "memberNumber\r\n1\r\n";
            case "/v1/mandates/claims" -> "{\"code\":\"" + household.recorded("code") + "\"}";
            case "/v1/imports", "/v1/imports/{id}" -> "isbn\n9788936434120\n";
            case "/v1/imports/{id}/plan" -> "{}";
            case "/v1/subjects/parse" -> "{\"texts\":[\"978-89-364-3412-0\"]}";
            case "/v1/lookups" ->
                lines
                        ? "{\"subjects\":[\"isbn:9788936434120\"]}\n"
                        : "{\"items\":[{\"subjects\":[\"isbn:9788936434120\"]}]}";
            case "/v1/receipts/verify" -> "{\"receipt\":\"e30.e30.e30\"}";
            case "/api/v2/query/urls/" -> "https://example.com/";
            default -> template.startsWith("/v1/declarations") ? declaration : "";
        };
    }

    /** As the columns of the table stand. */
    private static String key(Household household, int caller) {
        return switch (caller) {
            case 0 -> "";
            case 1 -> revokedKey();
            case 2 -> Party.open().key();
            case 3, 5 -> household.owner().key();
            case 4 -> household.society().key();
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
