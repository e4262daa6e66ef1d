package org.askfirst.registry.house;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.item;
import static org.askfirst.testkit.Asker.items;
import static org.askfirst.testkit.Draft.permitted;
import static org.askfirst.testkit.Draft.reserved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Year;
import java.time.ZoneOffset;
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
    private static final Pattern ROW =
            Pattern.compile("\\| `([A-Z]+) (\\S+)` \\|((?: \\d{3} \\|){7}) (full|declare|read|look-up|test|–) \\|");
    private static final int CALLERS = 7;

    /** The number of the column of the party itself. */
    private static final int PARTY = 3;

    /** The scopes that a call with a key of the scope may need. */
    private static final Map<String, Set<String>> COVERED = Map.of(
            "declare",
            Set.of("declare", "read", "test"),
            "read",
            Set.of("read"),
            "look-up",
            Set.of("look-up"),
            "test",
            Set.of("test", "read", "look-up"));

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
                String id = memberRecovery();
                society.confirmingRecovery(owner, id).statusCode(200);
                return id;
            }
            String domain = "domain:" + Names.domain();
            owner.controls(domain);
            return Answers.id(given().contentType("application/json")
                    .body(Bodies.object("party", owner.id(), "subject", domain).toString())
                    .post("/v1/recoveries"));
        }

        /** A recovery that the society may confirm. */
        String memberRecovery() {
            society.vouchesFor(owner);
            makeMembershipsOlder(owner, Duration.ofDays(31));
            return owner.startingRecovery(society).statusCode(201).extract().path("id");
        }

        /** A declaration of a stranger about a site of the owner. */
        String claimed() {
            return Party.open().reserves(claimedSite().replace("domain:", "url:https://") + "/x");
        }

        String claimedSite() {
            String site = "domain:" + Names.domain();
            owner.controls(site);
            return site;
        }

        /** A dispute that the owner filed, or one against the owner. */
        String dispute(boolean againstOwner) {
            Party challenger = againstOwner ? Party.open() : owner;
            Party respondent = againstOwner ? owner : Party.open();
            return Answers.id(challenger
                    .says(Map.of("declaration", respondent.reserves(Names.url()), "grounds", "other", "statement", "x"))
                    .post("/v1/disputes"));
        }

        /** A license request that the owner sent, or one to the owner. */
        String licenseRequest(boolean toOwner) {
            owner.says(Map.of("contact", "mailto:owner@example.com")).patch("/v1/parties/me");
            Party asker = toOwner ? Party.open() : owner;
            return asker.says(licenseDraft(toOwner ? owner : Party.openReachable()))
                    .post("/v1/license-requests")
                    .then()
                    .statusCode(200)
                    .extract()
                    .path("requests[0].id");
        }

        /** An address that a third party permits everybody to use. */
        String address() {
            Party third = Party.open();
            String url = Names.url();
            third.controls(url);
            third.declares(permitted("ai-training").of(url));
            return url.substring("url:".length());
        }

        void asksOperator() {
            owner.says(Map.of("wants", "verification", "statement", "x"))
                    .put("/v1/parties/me/operator-request")
                    .then()
                    .statusCode(200);
        }

        /** A proposal of the operator's second key. */
        String proposal() {
            names();
            return Answers.id(given().header("Authorization", "Bearer " + Party.secondOperatorKey())
                    .contentType("application/json")
                    .body(Bodies.object("party", owner.id(), "reason", "x").toString())
                    .post("/v1/operator/successions"));
        }

        /** A dispute of others that waits for the decision of the owner. */
        String arbitrated() {
            Party challenger = Party.open();
            Party respondent = Party.open();
            String id = Answers.id(challenger
                    .says(Map.of("declaration", respondent.reserves(Names.url()), "grounds", "other", "statement", "x"))
                    .post("/v1/disputes"));
            respondent.says(Map.of("step", "answer", "statement", "x")).post("/v1/disputes/" + id + "/steps");
            challenger.says(Map.of("step", "continue")).post("/v1/disputes/" + id + "/steps");
            OperatorClient.ofService().namingArbiter(id, owner).statusCode(201);
            return id;
        }

        /** A grant that the owner gave to a stranger. */
        String grant() {
            return Answers.id(owner.says(grantOf(Party.open().id()))
                    .post("/v1/grants")
                    .then()
                    .statusCode(201));
        }

        /** The path of a usage report of the owner, filed unless the call is one before it is filed. */
        String report(String method, String template) {
            Party licensor = Party.open();
            String grant = Answers.id(
                    licensor.says(grantOf(owner.id())).post("/v1/grants").then().statusCode(201));
            String period = String.valueOf(Year.now(ZoneOffset.UTC));
            String report = "/v1/grants/" + grant + "/reports/" + period + "/1";
            owner.says(Map.of()).put(report).then().statusCode(200);
            if (!method.equals("PATCH") && !method.equals("DELETE")) {
                owner.asks()
                        .contentType("application/x-ndjson")
                        .body("{}\n")
                        .patch(report + "/lines")
                        .then()
                        .statusCode(200);
                owner.says(Map.of("lines", 1)).put(report + "/filing").then().statusCode(200);
            }
            if (template.endsWith("answer")) {
                licensor.says(Map.of("text", "x"))
                        .put(report + "/disputes/1")
                        .then()
                        .statusCode(200);
            }
            return template.replace("{id}", grant)
                    .replace("{period}", period)
                    .replace("{revision}", "1")
                    .replace("{line}", "1");
        }

        static Map<String, Object> grantOf(String licensee) {
            Map<String, Object> terms = Map.of(
                    "uses",
                    List.of("ai-training"),
                    "model",
                    Map.of("scope", "any"),
                    "validTo",
                    "2999-01-01T00:00:00Z",
                    "price",
                    Map.of("basis", "free"));
            Map<String, Object> works = Map.of("everything", true);
            return licensee.isEmpty()
                    ? Map.of("works", works, "terms", terms)
                    : Map.of("licensee", licensee, "works", works, "terms", terms);
        }

        String rejection() {
            return Answers.id(owner.rejects(claimed()));
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
                found.add(statuses + " " + row.group(4) + " |");
            }
        }
        assertEquals(String.join("\n", expected), String.join("\n", found));
    }

    @Test
    void aKeyOfASmallerScopeMayDoWhatTheTableSays() throws IOException {
        Map<String, Set<String>> contract = contract();
        List<String> wrong = new ArrayList<>();
        for (String line : Files.readAllLines(Checkout.at("docs", "access.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches() && !row.group(4).equals("–")) {
                String operation = row.group(1) + " " + row.group(2);
                String type = contract.getOrDefault(operation, Set.of()).stream()
                        .findFirst()
                        .orElse("");
                String status = row.group(3).split("\\|", -1)[PARTY].strip();
                COVERED.forEach((scope, covered) -> {
                    int allowed = status.equals("201") && scope.equals("test") ? 200 : Integer.parseInt(status);
                    int expected = covered.contains(row.group(4)) ? allowed : 403;
                    int answered = status(row.group(1), row.group(2), type, PARTY, scope);
                    if (answered != expected) {
                        wrong.add(operation + " with a key to " + scope + ": " + answered + ", not " + expected);
                    }
                });
            }
        }
        assertEquals(List.of(), wrong);
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
        return status(method, template, type, caller, "full");
    }

    private static int status(String method, String template, String type, int caller, String scope) {
        Household household = Household.open();
        Party owner = household.owner();
        String path = template;
        if (template.equals("/v1/declarations/{id}/repertoire")) {
            path = template.replace(
                    "{id}",
                    owner.declares(reserved("ai-training").ofRepertoire("x")).id());
        } else if (template.startsWith("/v1/declarations/{id}")) {
            path = template.replace("{id}", owner.reserves(Names.url()));
        } else if (template.equals("/badge/{id}.svg")) {
            path = template.replace("{id}", owner.reserves(Names.url()));
        } else if (template.equals("/v1/parties/{id}") || template.equals("/v1/parties/{id}/declarations")) {
            path = template.replace("{id}", owner.id());
        } else if (template.equals("/v1/parties/{id}/messages")) {
            owner.says(Map.of("relay", true)).patch("/v1/parties/me").then().statusCode(200);
            path = template.replace("{id}", owner.id());
        } else if (template.startsWith("/v1/contact-links/")) {
            path = template.replace("{token}", "0".repeat(64));
        } else if (template.startsWith("/v1/parties/me/keys/")) {
            path = template.replace("{id}", owner.keyId());
        } else if (template.startsWith("/v1/sessions/{id}")) {
            path = template.replace(
                    "{id}",
                    Answers.id(owner.says(Map.of()).post("/v1/sessions").then().statusCode(201)));
        } else if (template.startsWith("/v1/parties/me/webhook") && !method.equals("PUT")) {
            owner.setsWebhook("https://" + Names.domain() + "/");
        } else if (template.startsWith("/v1/parties/me/controls/")) {
            path = template.replace("{id}", household.claim());
        } else if (template.equals("/v1/parties/me/mandates/{id}/declarations")) {
            path = template.replace("{id}", household.mandate(true));
        } else if (template.equals("/v1/mandates/{id}/code")) {
            path = template.replace("{id}", household.recorded("id"));
        } else if (template.startsWith("/v1/license-requests/{id}")) {
            path = template.replace("{id}", household.licenseRequest(template.endsWith("steps")));
        } else if (template.equals("/v1/offers/{id}")) {
            path = template.replace("{id}", Answers.id(owner.says(offer()).post("/v1/offers")));
        } else if (template.equals("/v1/disputes/{id}/decision")) {
            path = template.replace("{id}", household.arbitrated());
        } else if (template.startsWith("/v1/disputes/{id}")) {
            path = template.replace("{id}", household.dispute(template.endsWith("steps")));
        } else if (template.startsWith("/v1/grants/{id}/reports")) {
            path = household.report(method, template);
        } else if (template.startsWith("/v1/grants/{id}")) {
            path = template.replace("{id}", household.grant());
        } else if (template.startsWith("/v1/rejections/{id}")) {
            path = template.replace("{id}", household.rejection());
        } else if (template.startsWith("/v1/mandates/{id}")) {
            path = template.replace("{id}", household.mandate(method.equals("DELETE")));
        } else if (template.startsWith("/v1/recoveries/{id}")) {
            path = template.replace("{id}", household.recovery(template.endsWith("objection")));
        } else if (template.equals("/v1/parties/me/successor") && method.equals("DELETE")) {
            household.names();
        } else if (template.equals("/v1/operator/requests/{party}")) {
            household.asksOperator();
            path = template.replace("{party}", owner.id());
        } else if (template.equals("/v1/parties/me/operator-request") && method.equals("DELETE")) {
            household.asksOperator();
        } else if (template.startsWith("/v1/operator/proposals/{id}")) {
            path = template.replace("{id}", household.proposal());
        } else if (template.startsWith("/v1/parties/me/successions/")) {
            household.names();
            OperatorClient.ofService().transfers(owner);
            path = template.replace("{party}", owner.id());
            owner = Party.open();
        } else if (template.startsWith("/v1/parties/me/members/")) {
            if (!template.endsWith("recovery")) {
                household.society().offeringToVouchFor(owner).statusCode(201);
            }
            path = template.replace("{party}", owner.id());
        } else if (template.startsWith("/v1/parties/me/memberships/")) {
            household.society().offeringToVouchFor(owner).statusCode(201);
            path = template.replace("{body}", household.society().id());
        } else if (template.startsWith("/v1/parties/me/passkeys/{id}")) {
            path = template.replace("{id}", "pk_" + "0".repeat(16));
        } else if (template.startsWith("/v1/imports/{id}")) {
            path = template.replace("{id}", "i_" + "0".repeat(32));
        } else if (template.startsWith("/v1/range/")) {
            path = template.replace("{prefix}", "abcd");
        } else if (template.startsWith("/snapshot/")) {
            path = template.replace("{name}", "000000000001.segment");
        } else if (template.startsWith("/log/tile/")) {
            path = template.replace("{path}", "0/000.p/1");
        }
        String body = type.equals("application/x-www-form-urlencoded")
                ? form(household, template)
                : body(household, template, type);
        if (caller == 5) {
            OperatorClient.ofService().decides(owner, "suspended");
        }
        RequestSpecification request = given();
        String key = caller == 3 || caller == 5 ? owner.key() : key(household, caller);
        if (!scope.equals("full")) {
            key = owner.says(Map.of("scope", scope))
                    .post("/v1/parties/me/keys")
                    .then()
                    .statusCode(201)
                    .extract()
                    .path("key");
        }
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        if (!type.isEmpty()) {
            request.header("Content-Type", type.startsWith("multipart") ? type + "; boundary=x" : type)
                    .body(body.getBytes(StandardCharsets.UTF_8));
        }
        if (template.equals("/v1/parties/me") && method.equals("DELETE")) {
            request.queryParam("party", idOf(key));
        } else if (template.equals("/v1/lookup")) {
            request.queryParam("subject", "isbn:9788936434120");
        } else if (template.equals("/olp/license")) {
            request.queryParam("resource", household.address());
        } else if (template.equals("/olp/access")) {
            request.queryParam("resource", "https://example.com/");
        } else if (template.equals("/v1/search")) {
            request.queryParam("q", "봄의 끝");
        } else if (template.equals("/v1/log/consistency")) {
            request.queryParam("from", 1);
        } else if (method.equals("PATCH") && template.startsWith("/v1/imports/")) {
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

    /** A call of the Open License Protocol about something that everybody may use. */
    private static String form(Household household, String template) {
        return template.equals("/olp/token")
                ? "grant_type=client_credentials&resource=" + household.address()
                        + "&license=<license><permits type=\"usage\">ai-train</permits></license>"
                : "token=afl_" + "0".repeat(64);
    }

    /** A call that asks for a license of a work of the party. */
    private static Map<String, Object> licenseDraft(Party licensor) {
        String work = Names.url();
        licensor.reserves(work);
        return Map.of(
                "items",
                List.of(Map.of("subjects", List.of(work))),
                "terms",
                Map.of(
                        "uses",
                        List.of("ai-training"),
                        "model",
                        Map.of("scope", "any"),
                        "validTo",
                        "2100-01-01T00:00:00Z"));
    }

    private static Map<String, Object> offer() {
        return Map.of("template", "negotiated");
    }

    private static Object tree(Household household, String template, boolean lines) {
        String owner = household.owner().id();
        return switch (template) {
            case "/v1/parties" -> Map.of("name", "x", "kind", "crawler");
            case "/v1/parties/me" -> Map.of("name", "y");
            case "/v1/parties/{id}/messages" -> Map.of("name", "x", "replyTo", "x@example.com", "message", "May we?");
            case "/v1/contact-links/{token}" -> Map.of("answer", "confirm");
            case "/v1/grants" -> Household.grantOf(Party.open().id());
            case "/v1/grants/{id}/revocation" -> Map.of();
            case "/v1/grants/{id}/supersession" -> Household.grantOf("");
            case "/v1/grants/{id}/reports/{period}/{revision}" -> Map.of();
            case "/v1/grants/{id}/reports/{period}/{revision}/lines" -> lines ? Map.of() : "work\n";
            case "/v1/grants/{id}/reports/{period}/{revision}/filing" -> Map.of("lines", 1);
            case "/v1/grants/{id}/reports/{period}/{revision}/disputes/{line}" -> Map.of("text", "x");
            case "/v1/grants/{id}/reports/{period}/{revision}/disputes/{line}/answer" -> Map.of("outcome", "rejected");
            case "/v1/parties/me/distribution-key" -> Map.of("deduction", "10");
            case "/v1/parties/me/keys" -> Map.of("label", "z");
            case "/v1/sessions" -> Map.of();
            case "/v1/sessions/mails" -> Map.of("address", "haneul@example.com");
            case "/v1/parties/me/passkeys" -> Map.of("challenge", "x", "credential", Map.of());
            case "/v1/parties/me/passkeys/{id}" -> Map.of("label", "x");
            case "/v1/parties/me/webhook" -> Map.of("url", "https://" + Names.domain() + "/");
            case "/v1/parties/me/controls" -> Map.of("subject", "domain:" + Names.domain());
            case "/v1/parties/me/members" -> Map.of("party", Party.open().id());
            case "/v1/parties/me/members/{party}/recovery" -> Map.of("recovery", household.memberRecovery());
            case "/v1/parties/me/memberships/{body}/acceptance" -> Map.of("mayRecover", true);
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
                Party.operatorKey();
                Party.secondOperatorKey();
                household.names();
                yield Map.of("party", owner, "reason", "x");
            }
            case "/v1/offers", "/v1/offers/{id}" -> offer();
            case "/v1/license-requests" -> licenseDraft(Party.openReachable());
            case "/v1/license-requests/answers" ->
                Map.of("offer", Answers.id(household.owner().says(offer()).post("/v1/offers")));
            case "/v1/license-requests/{id}/steps" -> Map.of("step", "refuse");
            case "/v1/disputes" ->
                Map.of("declaration", Party.open().reserves(Names.url()), "grounds", "other", "statement", "x");
            case "/v1/disputes/{id}/steps" -> Map.of("step", "answer", "statement", "x");
            case "/v1/disputes/{id}/decision" -> Map.of("outcome", "upheld", "reason", "x");
            case "/v1/operator/dispute-arbiters" ->
                Map.of(
                        "dispute",
                        household.dispute(false),
                        "party",
                        Party.open().id(),
                        "reason",
                        "x");
            case "/v1/operator/dispute-defects" -> Map.of("dispute", household.dispute(false), "reason", "x");
            case "/v1/rejections" -> Map.of("declaration", household.claimed());
            case "/v1/rejections/below" -> Map.of("subject", household.claimedSite());
            case "/v1/operator/dispute-decisions" ->
                Map.of("declaration", household.owner().reserves(Names.url()), "outcome", "set-aside", "reason", "x");
            case "/v1/operator/decisions" -> OperatorClient.decision(household.owner(), "verified");
            case "/v1/parties/me/operator-request" -> Map.of("wants", "verification", "statement", "x");
            case "/v1/operator/measures" ->
                Map.of("measure", "hide", "party", owner, "ground", "impersonation", "reason", "x");
            case "/v1/operator/budgets" -> Map.of("party", household.owner().id(), "works", 1_000_000, "reason", "x");
            case "/v1/declarations/statuses" ->
                Map.of("declarations", List.of(household.owner().reserves(Names.url())));
            case "/v1/declarations/{id}/repertoire" ->
                lines ? Map.of("add", Names.url()) : Map.of("add", List.of(Names.url()));
            case "/v1/mandates" -> Offer.toMember(Party.open());
            case "/v1/mandates/batch" -> Map.of("memberNumber", "1");
            case "/v1/mandates/claims" -> Map.of("code", household.recorded("code"));
            case "/v1/imports", "/v1/imports/{id}", "/v1/tables" -> "isbn\n9788936434120\n";
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

    /** The id of the party with that key; any text if there is none. */
    private static String idOf(String key) {
        return String.valueOf(given().header("Authorization", "Bearer " + key)
                .get("/v1/parties/me")
                .jsonPath()
                .<Object>get("id"));
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
        party.says(Bodies.object()).post("/v1/parties/me/keys").then().statusCode(201);
        party.asks().delete("/v1/parties/me/keys/" + party.keyId()).then().statusCode(204);
        return party.key();
    }
}
