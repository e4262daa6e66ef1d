package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * From an offer to a grant and its end, on the pages: a society at its desk or its telephone, and the operator of a
 * crawler that asks it.
 */
class LicensePagesIT {
    private static final Pattern KEY = Pattern.compile("afk_[0-9a-z]{59}");
    private static final Pattern ID = Pattern.compile("\"id\":\"([pd]_[0-9a-z]+)\"");
    private static final Pattern OFFER = Pattern.compile("o_[0-9a-z]{26}");
    private static final Pattern REQUEST = Pattern.compile("q_[0-9a-z]{26}");
    private static final Pattern GRANT = Pattern.compile("g_[0-9a-z]{26}");
    private static final Pattern VERDICT = Pattern.compile("\"verdict\":\"(\\w+)\"");

    /** A text that would be bold if it were taken for HTML. */
    private static final String MARKUP = "<b>Hangang</b>";

    private static @Nullable Service service;
    private static @Nullable Browser browser;

    @BeforeAll
    static void begin() {
        Loudly.assume(
                Files.isExecutable(Browser.CHROMIUM) && Files.isExecutable(Browser.DRIVER),
                "the pages: install Debian's chromium and chromium-driver");
        Service started = Service.inEmptyFolder().start();
        service = started;
        browser = new Browser(
                path -> URI.create("http://localhost:" + started.uri("/").getPort() + path));
    }

    @AfterAll
    static void end() throws IOException {
        if (browser != null) {
            browser.close();
        }
        if (service != null) {
            service.close();
        }
    }

    private static Service service() {
        return Objects.requireNonNull(service);
    }

    private static String find(Pattern pattern, int group, String text) {
        Matcher found = pattern.matcher(text);
        assertTrue(found.find(), text);
        return found.group(group);
    }

    /** Returns the answer of the API, which must not be a refusal. */
    private static String ask(@Nullable String key, String method, String path, String json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(service().uri(path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json));
        HttpResponse<String> answer =
                service().send(key == null ? request : request.header("Authorization", "Bearer " + key));
        assertTrue(answer.statusCode() < 300, answer.body());
        return answer.body();
    }

    private static String verdict(@Nullable String key, String subject) {
        return find(VERDICT, 1, ask(key, "GET", "/v1/lookup?subject=" + subject + "&use=generative-ai-training", ""));
    }

    /** A licensor whose right to a site is checked, with a work on it. */
    private record Licensor(String id, String key, String kept, String work, String declaration) {
        static Licensor of(String name, String language) {
            String opened = ask(null, "POST", "/v1/parties", "{\"name\":\"" + name + "\",\"kind\":\"society\"}");
            String key = find(KEY, 0, opened);
            String id = find(ID, 1, opened);
            String site = language + ".licenses.example.org";
            ask(
                    service().operatorKey(),
                    "POST",
                    "/v1/operator/controls",
                    "{\"party\":\"" + id + "\",\"subject\":\"domain:" + site + "\",\"reason\":\"seen\"}");
            String work = "url:https://" + site + "/novel";
            String declared = ask(
                    key,
                    "POST",
                    "/v1/declarations",
                    "{\"subjects\":[\"" + work + "\"],\"stances\":{\"text-and-data-mining\":\"reserved\"},"
                            + "\"terms\":{\"contact\":\"mailto:ask@example.org\"},"
                            + "\"work\":{\"title\":\"봄의 끝\",\"creators\":[\"이서연\"],\"kind\":\"novel\"}}");
            String kept =
                    "{\"id\":\"" + id + "\",\"name\":\"" + name + "\",\"kind\":\"society\",\"key\":\"" + key + "\"}";
            return new Licensor(id, key, kept, work, find(ID, 1, declared));
        }
    }

    private static void become(Browser person, String kept, String path) {
        person.keep("askfirst.account", kept);
        person.open(path);
    }

