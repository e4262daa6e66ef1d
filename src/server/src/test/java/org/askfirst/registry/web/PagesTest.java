package org.askfirst.registry.web;

import static org.askfirst.testkit.Draft.permitted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Asker;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.contract.Contract;
import org.askfirst.testkit.contract.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every address of a page serves the document with strict headers, and all files that it needs exist. */
@QuarkusTest
class PagesTest extends RegistryTest {
    private static final Pattern LOCAL = Pattern.compile("(?:\"|src=|href=)\"?(/(?:app|_static)/[^\" >]+)\"");
    private static final int MOST_OF_A_PAGE = 600_000;
    private static final String ID = "d_01jd8v4n2c7e5g9j1k3m6p8r0t";
    private static final String NO_PARTY = "p_01jd8v3f6y4w1r9k2m7q5t8x0a";

    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                        .header("Accept", accept)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String declared() {
        return Party.open().reserves("isbn:9788936434120");
    }

    @Test
    void everyPageIsServedAtItsAddress() throws Exception {
        for (String path : List.of(
                "/",
                "/declare",
                "/check?subject=x",
                "/mine",
                "/bulk",
                "/bulk/i_" + "0".repeat(32),
                "/crawlers",
                "/key",
                "/recover",
                "/recover/r_0123456789abcdef",
                "/prove?subject=domain:example.com",
                "/members",
                "/d/" + declared(),
                "/d/" + declared() + "/amend",
                "/docs/api")) {
            HttpResponse<String> page = get(path, "text/html,*/*;q=0.8");
            assertEquals(200, page.statusCode(), path);
            assertEquals(
                    "text/html;charset=UTF-8",
                    page.headers().firstValue("Content-Type").orElse(""),
                    path);
            String policy = page.headers().firstValue("Content-Security-Policy").orElse("");
            assertTrue(policy.startsWith("default-src 'none'"), policy);
            assertFalse(policy.contains("unsafe"), policy);
            assertFalse(page.body().contains("style="), "an inline style would be refused");
        }
    }

    @Test
    void theReferenceHasEveryOperationAndSchemaWithoutScripts() throws Exception {
        Contract contract = Contract.ofRepository();
        StringBuilder all = new StringBuilder();
        Set<String> names = new TreeSet<>();
        for (Operation operation : contract.operations()) {
            names.add(operation.place().at("operationId").text());
        }
        for (String path : new ApiReference().paths()) {
            HttpResponse<String> page = get(path + "?lang=en", "text/html");
            assertEquals(200, page.statusCode(), path);
            assertFalse(page.body().contains("<script"), path);
            assertTrue(
                    page.body().length() < MOST_OF_A_PAGE,
                    path + " has " + page.body().length());
            for (Matcher link = Pattern.compile("href=\"(?:/docs/api[a-z/]*)?#(\\w+)\"")
                            .matcher(page.body());
                    link.find(); ) {
                names.add(link.group(1));
            }
            all.append(page.body());
        }
        String text = all.toString();
        for (String name : names) {
            if (!name.equals("content") && !name.equals("contact")) {
                assertTrue(text.contains(" id=\"" + name + "\""), name);
            }
        }
        assertFalse(text.contains("[object"), "a value that is no text");
        assertEquals(404, get("/docs/api/nothing", "text/html").statusCode());
        assertTrue(get("/docs/api?lang=ko", "text/html").body().contains("lang=\"ko\""));
    }

    @Test
    void searchEnginesLeaveTheConsoleOut() throws Exception {
        assertEquals(
                "noindex",
                get("/console", "text/html")
                        .headers()
                        .firstValue("X-Robots-Tag")
                        .orElse(""));
        assertTrue(get("/declare", "text/html")
                .headers()
                .firstValue("X-Robots-Tag")
                .isEmpty());
    }

