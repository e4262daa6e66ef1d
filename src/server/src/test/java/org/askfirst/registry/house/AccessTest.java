package org.askfirst.registry.house;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.item;
import static org.askfirst.testkit.Asker.items;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Checkout;
import org.askfirst.testkit.LoopbackInternet;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Offer;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.contract.Contract;
import org.askfirst.testkit.contract.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Who may do what: the table of {@code docs/access.md}, tried cell by cell, for every operation of the contract in every
 * form that it reads.
 */
@QuarkusTest
class AccessTest extends RegistryTest {
    private static final Pattern ROW = Pattern.compile("\\| `([A-Z]+) (\\S+)` \\|((?: \\d{3} \\|){7})");
    private static final int CALLERS = 7;

    @RegisterExtension
    static final LoopbackInternet INTERNET = new LoopbackInternet();

    /** The party whose things are acted upon, and the society that it has given a mandate. */
    private record Household(Party owner, Party society) {
        static Household open() {
            Party owner = Party.open();
            Party society = Party.open();
            OperatorClient.ofService().letsVouch(society, "url", "ipi", "domain");
            return new Household(owner, society);
        }

        String mandate(boolean accepted) {
            String id = society.offersMandate(Offer.toMember(owner)).id();
            if (accepted) {
                owner.acceptingMandate(id).statusCode(200);
            }
            return id;
        }

        /** A mandate of a member who is not known: its id, or the code to claim it. */
        String recorded(String member) {
            return society.recordsMember("1").path(member).asText();
        }

        void names() {
            owner.namesSuccessor(society);
        }

        String recovery(boolean waiting) {
            if (waiting) {
                society.vouchingFor(owner).statusCode(201);
                return Answers.id(society.asks().post("/v1/parties/me/members/" + owner.id() + "/recovery"));
            }
            String domain = "domain:" + Names.domain();
            owner.controls(domain);
            return Answers.id(given().contentType("application/json")
                    .body(Bodies.object("party", owner.id(), "subject", domain).toString())
                    .post("/v1/recoveries"));
        }

        String claim() {
            return Answers.id(owner.challenging("domain:" + Names.domain()));
        }
    }

    @Test
    void everyoneMayDoWhatTheTableSays() throws IOException {
        Map<String, Set<String>> contract = contract();
        List<String> expected = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (String line : Files.readAllLines(Checkout.at("docs", "access.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                expected.add(line);
                Set<String> read = contract.getOrDefault(row.group(1) + " " + row.group(2), Set.of());
                Set<String> types = read.isEmpty() ? Set.of("") : read;
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
    private static Map<String, Set<String>> contract() {
        Map<String, Set<String>> contract = new TreeMap<>();
        for (Operation operation : Contract.ofRepository().operations()) {
            contract.put(operation.method() + " " + operation.template(), operation.consumes());
        }
        contract.put("QUERY " + Contract.QUERY_PATH, contract.getOrDefault("POST " + Contract.QUERY_PATH, Set.of()));
        return contract;
    }

    private static int status(String method, String template, String type, int caller) {
        Household household = Household.open();
        Party owner = household.owner();
        String path = template;
        if (template.equals("/v1/declarations/{id}/repertoire")) {
            path = template.replace(
                    "{id}",
                    owner.declares(reserved("ai-training").ofRepertoire("x")).id());
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
            OperatorClient.ofService().transferring(owner).statusCode(201);
            path = template.replace("{party}", owner.id());
            owner = Party.open();
        } else if (template.startsWith("/v1/parties/me/members/")) {
            household.society().vouchingFor(owner).statusCode(201);
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
            OperatorClient.ofService().decides(owner, "suspended");
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
        Object body = tree(household, template, type.equals("application/x-ndjson"));
        return type.equals("text/csv") && template.equals("/v1/mandates/batch")
                ? "memberNumber\r\n1\r\n"
                : Bodies.text(body);
    }

    private static Object tree(Household household, String template, boolean lines) {
        String owner = household.owner().id();
        return switch (template) {
            case "/v1/parties" -> Map.of("name", "x", "kind", "crawler");
            case "/v1/parties/me/controls" -> Map.of("subject", "domain:" + Names.domain());
            case "/v1/parties/me/members" -> Map.of("party", Party.open().id());
            case "/v1/operator/controls", "/v1/parties/me/control-records" ->
                Map.of("party", owner, "subject", "domain:" + Names.domain(), "reason", "x");
            case "/v1/operator/control-revocations" -> {
                String domain = "domain:" + Names.domain();
                household.owner().controls(domain);
                yield Map.of("party", owner, "subject", domain, "reason", "x");
            }
            case "/v1/parties/me/successor" -> Map.of("party", Party.open().id());
            case "/v1/recoveries" -> {
                String domain = "domain:" + Names.domain();
                household.owner().controls(domain);
                yield Map.of("party", owner, "subject", domain);
            }
            case "/v1/operator/successions" -> {
                household.names();
                yield Map.of("party", owner, "reason", "x");
            }
            case "/v1/operator/decisions" -> OperatorClient.decision(household.owner(), "verified");
            case "/v1/declarations/{id}/repertoire" ->
                lines ? Map.of("add", Names.url()) : Map.of("add", List.of(Names.url()));
            case "/v1/mandates" -> Offer.toMember(Party.open());
            case "/v1/mandates/batch" -> Map.of("memberNumber", "1");
            case "/v1/mandates/claims" -> Map.of("code", household.recorded("code"));
            case "/v1/imports", "/v1/imports/{id}" -> "isbn\n9788936434120\n";
            case "/v1/imports/{id}/plan" -> Map.of();
            case "/v1/subjects/parse" -> Map.of("texts", List.of("978-89-364-3412-0"));
            case "/v1/lookups" -> lines ? item("a", "isbn:9788936434120") : items(item("a", "isbn:9788936434120"));
            case "/v1/receipts/verify" -> Map.of("receipt", "e30.e30.e30");
            case "/api/v2/query/urls/" -> "https://example.com/";
            default ->
                template.startsWith("/v1/declarations")
                        ? reserved("ai-training").of(Names.url())
                        : "";
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