    @ParameterizedTest
    @CsvSource({"ko,390", "en,1280"})
    void anOfferARequestACounterOfferAGrantAndItsEnd(String language, int width) throws IOException {
        boolean korean = language.equals("ko");
        Licensor society = Licensor.of(korean ? "한국도서협회" : "Korean Book Society", language);
        Browser person = Objects.requireNonNull(browser).of(language, width, false);
        person.open("/");
        publishes(person, society, korean);
        asksOnTheWorkPage(person, society, korean);
        String operator = String.valueOf(person.script("return localStorage.getItem('askfirst.account')"));
        String request = person.path();
        String key = find(KEY, 0, operator);
        assertEquals("ask", verdict(key, society.work()));
        answersWithACounterOffer(person, society, request, korean);
        accepts(person, operator, request, korean);
        assertEquals("allow", verdict(key, society.work()));
        assertEquals("ask", verdict(null, society.work()));
        answersAllAtOnce(person, society, key, korean);
        revokes(person, society, korean);
        assertEquals("ask", verdict(key, society.work()));
        become(person, operator, "/grants");
        person.awaitText(korean ? "취소됨" : "Revoked");
        withdrawsTheOffer(person, society, korean);
        assertEquals("", person.complaints());
    }

    /** Both sides read what is due, the licensor disputes a line, and the licensee answers. */
    @ParameterizedTest
    @CsvSource({"ko,390", "en,1280"})
    void aStatementIsReadAndALineDisputed(String language, int width) throws IOException {
        boolean korean = language.equals("ko");
        Licensor society = Licensor.of("한국문예협회", language + "-due");
        String opened = ask(null, "POST", "/v1/parties", "{\"name\":\"Hangang AI\",\"kind\":\"crawler\"}");
        String licensee = find(ID, 1, opened);
        String key = find(KEY, 0, opened);
        String grant = find(
                GRANT,
                0,
                ask(
                        society.key(),
                        "POST",
                        "/v1/grants",
                        "{\"licensee\":\"" + licensee + "\",\"works\":{\"everything\":true},\"terms\":{\"uses\":"
                                + "[\"generative-ai-training\"],\"model\":{\"scope\":\"any\"},\"validTo\":"
                                + "\"2999-01-01T00:00:00Z\",\"reporting\":\"year\",\"price\":{\"basis\":\"per-work\","
                                + "\"amount\":\"1500\",\"currency\":\"KRW\"}}}"));
        String report =
                "/grants/" + grant + "/reports/" + LocalDate.now(ZoneOffset.UTC).getYear() + "/1";
        ask(key, "PUT", "/v1" + report, "{}");
        HttpResponse<String> sent = service()
                .send(HttpRequest.newBuilder(service().uri("/v1" + report + "/lines?after=0"))
                        .header("Content-Type", "application/x-ndjson")
                        .header("Authorization", "Bearer " + key)
                        .method(
                                "PATCH",
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"work\":\"" + society.work() + "\"}\n{\"work\":\"" + society.work()
                                                + "\"}\n{\"work\":\"<i>no work</i>\"}\n")));
        assertEquals(200, sent.statusCode(), sent.body());
        ask(key, "PUT", "/v1" + report + "/filing", "{\"lines\":3}");

        Browser person = Objects.requireNonNull(browser).of(language, width, false);
        person.open("/");
        become(person, society.kept(), "/statements");
        person.awaitText("Hangang AI");
        person.awaitText(korean ? "1,500원" : "1,500");
        person.inspect("statements");
        become(person, society.kept(), "/grants/" + grant);
        person.awaitText(korean ? "1차 보고" : "revision 1");
        person.click("a[href='" + report + "']");
        person.awaitText(korean ? "Hangang AI에게 받을 금액" : "Due from Hangang AI");
        person.awaitText("<i>no work</i>");
        person.inspect("statement");
        person.click("#lines ~ .cards .link-button");
        person.type("#sure-message", "We know this work.");
        person.click("dialog[open] .primary");
        person.awaitText("We know this work.");
        person.inspect("statement-disputed");