    @Test
    void theImportMapIsAllowedByItsHash() throws Exception {
        HttpResponse<String> page = get("/", "text/html");
        Matcher inline =
                Pattern.compile("<script type=\"importmap\">([^<]+)</script>").matcher(page.body());
        assertTrue(inline.find());
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256")
                        .digest(inline.group(1).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertTrue(
                page.headers().firstValue("Content-Security-Policy").orElse("").contains("'sha256-" + hash + "'"));
    }

    @Test
    void everyFileThatThePagesNameExists() throws Exception {
        for (String path : List.of("/", "/docs/api")) {
            int named = 0;
            for (Matcher local = LOCAL.matcher(get(path, "text/html").body()); local.find(); ) {
                String address = local.group(1).endsWith("/lit-element/4.2.1/")
                        ? local.group(1) + "lit-element.js"
                        : local.group(1);
                if (!address.endsWith("/")) {
                    HttpResponse<String> thing = get(address, "*/*");
                    assertEquals(200, thing.statusCode(), address);
                    assertEquals(
                            address.startsWith("/app/") ? "no-cache" : "public, max-age=31536000, immutable",
                            thing.headers().firstValue("Cache-Control").orElse(""),
                            address);
                    named++;
                }
            }
            assertTrue(named > (path.equals("/") ? 4 : 1), path);
        }
    }

    @Test
    void aPersonGetsAPageAndAProgramGetsAProblem() throws Exception {
        HttpResponse<String> person = get("/nothing/here", "text/html,*/*");
        assertEquals(404, person.statusCode());
        assertTrue(person.body().contains("<ask-first>"));
        for (HttpResponse<String> program : List.of(get("/nothing/here", "*/*"), get("/v1/nothing", "text/html,*/*"))) {
            assertEquals(404, program.statusCode());
            assertTrue(program.headers().firstValue("Content-Type").orElse("").startsWith("application/problem+json"));
        }
    }

    @Test
    void aCertificateHasACodeOfItsAddress() throws Exception {
        HttpResponse<String> code = get("/d/" + declared() + "/qr.svg", "image/*");
        assertEquals(200, code.statusCode());
        assertEquals("image/svg+xml", code.headers().firstValue("Content-Type").orElse(""));
        assertTrue(code.body().startsWith("<svg xmlns="));
    }

    @Test
    void whatDoesNotExistIsNotFound() throws Exception {
        for (String path : List.of(
                "/d/" + ID,
                "/d/" + ID + "/amend",
                "/d/" + ID + "/license",
                "/d/" + ID + "/qr.svg",
                "/dispute/" + ID,
                "/p/" + NO_PARTY)) {
            HttpResponse<String> page = get(path, "text/html");
            assertEquals(404, page.statusCode(), path);
            assertTrue(page.body().contains("<h1>"), path);
            assertEquals("noindex", page.headers().firstValue("X-Robots-Tag").orElse(""), path);
            assertFalse(page.body().contains("rel=\"canonical\""), path);
        }
    }

    @Test
    void pagesOfPeopleAreNotIndexed() throws Exception {
        Party party = Party.open();
        String declaration = party.reserves("isbn:9788936434120");
        String id = "_" + declaration.substring(2);
        for (String path : List.of(
                "/d/" + declaration,
                "/d/" + declaration + "/license",
                "/p/" + party.id(),
                "/dispute/" + declaration,
                "/licenses",
                "/licenses/q" + id,
                "/offers",
                "/offers/new",
                "/offers/o" + id,
                "/offers/o" + id + "/amend",
                "/grants",
                "/grants/g" + id,
                "/grants/g" + id + "/reports/2026-Q4/1",
                "/statements")) {
            HttpResponse<String> page = get(path, "text/html");
            assertEquals(200, page.statusCode(), path);
            assertEquals("noindex", page.headers().firstValue("X-Robots-Tag").orElse(""), path);
            assertTrue(page.body().contains("<meta name=\"robots\" content=\"noindex\">"), path);
        }
        assertEquals(
                "noindex",
                get("/d/" + declaration + "/qr.svg", "image/*")
                        .headers()
                        .firstValue("X-Robots-Tag")
                        .orElse(""));
        assertFalse(get("/", "text/html").body().contains("noindex"));
    }

    @Test
    void theServedTextGivesTheAnswerOfALookup() throws Exception {
        String url = Names.url();
        String asks = Party.openReachable().reserves(url);
        assertServed(url, asks, "ask", "Reserved (ask first)", "<dd>Ask first</dd>", "This counts.");
        url = Names.url();
        String denies = Party.open().reserves(url);
        assertServed(url, denies, "deny", "Reserved (permission needed)", "<dd>No</dd>", "This counts.");
        url = Names.url();
        String permits =
                Party.openReachable().declares(permitted("ai-training").of(url)).id();
        assertServed(url, permits, "unknown", "Permitted", "Nothing registered (not a yes)", "does not count.");
        Party party = Party.openReachable();
        String ended = party.reserves(Names.url());
        party.withdraws(ended);
        String page = get("/d/" + ended + "?lang=en", "text/html").body();
        assertTrue(page.contains("does not count. The party has withdrawn it."), page);
    }

    private void assertServed(String subject, String declaration, String verdict, String... parts) throws Exception {
        assertEquals(verdict, Asker.anybody().asks(subject).of("ai-training").verdict());
        String page = get("/d/" + declaration + "?lang=en", "text/html").body();
        for (String part : parts) {
            assertTrue(page.contains(part), part + " in " + page);
        }
    }

    @Test
    void aTitleCannotBreakThePage() throws Exception {
        String title = "</title><script>alert(1)</script>\"'{served} 끝";
        Map<String, Object> body = Map.of(
                "subjects",
                List.of("isbn:9788936434120"),
                "stances",
                Map.of("ai-training", "reserved"),
                "work",
                Map.of("title", title));
        String id = Party.open().declaring(body).statusCode(201).extract().path("id");
        HttpResponse<String> page = get("/d/" + id + "?lang=en", "text/html");
        assertEquals(200, page.statusCode());
        String escaped = "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;{served} 끝";
        assertTrue(page.body().contains("<title>" + escaped + " · Ask First</title>"), page.body());
        assertTrue(page.body().contains("<meta property=\"og:title\" content=\"" + escaped), page.body());
        assertTrue(page.body().contains("<h1><bdi>" + escaped + "</bdi></h1>"), page.body());
        assertFalse(page.body().contains("<script>alert"), page.body());
        // The registry refuses such characters now; older entries may have them.
        assertEquals("<bdi>a b</bdi>", Layout.isolated("a\u202E\n\u2067b"));
    }

    @Test
    void theLanguageIsThatOfTheLinkThenOfTheCookieThenOfTheBrowser() throws Exception {
        assertTrue(head("/", null, "ko-KR,ko;q=0.9,en;q=0.8").contains("<html lang=\"ko\">"));
        assertTrue(head("/", null, "en-GB,en;q=0.9,ko;q=0.2").contains("<html lang=\"en\">"));
        assertTrue(head("/", "lang=en", "ko").contains("<html lang=\"en\">"));
        assertTrue(head("/?lang=ko", "lang=en", "en").contains("<html lang=\"ko\">"));
        assertTrue(head("/?lang=xx", null, "en").contains("<html lang=\"en\">"));
        String english = head("/", null, "en");
        assertTrue(english.contains("<h1 class=\"display\">Make AI ask"), english);
        assertTrue(english.contains("og:image\" content=\"http://localhost:" + RestAssured.port + "/og-en.png"));
        assertTrue(head("/privacy?lang=ko", null, "en").contains("<h1>개인정보 처리방침</h1>"));
    }

    private String head(String path, @Nullable String cookie, String language) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                .header("Accept", "text/html")
                .header("Accept-Language", language);
        HttpResponse<String> page = client.send(
                (cookie == null ? request : request.header("Cookie", cookie)).build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, page.statusCode(), path);
        assertTrue(page.headers().firstValue("Vary").orElse("").contains("Cookie"), path);
        return page.body();
    }

