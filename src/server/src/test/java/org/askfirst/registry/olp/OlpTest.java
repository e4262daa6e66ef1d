package org.askfirst.registry.olp;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.anybody;
import static org.askfirst.testkit.Draft.permitted;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The Open License Protocol over HTTP. The requests are built from RSL 1.0, sections 5 and 6: HTTP Basic, a form, the
 * whole {@code <license>} element and the {@code url} of its {@code <content>}.
 */
@QuarkusTest
class OlpTest extends RegistryTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String TRAINING = "<license><permits type=\"usage\">ai-train</permits></license>";
    private static final String PAID = "<license xmlns=\"https://rslstandard.org/rsl\"><permits type=\"usage\">ai-train"
            + "</permits><permits type=\"user\">commercial</permits><payment type=\"training\"/></license>";

    @Inject
    DataSource dataSource;

    private Party crawler = new Party("", "", "");
    private Party novelist = new Party("", "", "");
    private String subject = "";
    private String page = "";

    @BeforeEach
    void aNovelistReserves() {
        crawler = Party.open();
        novelist = Party.openReachable();
        subject = Names.url();
        page = subject.substring("url:".length());
        novelist.controls(subject);
        novelist.declares(reserved("ai-training").of(subject));
    }

    private static RequestSpecification client(Party party) {
        return basic(party.id(), party.key());
    }

    private static RequestSpecification basic(String id, String secret) {
        return given().header("Authorization", "Basic " + base64(id + ":" + secret));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String form(Map<String, String> parameters) {
        StringJoiner form = new StringJoiner("&");
        parameters.forEach((name, value) -> form.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return form.toString();
    }

    private static Response posting(RequestSpecification client, String path, String form) {
        return client.contentType(FORM)
                .body(form.getBytes(StandardCharsets.UTF_8))
                .post(path);
    }

    private static ValidatableResponse acquiring(RequestSpecification client, String resource, String license) {
        return posting(
                        client,
                        "/olp/token",
                        form(new TreeMap<>(
                                Map.of("grant_type", "client_credentials", "resource", resource, "license", license))))
                .then();
    }

    private ValidatableResponse acquiring(String license) {
        return acquiring(client(crawler), page, license);
    }

    private String token(String license) {
        return acquiring(license)
                .statusCode(200)
                .body("access_token", startsWith("afl_"))
                .body("token_type", equalTo("License"))
                .body("expires_in", allOf(greaterThan(0), lessThanOrEqualTo(86_400)))
                .extract()
                .path("access_token");
    }

    private static ValidatableResponse introspecting(Party reader, String token, String resource) {
        return posting(
                        client(reader),
                        "/olp/introspect",
                        form(new TreeMap<>(Map.of("token", token, "resource", resource))))
                .then()
                .statusCode(200);
    }

    private static ValidatableResponse accessing(String token, String resource, String... use) {
        RequestSpecification crawling = given().queryParam("resource", resource);
        if (!token.isEmpty()) {
            crawling.header("Authorization", "License " + token);
        }
        if (use.length > 0) {
            crawling.queryParam("use", use[0]);
        }
        return crawling.get("/olp/access").then();
    }

    private static Map<String, Object> terms(String use, Map<String, ?> price) {
        return Map.of("uses", List.of(use), "model", Map.of("scope", "any"), "price", price);
    }

    private String offers(String acceptance, Map<String, Object> terms) {
        return Answers.id(novelist.says(Map.of("terms", terms, "acceptance", acceptance))
                .post("/v1/offers")
                .then()
                .statusCode(201));
    }

    /** The licenses of the document about the page, as a client cuts them out of it. */
    private List<String> discovered() {
        String document = given().queryParam("resource", page)
                .get("/olp/license")
                .then()
                .statusCode(200)
                .contentType("application/rsl+xml")
                .extract()
                .asString();
        assertTrue(document.contains("<content url=\"" + page + "\" server=\"http://localhost"), document);
        assertTrue(document.contains("contactEmail="), document);
        List<String> licenses = new ArrayList<>();
        Matcher license = Pattern.compile("<license[^>]*>.*?</license>").matcher(document);
        while (license.find()) {
            licenses.add(license.group());
        }
        return licenses;
    }

    private String requestOf(ValidatableResponse pending) {
        return pending.statusCode(400)
                .body("error", equalTo("authorization_pending"))
                .body("interval", greaterThan(0))
                .body("license_request", notNullValue())
                .extract()
                .path("license_request");
    }

    private static void stepping(Party party, String request, Map<String, ?> step) {
        party.says(step)
                .post("/v1/license-requests/" + request + "/steps")
                .then()
                .statusCode(200);
    }

    @Test
    void aClientFindsTheLicenseAcquiresItAndLosesItWithTheGrant() {
        offers("automatic", terms("ai-training", Map.of("basis", "flat", "amount", "500", "currency", "KRW")));
        accessing("", page)
                .statusCode(401)
                .header("WWW-Authenticate", startsWith("License error=\"invalid_token\""))
                .header("Link", containsString("rel=\"license\"; type=\"application/rsl+xml\""));
        List<String> licenses = discovered();
        assertEquals(1, licenses.size());
        assertTrue(licenses.get(0).contains("<amount currency=\"KRW\">500</amount>"), licenses.get(0));
        String token = token(licenses.get(0));
        String grant = introspecting(crawler, token, page)
                .body("active", equalTo(true))
                .body("token_type", equalTo("License"))
                .body("permitted", equalTo(true))
                .body("resource", equalTo(page))
                .body("license", containsString("<permits type=\"usage\">ai-train</permits>"))
                .body("grants", hasSize(1))
                .extract()
                .path("grants[0]");
        accessing(token, page).statusCode(204);
        accessing(token, page, "ai-train").statusCode(204);
        accessing(token, page, "ai-input")
                .statusCode(403)
                .header("WWW-Authenticate", startsWith("License error=\"insufficient_scope\""));
        accessing(token, page + "2")
                .statusCode(402)
                .header("WWW-Authenticate", startsWith("License error="))
                .header("Link", containsString("rel=\"license\""));
        assertEquals("ask", anybody().asks(subject).of("ai-training").verdict());
        novelist.says(Map.of())
                .post("/v1/grants/" + grant + "/revocation")
                .then()
                .statusCode(201);
        introspecting(crawler, token, page).body("active", equalTo(false)).body("license", nullValue());
        accessing(token, page).statusCode(401);
        // The same license can be had again at once.
        assertNotEquals(token, token(licenses.get(0)));
    }

    @Test
    void aSupersededGrantEndsItsTokens() {
        offers("automatic", terms("ai-training", Map.of("basis", "free")));
        String token = token(TRAINING);
        String grant = introspecting(crawler, token, page).extract().path("grants[0]");
        novelist.says(Map.of(
                        "works",
                        Map.of("subjects", List.of(subject)),
                        "terms",
                        Map.of(
                                "uses",
                                List.of("ai-training"),
                                "model",
                                Map.of("scope", "any"),
                                "validTo",
                                "2999-01-01T00:00:00Z",
                                "price",
                                Map.of("basis", "free"))))
                .post("/v1/grants/" + grant + "/supersession")
                .then()
                .statusCode(201);
        introspecting(crawler, token, page).body("active", equalTo(false));
        String next = token(TRAINING);
        introspecting(crawler, next, page).body("active", equalTo(true)).body("permitted", equalTo(true));
    }

    @Test
    void aRequestStaysPendingUntilTheLicensorDecides() {
        String request = requestOf(acquiring(PAID));
        assertEquals(request, requestOf(acquiring(PAID)));
        assertEquals(request, requestOf(acquiring(" " + PAID + "\n")));
        novelist.asks()
                .queryParam("side", "licensor")
                .get("/v1/license-requests")
                .then()
                .body("requests", hasSize(1));
        novelist.asks()
                .get("/v1/license-requests/" + request)
                .then()
                .body("purpose", containsString("Users: commercial"));
        stepping(novelist, request, Map.of("step", "accept"));
        String token = token(PAID);
        introspecting(novelist, token, page).body("active", equalTo(true)).body("permitted", equalTo(true));
        accessing(token, page).statusCode(204);
    }

    @Test
    void aRefusedLicenseIsNotAskedForAgain() {
        String request = requestOf(acquiring(PAID));
        stepping(novelist, request, Map.of("step", "refuse"));
        for (int i = 0; i < 2; i++) {
            acquiring(PAID)
                    .statusCode(403)
                    .body("error", equalTo("invalid_license"))
                    .body("license_request", equalTo(request));
        }
        crawler.asks().get("/v1/license-requests").then().body("requests", hasSize(1));
    }

    @Test
    void aCounterOfferWaitsForTheClient() {
        String request = requestOf(acquiring(PAID));
        Map<String, Object> terms = new TreeMap<>(terms("ai-training", Map.of("basis", "free")));
        terms.put("validTo", "2999-01-01T00:00:00Z");
        stepping(novelist, request, Map.of("step", "counter", "terms", terms));
        acquiring(PAID)
                .statusCode(400)
                .body("error", equalTo("authorization_pending"))
                .body("error_description", containsString("/v1/license-requests/" + request));
        stepping(crawler, request, Map.of("step", "accept"));
        token(PAID);
    }

    @Test
    void manyEqualCallsAtOnceAskOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Integer> call = () -> acquiring(PAID).extract().statusCode();
            List<Callable<Integer>> calls = List.of(call, call, call, call, call, call);
            for (Future<Integer> answer : threads.invokeAll(calls)) {
                assertEquals(400, answer.get());
            }
        } finally {
            threads.shutdownNow();
        }
        crawler.asks().get("/v1/license-requests").then().body("requests", hasSize(1));
    }

    @Test
    void aGrantThatWasGivenOtherwiseHasTokensToo() {
        String grant = Answers.id(novelist.says(Map.of(
                        "licensee",
                        crawler.id(),
                        "works",
                        Map.of("subjects", List.of(subject)),
                        "terms",
                        Map.of(
                                "uses",
                                List.of("generative-ai-training"),
                                "model",
                                Map.of("scope", "model-version", "name", "Hangang <2>", "version", "2"),
                                "territory",
                                List.of("KR"),
                                "validTo",
                                Instant.now().plus(1, ChronoUnit.HOURS).toString(),
                                "price",
                                Map.of("basis", "free"))))
                .post("/v1/grants")
                .then()
                .statusCode(201));
        String usage = "<permits type=\"usage\">af:generative-ai-training</permits>";
        String mine = "<license xmlns:af=\"https://askfirst.org/ns/rsl\">" + usage
                + "<payment type=\"purchase\"><standard>https://registry.example/v1/grants/" + grant
                + "</standard></payment></license>";
        ValidatableResponse issued = acquiring(mine).statusCode(200).body("expires_in", lessThanOrEqualTo(3_600));
        String license = introspecting(crawler, issued.extract().path("access_token"), page)
                .body("permitted", equalTo(true))
                .extract()
                .path("license");
        assertTrue(license.contains("name=\"Hangang &lt;2&gt;\""), license);
        assertTrue(license.contains("<permits type=\"geo\">KR</permits>"), license);
        // What the registry writes, it reads.
        acquiring(license).statusCode(200);
        // More than the grant permits has to be asked for.
        requestOf(acquiring("<license xmlns:af=\"https://askfirst.org/ns/rsl\">" + usage
                + "<payment type=\"training\"/></license>"));
        // The grant of somebody else is none.
        acquiring(client(Party.open()), page, mine).statusCode(400).body("error", equalTo("invalid_license"));
        acquiring(client(crawler), page + "/other", mine).statusCode(400).body("error", equalTo("invalid_license"));
    }

    @Test
    void anOfferForOneModelNeedsItsName() {
        Map<String, Object> terms = new TreeMap<>(terms("ai-training", Map.of("basis", "negotiated")));
        terms.put("model", Map.of("scope", "model-version"));
        offers("automatic", terms);
        String license = discovered().get(0);
        assertTrue(license.contains("model xmlns:af=\"https://askfirst.org/ns/rsl\" scope=\"model-version\""), license);
        String unnamed = license.replaceFirst("<af:model[^>]*/>", "");
        acquiring(unnamed)
                .statusCode(400)
                .body("error", equalTo("invalid_license"))
                .body("error_description", containsString("Name it in the license"));
        token(license.replaceFirst(
                "<af:model[^>]*/>",
                "<af:model xmlns:af=\"https://askfirst.org/ns/rsl\" scope=\"model-version\" name=\"Hangang\""
                        + " version=\"2\"/>"));
    }

    @Test
    void aPermissionForEverybodyHasTokensAsLongAsItStands() {
        String open = Names.url();
        novelist.controls(open);
        String declaration =
                novelist.declares(permitted("ai-training").of(open)).id();
        String resource = open.substring("url:".length());
        String token = acquiring(client(crawler), resource, TRAINING)
                .statusCode(200)
                .extract()
                .path("access_token");
        introspecting(crawler, token, resource).body("permitted", equalTo(true)).body("grants", hasSize(0));
        accessing("", resource, "ai-train").statusCode(204);
        novelist.withdraws(declaration);
        introspecting(crawler, token, resource)
                .body("active", equalTo(true))
                .body("permitted", equalTo(false))
                .body("reason", containsString("unknown"));
        accessing(token, resource).statusCode(403);
        accessing("", resource, "ai-train").statusCode(401);
    }

    @Test
    void aLicenseOfADirectoryCoversItsPages() {
        String folder = page + "-folder/";
        novelist.controls("under:" + folder);
        novelist.declares(reserved("ai-training").of("under:" + folder));
        offers("automatic", terms("ai-training", Map.of("basis", "free")));
        String token = acquiring(client(crawler), folder + "*", TRAINING)
                .statusCode(200)
                .extract()
                .path("access_token");
        accessing(token, folder + "a/b.html?c=d").statusCode(204);
        accessing(token, folder).statusCode(204);
        accessing(token, page).statusCode(402);
        introspecting(crawler, token, folder + "a").body("permitted", equalTo(true));
        introspecting(crawler, token, page)
                .body("active", equalTo(true))
                .body("permitted", equalTo(false))
                .body("reason", equalTo("The license does not cover this resource"));
        // A page that somebody else reserves is not permitted by it.
        String other = folder + "guest";
        Party guest = Party.openReachable();
        guest.reserves("url:" + other);
        introspecting(crawler, token, other).body("permitted", equalTo(false));
    }

    @Test
    void onlyThoseWhomItConcernsMayIntrospect() {
        offers("automatic", terms("ai-training", Map.of("basis", "free")));
        String token = token(TRAINING);
        introspecting(Party.open(), token, page).body("active", equalTo(false));
        introspecting(novelist, token, page).body("active", equalTo(true));
        String narrow = novelist.says(Map.of("scope", "look-up"))
                .post("/v1/parties/me/keys")
                .then()
                .statusCode(201)
                .extract()
                .path("key");
        posting(basic(novelist.id(), narrow), "/olp/introspect", form(Map.of("token", token)))
                .then()
                .statusCode(200)
                .body("permitted", equalTo(true));
        posting(given().header("Authorization", "Bearer " + narrow), "/olp/introspect", form(Map.of("token", token)))
                .then()
                .statusCode(200)
                .body("active", equalTo(true));
        acquiring(basic(novelist.id(), narrow), page, TRAINING)
                .statusCode(403)
                .body("error", equalTo("unauthorized_client"));
        for (String wrong : List.of("afl_" + "0".repeat(64), "x", token + "0", token.toUpperCase(Locale.ROOT))) {
            introspecting(crawler, wrong, page).body("active", equalTo(false));
        }
    }

    @Test
    void aTokenEndsWithItsKeyAndWithItsTime() throws SQLException {
        offers("automatic", terms("ai-training", Map.of("basis", "free")));
        Map<String, String> second = crawler.says(Map.of())
                .post("/v1/parties/me/keys")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath()
                .get();
        String ofSecond = acquiring(basic(crawler.id(), String.valueOf(second.get("key"))), page, TRAINING)
                .statusCode(200)
                .extract()
                .path("access_token");
        String ofFirst = token(TRAINING);
        crawler.asks().delete("/v1/parties/me/keys/" + second.get("id")).then().statusCode(204);
        introspecting(novelist, ofSecond, page).body("active", equalTo(false));
        introspecting(novelist, ofFirst, page).body("active", equalTo(true));
        assertEquals(
                0, count("select count(*) from olp_token t where t::text like ?", "%" + ofFirst.substring(4) + "%"));
        assertEquals(2, count("update olp_token set expires_at = now() where client = ?::uuid", number(crawler)));
        introspecting(novelist, ofFirst, page).body("active", equalTo(false));
        token(TRAINING);
        assertEquals(1, count("select count(*) from olp_token where client = ?::uuid", number(crawler)));
    }

    private static String number(Party party) {
        return PartyId.parse(party.id()).orElseThrow().number().toString();
    }

    private int count(String statement, String parameter) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement prepared = connection.prepareStatement(statement)) {
            prepared.setString(1, parameter);
            if (!prepared.execute()) {
                return prepared.getUpdateCount();
            }
            try (ResultSet row = prepared.getResultSet()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    @Test
    void nobodyGetsALicenseOfWhatNobodyDeclared() {
        acquiring(client(crawler), "https://nobody.example/x", TRAINING)
                .statusCode(400)
                .body("error", equalTo("invalid_resource"));
        given().queryParam("resource", "https://nobody.example/x")
                .get("/olp/license")
                .then()
                .statusCode(404);
        Party silent = Party.open();
        String reserved = Names.url();
        silent.reserves(reserved);
        String resource = reserved.substring("url:".length());
        acquiring(client(crawler), resource, TRAINING).statusCode(403).body("error", equalTo("invalid_license"));
        assertTrue(given().queryParam("resource", resource)
                .get("/olp/license")
                .asString()
                .contains("><prohibits type=\"usage\">ai-train ai-input ai-index af:data-analysis</prohibits>"));
        crawler.asks().get("/v1/license-requests").then().body("requests", hasSize(0));
    }

    @Test
    void theGrantTypeIsReadStrictly() {
        for (String type : List.of("rsl", "Client_Credentials", "client_credentials ", "password")) {
            posting(
                            client(crawler),
                            "/olp/token",
                            form(new TreeMap<>(Map.of("grant_type", type, "resource", page, "license", TRAINING))))
                    .then()
                    .statusCode(400)
                    .body("error", equalTo("unsupported_grant_type"));
        }
    }

    @Test
    void malformedRequestsAreRefused() {
        String right =
                form(new TreeMap<>(Map.of("grant_type", "client_credentials", "resource", page, "license", TRAINING)));
        for (String wrong : List.of(
                "",
                "grant_type=client_credentials",
                right + "&grant_type=client_credentials",
                right + "&x=1&x=2",
                right + "&x=%",
                right + "&x=%4",
                right + "&x=%zz",
                right + "&x=%ff",
                right + "&client_secret=" + crawler.key(),
                right + "&y=".repeat(60))) {
            posting(client(crawler), "/olp/token", wrong)
                    .then()
                    .statusCode(400)
                    .body("error", equalTo("invalid_request"))
                    .body("error_description", notNullValue());
        }
        posting(client(crawler), "/olp/token", right + "&x=" + "y".repeat(70_000))
                .then()
                .statusCode(413);
        for (String wrong : List.of(
                "ftp://example.com/", "https://example.com/*.pdf", "https://example.com/$", "novel", "\0", "isbn:1")) {
            acquiring(client(crawler), wrong, TRAINING).statusCode(400).body("error", equalTo("invalid_resource"));
        }
        acquiring(client(crawler), "https://example.com/" + "a".repeat(3_000), TRAINING)
                .statusCode(400)
                .body("error", equalTo("invalid_resource"));
        given().queryParam("resource", "\0").get("/olp/license").then().statusCode(422);
        given().queryParam("resource", page)
                .queryParam("use", "ai-training")
                .get("/olp/access")
                .then()
                .statusCode(422);
        given().get("/olp/access").then().statusCode(422);
    }

    @Test
    void malformedLicensesAreRefused() {
        for (String wrong : List.of(
                "license",
                "<license/>",
                "<license><permits type=\"usage\"/></license>",
                "<license><permits>ai-train</permits></license>",
                "<license><permits type=\"usage\">ai-train,search</permits></license>",
                "<license><permits type=\"usage\">inference</permits></license>",
                "<license><permits type=\"usage\">other:thing</permits></license>",
                "<license><permits type=\"usage\">ai-train</permits><prohibits type=\"usage\">all</prohibits></license>",
                "<license><permits type=\"usage\">ai-train</permits><permits type=\"usage\">search</permits></license>",
                "<license><permits type=\"usage\">ai-train</permits><permits type=\"geo\">XX</permits></license>",
                "<license><permits type=\"usage\">ai-train</permits><permits type=\"user\">robots</permits></license>",
                "<license><permits type=\"usage\">ai-train</permits><payment type=\"inference\"/></license>",
                "<license><permits type=\"usage\">ai-train</permits><payment><amount>5</amount></payment></license>",
                "<license><permits type=\"usage\">ai-train</permits><invented/></license>",
                "<license><permits type=\"usage\"><b>ai-train</b></permits></license>",
                "<license>text" + TRAINING + "</license>",
                "<license xmlns=\"https://example.com/\"><permits type=\"usage\">ai-train</permits></license>",
                "<!DOCTYPE license [<!ENTITY a \"ai-train\">]><license><permits type=\"usage\">&a;</permits></license>",
                "<!DOCTYPE license SYSTEM \"file:///etc/passwd\">" + TRAINING,
                TRAINING + TRAINING,
                "<license>" + "<x:y xmlns:x=\"https://example.com/\"/>".repeat(300) + "</license>",
                "<license>" + "<x:y xmlns:x=\"https://example.com/\">".repeat(300) + "</license>",
                TRAINING.replace(
                        "</license>",
                        "<payment type=\"free\"><standard>https://x/o_00000000000000000000000000"
                                + "</standard></payment></license>"))) {
            acquiring(wrong).statusCode(400).body("error", equalTo("invalid_license"));
        }
        // Elements of others are ignored, and so are comments.
        requestOf(acquiring("<?xml version=\"1.0\"?><license><!-- x --><x:y xmlns:x=\"https://example.com/\">z</x:y>"
                + "<permits type=\"usage\"> ai-train\n x:y </permits><permits type=\"geo\">EU KR</permits>"
                + "<legal type=\"warranty\">ownership</legal></license>"));
    }

    @Test
    void theClientIsAuthenticated() {
        for (RequestSpecification wrong : List.of(
                given(),
                basic(crawler.id(), novelist.key()),
                basic(novelist.id(), crawler.key()),
                basic(crawler.id(), "afk_x"),
                basic(crawler.id(), ""),
                basic("%zz", crawler.key()),
                given().header("Authorization", "Basic !"),
                given().header("Authorization", "Basic " + base64("no colon")),
                given().header("Authorization", "License afl_" + "0".repeat(64)))) {
            acquiring(wrong, page, TRAINING)
                    .statusCode(401)
                    .header("WWW-Authenticate", startsWith("Basic realm="))
                    .body("error", equalTo("invalid_client"));
        }
        requestOf(acquiring(basic(crawler.id().replace("_", "%5F"), crawler.key()), page, TRAINING));
    }

    @Test
    void keysOfEncryptedMediaAreNoPartOfIt() {
        given().contentType(FORM)
                .body("token=x".getBytes(StandardCharsets.UTF_8))
                .post("/olp/key")
                .then()
                .statusCode(404);
        assertFalse(discovered().isEmpty());
    }
}