        String kept =
                "{\"id\":\"" + licensee + "\",\"name\":\"Hangang AI\",\"kind\":\"crawler\",\"key\":\"" + key + "\"}";
        become(person, kept, report);
        person.awaitText(korean ? "한국문예협회에게 낼 금액" : "Due to 한국문예협회");
        person.click("#disputes ~ .cards .button");
        person.type("#sure-message", "Revision 2 will have it.");
        person.click("dialog[open] .primary");
        person.awaitText("Revision 2 will have it.");
        person.awaitText(korean ? "받아들였어요" : "accepted");
        assertEquals("", person.complaints());
    }

    @Test
    void namesAndTextsOfStrangersAreIsolated() {
        String name = "שמש";
        Licensor society = Licensor.of(name + " 1", "rtl");
        String opened = ask(null, "POST", "/v1/parties", "{\"name\":\"" + name + " 2\",\"kind\":\"crawler\"}");
        String key = find(KEY, 0, opened);
        String offer = find(
                OFFER,
                0,
                ask(
                        society.key(),
                        "POST",
                        "/v1/offers",
                        "{\"template\":\"negotiated\",\"terms\":{\"attribution\":\"" + name + "\",\"text\":\"" + name
                                + "\"}}"));
        String request = find(REQUEST, 0, asksByProgram(key, society, offer, name));
        String accepted =
                ask(society.key(), "POST", "/v1/license-requests/" + request + "/steps", "{\"step\":\"accept\"}");
        String grant = find(GRANT, 0, accepted);
        Browser person = Objects.requireNonNull(browser).of("en", 1280, false);
        person.open("/");
        for (String path :
                List.of("/licenses", "/licenses/" + request, "/grants", "/grants/" + grant, "/offers/" + offer)) {
            become(person, society.kept(), path);
            person.awaitText(name);
            assertEquals("", PagesIT.bare(person, name), path);
        }
        for (String path : List.of("/d/" + society.declaration() + "/license", "/licenses/" + request)) {
            become(person, "{\"id\":\"" + find(ID, 1, opened) + "\",\"key\":\"" + key + "\"}", path);
            person.awaitText(name + " 1");
            assertEquals("", PagesIT.bare(person, name), path);
        }
    }

    private static void publishes(Browser person, Licensor society, boolean korean) throws IOException {
        become(person, society.kept(), "/licenses");
        person.awaitText(korean ? "지금 답할 신청이 없어요." : "Nothing waits for you.");
        person.inspect("licenses-none");
        person.open("/grants");
        person.awaitText(korean ? "아직 허락한 것이 없어요." : "You have given no grant yet.");
        person.open("/offers");
        person.awaitText(korean ? "아직 공개한 이용 조건이 없어요." : "You have published no offer yet.");
        person.inspect("offers-none");
        person.click("main .button.primary");
        person.click("[value=revenue-share]");
        person.awaitText(korean ? "매출에서 받을 비율" : "Share of revenue (%)");
        person.click("[value=per-work]");
        person.click("form button.primary");
        person.awaitText(korean ? "금액을 숫자로 적어 주세요." : "Give the amount as a number");
        assertEquals("faults", person.script("return document.activeElement.getAttribute('aria-labelledby')"));
        person.type("#terms-amount", "1,500");
        person.click("[name=acceptance][value=licensor]");
        person.awaitText(korean ? "작품 하나에 1,500원" : "for each work");
        person.inspect("offer-new");
        person.click("main form button.primary");
        person.click("dialog[open] .primary");
        person.await("main a[href$='/amend']");
        assertTrue(person.path().startsWith("/offers/o_"), person.path());
        person.awaitText(korean ? "한국도서협회의 이용 조건" : "Offer of Korean Book Society");
        person.inspect("offer");
        person.click("main a[href$='/amend']");
        person.await("#terms-amount");
        person.inspect("offer-amend");
        person.click("main form button.primary");
        person.click("dialog[open] .primary");
        person.awaitText(korean ? "이용 조건을 바꿨어요" : "The offer is amended");
    }

    private static void asksOnTheWorkPage(Browser person, Licensor society, boolean korean) throws IOException {
        become(person, "{}", "/d/" + society.declaration());
        person.awaitText(korean ? "작품 하나에 1,500원" : "for each work");
        person.inspect("work-with-offer");
        person.click("af-work-offers .button.primary");
        person.await("#asker");
        person.inspect("license-ask-who");
        person.type("#asker", "Hangang AI");
        person.click("#asker ~ * button, form button.primary");
        person.click("#key-kept");
        person.await("#model");
        person.click("[name=offer][value='']");
        person.click("main form button.primary");
        person.awaitText(korean ? "이름을 적어 주세요." : "Name the model or service.");
        person.inspect("license-ask-faults");
        person.type("#model", "Hangang");
        person.type("#version", "2");
        person.type("#purpose", MARKUP);
        person.type("#message", korean ? "소설을 이해하는 모델을 만들고 있어요." : "We train a model that reads fiction.");
        person.click("main form button.primary");
        person.await(".timeline li");
        assertTrue(person.path().startsWith("/licenses/q_"), person.path());
        person.awaitText(MARKUP);
        assertEquals(0, person.count("main b"));
        person.inspect("license-sent");
    }

    private static void answersWithACounterOffer(Browser person, Licensor society, String request, boolean korean)
            throws IOException {
        become(person, society.kept(), "/licenses");
        person.awaitText("Hangang AI");
        person.inspect("licenses-waiting");
        person.open("/key");
        person.click("main .card a[href='" + request + "']");
        person.awaitText(korean ? "어떻게 답할까요?" : "Your answer");
        person.inspect("license-received");
        person.click("[aria-describedby=counter-text]");
        person.pick("#from-offer", optionOf(person));
        assertEquals("1500", person.script("return document.querySelector('#terms-amount').value"));
        person.type("#terms-amount", "2000");
        person.type("#message", korean ? "학습 대가는 작품마다 받아요." : "We license training for an amount for each work.");
        person.inspect("license-counter");
        person.click("main form.step button.primary");
        person.click("dialog[open] .primary");
        person.awaitText(korean ? "상대방이 답할 차례예요" : "The other side can now answer");
    }

    private static String optionOf(Browser person) {
        person.await("#from-offer");
        return String.valueOf(person.script("return document.querySelector('#from-offer').options[1].value"));
    }

    private static void accepts(Browser person, String operator, String request, boolean korean) throws IOException {
        become(person, operator, request);
        person.awaitText(korean ? "달라짐" : "changed");
        person.inspect("license-countered");
        person.click("[aria-describedby=accept-text]");
        person.await("dialog[open]");
        person.inspect("license-accept-sure");
        person.click("dialog[open] .primary");
        person.awaitText(korean ? "양쪽이 같은 조건을 수락했어요." : "Both sides accepted the same terms.");
        person.inspect("license-granted");
        person.click("main a[href^='/grants/g_']");
        person.await(".strip .verdict.allow");
        person.await(".works li");
        person.inspect("grant-held");
        person.watchSaving();
        person.click("#statement ~ div button");
        person.awaitGone("main button[disabled]");
        assertTrue(person.saved().contains("\"jws\""), "the statement is saved");
    }

    /** Another request, under the offer, is accepted with all others that it covers. */
    private static void answersAllAtOnce(Browser person, Licensor society, String key, boolean korean) {
        String offers = ask(null, "GET", "/v1/offers?party=" + society.id(), "");
        asksByProgram(key, society, find(OFFER, 0, offers), "Hangang");
        become(person, society.kept(), "/licenses");
        person.click("main form .button");
        person.click("dialog[open] .primary");
        person.awaitText(korean ? "허락 1건" : "Granted: 1.");
    }

    /** Asks for a license under an offer for a year, and returns the request. */
    private static String asksByProgram(String key, Licensor society, String offer, String name) {
        return ask(
                key,
                "POST",
                "/v1/license-requests",
                "{\"items\":[{\"subjects\":[\"" + society.work() + "\"]}],\"offers\":[\"" + offer + "\"],"
                        + "\"purpose\":\"" + name + "\",\"message\":\"" + name + "\","
                        + "\"terms\":{\"uses\":[\"ai-training\"],\"model\":{\"scope\":\"model-version\","
                        + "\"name\":\"" + name + "\",\"version\":\"3\"},\"validTo\":\""
                        + LocalDate.now(ZoneOffset.UTC).plusYears(1) + "T00:00:00Z\"}}");
    }

    private static void revokes(Browser person, Licensor society, boolean korean) throws IOException {
        become(person, society.kept(), "/grants");
        person.awaitText("Hangang AI");
        person.inspect("grants");
        for (int grants = person.count("main .card a"), next = 0; next < grants; next++) {
            person.open("/grants");
            person.await("main .card a");
            person.script("document.querySelectorAll('main .card a')[arguments[0]].click()", next);
            person.click("main .danger");
            person.await("dialog[open]");
            if (next == 0) {
                person.inspect("grant-revoke-sure");
            }
            person.click("dialog[open] .danger");
            person.awaitText(korean ? "허락한 쪽이 취소했어요." : "The licensor revoked it.");
        }
        person.inspect("grant-revoked");
    }

    private static void withdrawsTheOffer(Browser person, Licensor society, boolean korean) {
        become(person, society.kept(), "/offers");
        person.click("main .card button");
        person.click("dialog[open] .danger");
        person.awaitText(korean ? "아직 공개한 이용 조건이 없어요." : "You have published no offer yet.");
        person.open("/d/" + society.declaration() + "/license");
        person.awaitText(korean ? "내가 등록한 작품이라" : "You declared this work");
    }
}