    @Test
    void theLegalPagesNeedNoScriptAndMarkWhatTheOperatorHasNotTold() throws Exception {
        for (String name : TextPages.NAMES) {
            for (String language : List.of("ko", "en")) {
                HttpResponse<String> page = get("/" + name + "?lang=" + language, "text/html");
                assertEquals(200, page.statusCode(), name);
                assertFalse(page.body().contains("<script"), name);
                assertFalse(page.body().contains("{"), name + ": a place was not filled");
                for (String link : List.of("operator#contact", "terms", "privacy", "faq", "status")) {
                    assertTrue(page.body().contains("href=\"/" + link + "\""), name + " " + link);
                }
                String policy =
                        page.headers().firstValue("Content-Security-Policy").orElse("");
                assertFalse(policy.contains("script-src"), policy);
            }
        }
        for (String name : List.of("operator", "privacy", "terms")) {
            String page = get("/" + name, "text/html").body();
            assertTrue(page.contains("<mark class=\"missing\">") && page.contains("ASKFIRST_OPERATOR_NAME"), page);
        }
        assertTrue(get("/status?lang=en", "text/html").body().contains("Everything works."));
    }

    @Test
    void whatSearchEnginesAndDevicesLookForIsThere() throws Exception {
        String map = get("/sitemap.xml", "*/*").body();
        int listed = 0;
        for (Matcher place = Pattern.compile("<loc>http://localhost:\\d+([^<]+)</loc>")
                        .matcher(map);
                place.find(); ) {
            assertEquals(200, get(place.group(1), "text/html").statusCode(), place.group(1));
            assertFalse(place.group(1).startsWith("/d/"));
            listed++;
        }
        assertTrue(listed >= 10, map);
        assertTrue(get("/robots.txt", "*/*").body().contains("/sitemap.xml"));
        for (String file : List.of(
                "/favicon.ico",
                "/apple-touch-icon.png",
                "/icon-192.png",
                "/icon-512.png",
                "/og-ko.png",
                "/og-en.png",
                "/manifest.webmanifest")) {
            assertEquals(200, get(file, "*/*").statusCode(), file);
        }
    }
}
