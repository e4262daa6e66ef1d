package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.testkit.LoopbackDns;
import org.askfirst.testkit.LoopbackWeb;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** People at the pages: a novelist with a telephone, a clerk at a desk, in Korean and in English, and what goes wrong. */
class PagesIT {
    private static final Pattern KEY = Pattern.compile("afk_[0-9a-z]{52}");
    private static final Pattern ID = Pattern.compile("\"id\":\"([pdik]_[0-9a-z]+)\"");
    private static final Pattern TOKEN = Pattern.compile("askfirst-[0-9a-hjkmnp-tv-z]{26}");
    private static final String LIST =
            "2026년 회원 저작물,,\n작품명,저자,ISBN\n봄의 끝,이서연,9788936434120\n바다의 책,김하늘,9788954651135\n,누구,12\n";

    private static @Nullable Service service;
    private static @Nullable Gate gate;
    private static @Nullable Browser browser;
    private static @Nullable LoopbackWeb web;
    private static @Nullable LoopbackDns dns;
    private static @Nullable Path folder;

    @BeforeAll
    static void begin() throws IOException {
        Loudly.assume(
                Files.isExecutable(Browser.CHROMIUM) && Files.isExecutable(Browser.DRIVER),
                "the pages: install Debian's chromium and chromium-driver");
        web = new LoopbackWeb(0);
        dns = new LoopbackDns(0);
        service = Service.inEmptyFolder()
                .with("ASKFIRST_FETCH_NAME_SERVER", "127.0.0.1:" + dns.port())
                .with("ASKFIRST_FETCH_LOOPBACK_PORT", "" + web.port())
                .start();
        gate = Gate.to(service);
        browser = new Browser(gate);
        folder = Files.createTempDirectory("askfirst-pages");
    }

    @AfterAll
    static void end() throws IOException {
        if (browser != null) {
            browser.close();
        }
        if (gate != null) {
            gate.close();
        }
        if (web != null) {
            web.close();
        }
        if (dns != null) {
            dns.close();
        }
        if (service != null) {
            service.close();
        }
        if (folder != null) {
            Service.delete(folder);
        }
    }

    private static Service service() {
        return java.util.Objects.requireNonNull(service);
    }

    private static Gate gate() {
        return java.util.Objects.requireNonNull(gate);
    }

    private static Browser browser(String language, int width, boolean dark) {
        return java.util.Objects.requireNonNull(browser).of(language, width, dark);
    }

    private static Path file(String name, byte[] content) throws IOException {
        return Files.write(java.util.Objects.requireNonNull(folder).resolve(name), content);
    }

    private static String find(Pattern pattern, int group, String text) {
        Matcher found = pattern.matcher(text);
        assertTrue(found.find(), text);
        return found.group(group);
    }

    /** A party with a declaration, kept by that browser's device as it would keep its own. */
    private static Map<String, String> account(String name) {
        return account(name, "society", "isbn:9788936434120\",\"domain:example.com");
    }

    private static Map<String, String> account(String name, String kind, String subjects) {
        String opened = service()
                .send(HttpRequest.newBuilder(service().uri("/v1/parties"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"name\":\"" + name + "\",\"kind\":\"" + kind + "\"}")))
                .body();
        String key = find(KEY, 0, opened);
        String declared = service()
                .send(HttpRequest.newBuilder(service().uri("/v1/declarations"))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + key)
                        .POST(HttpRequest.BodyPublishers.ofString("{\"subjects\":[\"" + subjects + "\"],"
                                + "\"stances\":{\"text-and-data-mining\":\"reserved\",\"search-indexing\":\"permitted\"},"
                                + "\"terms\":{\"contact\":\"mailto:ask@example.com\",\"text\":\"일주일 안에 답합니다.\"},"
                                + "\"work\":{\"title\":\"봄의 끝\",\"creators\":[\"이서연\"],\"kind\":\"novel\"}}")))
                .body();
        String id = find(ID, 1, opened);
        Map<String, String> account = new LinkedHashMap<>();
        account.put("id", id);
        account.put("key", key);
        account.put("declaration", find(ID, 1, declared));
        account.put(
                "kept",
                "{\"id\":\"" + id + "\",\"name\":\"" + name + "\",\"kind\":\"" + kind + "\",\"key\":\"" + key + "\"}");
        return account;
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

    private static void letVouch(String society) {
        ask(
                service().operatorKey(),
                "POST",
                "/v1/operator/decisions",
                "{\"party\":\"" + society
                        + "\",\"decision\":\"vouching-granted\",\"schemes\":[\"isbn\"],\"reason\":\"Its licence was seen\"}");
    }

    private static void become(Browser browser, Map<String, String> account, String path) {
        browser.keep("askfirst.account", String.valueOf(account.get("kept")));
        browser.open(path);
    }

    private static String received(String key, String name, String content) throws IOException {
        return find(
                ID,
                1,
                service()
                        .send(HttpRequest.newBuilder(service().uri("/v1/imports?name=" + name))
                                .header("Content-Type", "text/csv")
                                .header("Authorization", "Bearer " + key)
                                .POST(HttpRequest.BodyPublishers.ofByteArray(
                                        content.getBytes(Charset.forName("x-windows-949")))))
                        .body());
    }

    @ParameterizedTest
    @CsvSource({"ko,360,1280", "en,1280,360"})
    void everyPageIsFitForEverybody(String language, int light, int dark) throws IOException {
        List<Browser.Look> looks = List.of(new Browser.Look(light, false), new Browser.Look(dark, true));
        Map<String, String> account = account("한국도서협회");
        String ready = received(String.valueOf(account.get("key")), "list.csv", LIST);
        Browser browser = browser(language, light, false);
        browser.open("/");
        assertEquals(language, browser.script("return document.documentElement.lang"));
        browser.open("/mine");
        browser.inspect("mine-without-key");
        browser.keep("askfirst.account", String.valueOf(account.get("kept")));
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("home", "/");
        pages.put("declare", "/declare");
        pages.put("check", "/check?subject=isbn:9788936434120&subject=https://example.com/a");
        pages.put("mine", "/mine");
        pages.put("bulk", "/bulk");
        pages.put("bulk-ready", "/bulk/" + ready);
        pages.put("certificate", "/d/" + account.get("declaration"));
        pages.put("amend", "/d/" + account.get("declaration") + "/amend");
        pages.put("crawlers", "/crawlers");
        pages.put("key", "/key");
        pages.put("recover", "/recover");
        pages.put("prove", "/prove?subject=domain:example.com");
        pages.put("members", "/members");
        pages.put("nowhere", "/nowhere");
        pages.put("api", "/docs/api");
        for (Map.Entry<String, String> page : pages.entrySet()) {
            browser.open(page.getValue());
            switch (page.getKey()) {
                case "certificate" -> browser.await(".steps-ok .ok");
                case "check" -> browser.await(".verdict");
                case "mine" -> browser.await(".card");
                case "prove" -> browser.await(".claim");
                case "members" -> browser.await("#record .note");
                case "bulk-ready" -> browser.await("#role-0");
                case "api" -> browser.await(".opblock");
                default -> browser.awaitHeading();
            }
            browser.inspect(page.getKey(), looks);
            browser.show(page.getKey(), new Browser.Look(dark, false));
        }
        assertEquals("", browser.complaints());
    }

    @ParameterizedTest
    @CsvSource({"ko,360", "en,1280"})
    void fromNothingToACertificate(String language, int width) throws IOException {
        boolean korean = language.equals("ko");
        Browser browser = browser(language, width, false);
        browser.open("/declare");
        // A wrong check digit is told with what was meant, and set right by a button.
        browser.type("#typed", "978-89-546-5113-5\n");
        browser.await(".item .error");
        browser.click(".item .button.s");
        browser.await(".item .tag");
        browser.click(".step .primary");
        browser.awaitText(korean ? "이름을 적어 주세요." : "Enter a name.");
        browser.type("#contact", "haneul@example.com");
        browser.type("#party-name", korean ? "김하늘" : "Haneul Kim");
        browser.click(".step .primary");
        assertTrue(browser.await("#shown-key").getText().matches("afk_[0-9a-z]{52}"));
        browser.inspect("declared");
        browser.click(".card a.button");
        browser.await(".steps-ok .ok");
        assertEquals(3, browser.count(".steps-ok .ok"), "entry, path and signature were verified");
        browser.awaitText(korean ? "김하늘이 아래" : "Haneul Kim has declared");
        String certificate = browser.path();

        browser.click(".certificate ~ .row a[href$=amend]");
        browser.click("input[value=no]");
        browser.click("form .primary");
        browser.awaitText(korean ? "변경했어요" : "Amended");
        browser.await(".timeline li:nth-child(2)");
        assertEquals(certificate, browser.path());
        browser.click(".button.danger");
        browser.click("dialog .danger");
        browser.await(".certificate.withdrawn");
        browser.await(".timeline li:nth-child(3)");
        assertEquals("", browser.complaints());
    }

    @Test
    void aFileASiteAndAWorkWithoutEither() throws IOException {
        Browser browser = browser("ko", 360, false);
        browser.open("/declare");
        browser.choose("af-works input[type=file]", file("그림.bin", new byte[9_000_001]));
        browser.await(".item .value");
        assertEquals(
                "8870803b3951d31ad8a69d794646b693e4bb603ffff7019959acabee0b41858e",
                browser.await(".item .value").getText());
        browser.type("#typed", "https://works.example.org/gallery/1\n");
        browser.click(".item:nth-child(2) label:nth-child(3) input");
        browser.awaitText("확인 대기");
        browser.click("af-works > div > p .link-button");
        browser.type("#nameless-title", "봄의 끝");
        browser.click("af-works fieldset.item .button");
        browser.await(".item:nth-child(3)");
        browser.click("input[value=no]");
        browser.type("#party-name", "이서연");
        browser.click(".step .primary");
        browser.await("#shown-key");
        assertEquals(3, browser.count(".cards .card"));
        browser.await(".note a[href='/prove?subject=domain%3Aworks.example.org']");
        browser.open("/mine");
        browser.type("#text", "봄의");
        browser.awaitText("봄의 끝");
        browser.open("/check");
        browser.choose("af-works input[type=file]", file("그림.bin", new byte[9_000_001]));
        browser.await(".item .value");
        browser.click(".page .primary");
        browser.await(".verdict.deny");
    }

    @Test
    void aClerkPutsAListThrough() throws IOException {
        Map<String, String> account = account("협회");
        Browser browser = browser("ko", 1280, false);
        browser.open("/");
        browser.keep("askfirst.account", String.valueOf(account.get("kept")));
        browser.open("/bulk");
        browser.choose("af-bulk input[type=file]", file("사진.pdf", "%PDF-1.7".getBytes(StandardCharsets.UTF_8)));
        browser.awaitText("표로 읽을 수 없는 파일이에요");
        assertEquals("기술적인 내용 (영어)", browser.await(".note.bad summary").getText());
        browser.choose("af-bulk input[type=file]", file("목록.csv", LIST.getBytes(Charset.forName("x-windows-949"))));
        browser.await("#role-2");
        browser.awaitText("3행을 모두 확인했어요. 2행을 등록할 수 있고, 그중 1행은 읽지 못한 번호가 있어요. 1행은 등록할 수 없어요.");
        browser.awaitText("혹시 isbn:9788954651134인가요?");
        browser.type("#contact", "ask@example.com");
        browser.click("section.step:last-of-type .primary");
        browser.awaitText("3행을 모두 처리했어요.");
        browser.inspect("bulk-done");
        assertEquals("", browser.complaints());
    }

    @Test
    void aConnectionThatBreaksInTheMiddleOfAnUploadLosesNothing() throws IOException {
        Map<String, String> account = account("Society");
        StringBuilder list = new StringBuilder("title,url\n");
        for (int i = 0; list.length() < 7_000_000; i++) {
            list.append("Work number ")
                    .append(i)
                    .append(" of a long list of works,https://works.example.net/")
                    .append(i)
                    .append('\n');
        }
        long rows = list.chars().filter(c -> c == '\n').count() - 1;
        Browser browser = browser("en", 1280, false);
        browser.open("/");
        browser.keep("askfirst.account", String.valueOf(account.get("kept")));
        browser.open("/bulk");
        gate().breakAll("PATCH");
        browser.choose(
                "af-bulk input[type=file]", file("long.csv", list.toString().getBytes(StandardCharsets.UTF_8)));
        browser.awaitText("You are offline");
        gate().mend();
        browser.await("#role-1");
        browser.awaitText(String.format(java.util.Locale.UK, "%,d rows", rows));
        gate().refuseNext("POST " + browser.path().replace("/bulk/", "/v1/imports/") + "/start", 1);
        browser.click("input[value=no]");
        browser.click("section.step:last-of-type .primary");
        browser.awaitText("The registry is busy");
        browser.await("#reading");
        browser.click(".row .button");
        browser.awaitText("Stopped by you");
        assertTrue(gate().isSpent());
    }

    @Test
    void aRevokedKeyIsToldAndAnotherTakesItsPlace() {
        Map<String, String> account = account("Society");
        String another = find(
                KEY,
                0,
                service()
                        .send(HttpRequest.newBuilder(service().uri("/v1/parties/me/keys"))
                                .header("Authorization", "Bearer " + account.get("key"))
                                .POST(HttpRequest.BodyPublishers.noBody()))
                        .body());
        String me = service()
                .send(HttpRequest.newBuilder(service().uri("/v1/parties/me"))
                        .header("Authorization", "Bearer " + another))
                .body();
        String first = find(Pattern.compile("\"keys\":\\[\\{\"id\":\"(k_[0-9a-z]+)\""), 1, me);
        service()
                .send(HttpRequest.newBuilder(service().uri("/v1/parties/me/keys/" + first))
                        .header("Authorization", "Bearer " + another)
                        .DELETE());
        Browser browser = browser("en", 360, false);
        browser.open("/");
        browser.keep("askfirst.account", String.valueOf(account.get("kept")));
        browser.open("/mine");
        browser.awaitText("This key does not work");
        browser.open("/key");
        browser.type("#entered", another);
        browser.click("form .primary");
        browser.awaitText("Active keys");
        browser.open("/mine");
        assertNotNull(browser.await(".card"));
    }

    @Test
    void declaringWaitsWhereThereWereTooManyAndDeclaresOnce() {
        Map<String, String> account = account("Publisher");
        Browser browser = browser("en", 1280, false);
        browser.open("/");
        browser.keep("askfirst.account", String.valueOf(account.get("kept")));
        browser.open("/declare");
        browser.type("#typed", "https://example.com/once\n");
        browser.await(".item .tag");
        browser.click("input[value=no]");
        gate().refuseNext("POST /v1/declarations", 1);
        browser.click(".step .primary");
        browser.awaitText("The registry is busy");
        browser.awaitText("Your declaration is recorded");
        assertTrue(gate().isSpent());
    }

    @Test
    void theKeyboardIsEnoughAndTheLanguageIsKept() {
        Browser browser = browser("en", 1280, false);
        browser.open("/check");
        browser.click(".tools button");
        browser.awaitText("조회하기");
        browser.open("/");
        assertEquals("ko", browser.script("return document.documentElement.lang"));
        Object reached = browser.script(
                "const order = [...document.querySelectorAll('a[href], button, input, select, textarea')]"
                        + ".filter(one => one.offsetParent && one.tabIndex < 0); return order.length");
        assertEquals("0", String.valueOf(reached), "something cannot be reached by Tab");
        browser.await("body").sendKeys(org.openqa.selenium.Keys.TAB);
        assertEquals("skip", browser.script("return document.activeElement.className"));
    }

    @ParameterizedTest
    @CsvSource({"ko,390,pine.example.org", "en,1280,oak.example.org"})
    void aSiteIsProvedFromTheCertificateOfWhatWaitsForIt(String language, int width, String host) throws IOException {
        boolean korean = language.equals("ko");
        Map<String, String> account = account("김하늘", "creator", "domain:" + host);
        Browser browser = browser(language, width, false);
        browser.open("/");
        browser.keep("askfirst.account", String.valueOf(account.get("kept")));
        browser.open("/d/" + account.get("declaration"));
        browser.awaitText(korean ? "내가 관리하는 곳인지 확인될 때까지 효력이 없어요" : "until you prove control of them");
        browser.click(".note a[href^='/prove']");
        browser.awaitText(korean ? "확인 대기. 등록은 보관되어 있지만" : "Your declaration is recorded, but does not apply until");
        String token = find(
                Pattern.compile("content=\"([^\"]+)\""),
                1,
                browser.await(".paste code").getText() + browser.text());
        browser.click(".claim > .row .button");
        browser.await(".steps-ok .no");
        browser.inspect("prove-pending");
        java.util.Objects.requireNonNull(web)
                .answer(host + "/.well-known/askfirst.txt", 200, "Content-Type: text/plain", token);
        String proved = korean ? "이곳에 대한 등록은 효력이 있어요" : "Your declarations on it apply";
        browser.pressUntil(".claim > .row .button:not([disabled])", proved);
        browser.inspect("prove-proved");
        browser.open("/d/" + account.get("declaration"));
        browser.await(".steps-ok .ok");
        assertEquals(0, browser.count(".note a[href^='/prove']"));
        browser.open("/prove");
        browser.type("#address", "nowhere");
        browser.click("form .primary");
        browser.await("#address-fault:not(:empty)");
        assertEquals("", browser.complaints());
    }

    @ParameterizedTest
    @CsvSource({"ko,1280", "en,390"})
    void aSocietyRecordsItsMembersAndOneComesAndLeaves(String language, int width) throws IOException {
        boolean korean = language.equals("ko");
        Map<String, String> society = account("한국도서협회");
        letVouch(String.valueOf(society.get("id")));
        Map<String, String> member = account("Mina Lee", "creator", "isbn:9788954651134");
        Browser browser = browser(language, width, false);
        browser.open("/");
        browser.keep("askfirst.account", String.valueOf(society.get("kept")));
        browser.open("/members");
        browser.watchSaving();
        String list = "회원번호,종류,종료일\n1204,isbn,\n1205,isbn iswc,2999-12-31\n1206,무엇,\n";
        browser.choose("#members-file", file("회원.csv", list.getBytes(Charset.forName("x-windows-949"))));
        browser.awaitText(korean ? "3줄을 모두 처리했어요" : "All 3 lines are done");
        assertEquals(1, browser.count(".troubles tbody tr"));
        browser.click(".key-box .primary");
        Matcher code = Pattern.compile("1205,(afm_[0-9a-z]{26}),m_").matcher(browser.saved());
        assertTrue(code.find(), browser.saved());
        browser.inspect("members-recorded");
        browser.choose("#members-file", file("회원.csv", list.getBytes(Charset.forName("x-windows-949"))));
        browser.await("#record .figures div:nth-child(2) dd");
        browser.awaitText(korean ? "이미 기록됨\n2" : "Already recorded\n2");
        browser.type("#text", "1205");
        browser.awaitText(korean ? "회원 1205" : "Member 1205");

        browser.type("#other", String.valueOf(member.get("id")));
        browser.click("#offer form > div > .button");
        browser.awaitText(korean ? "제안했어요" : "Offered");

        browser.keep("askfirst.account", String.valueOf(member.get("kept")));
        browser.open("/members");
        browser.awaitText("한국도서협회");
        browser.inspect("members-offered");
        browser.click(".items .primary");
        browser.awaitText(korean ? "양쪽이 동의함" : "Accepted by both sides");
        browser.type("#code", code.group(1));
        browser.click("form:has(#code) .button");
        browser.awaitText(korean ? "단체가 기록함" : "Recorded by the society");
        browser.click(".cards .card:first-child .button");
        browser.script("document.querySelector('#until').value = '2999-01-01'");
        browser.click("dialog .danger");
        browser.awaitText(korean ? "2999. 1. 1." : "1 Jan 2999");
        assertEquals("", browser.complaints());
    }

    @Test
    void codesThatBrokeOffWithTheConnectionAreMadeAnew() throws IOException {
        Map<String, String> society = account("한국도서협회");
        letVouch(String.valueOf(society.get("id")));
        Browser browser = browser("ko", 390, false);
        browser.open("/");
        become(browser, society, "/members");
        browser.watchSaving();
        gate().cutNext("POST /v1/mandates/batch");
        browser.choose(
                "#members-file", file("list.csv", "memberNumber\n31\n32\n33\n34\n".getBytes(StandardCharsets.UTF_8)));
        browser.awaitText("4줄을 모두 처리했어요");
        browser.awaitText("받지 못한 코드");
        browser.inspect("members-lost-codes");
        browser.click("section[aria-labelledby=lost-codes] .button");
        browser.awaitText("새로 기록\n4");
        browser.await(".key-box .primary:not([disabled])");
        browser.awaitGone("section[aria-labelledby=lost-codes]");
        browser.click(".key-box .primary");
        Matcher codes = Pattern.compile("3[1-4],(afm_[0-9a-z]{26}),m_").matcher(browser.saved());
        assertEquals(4, codes.results().count(), browser.saved());
        assertTrue(codes.find(0));
        Map<String, String> member = account("Mina Lee", "creator", "isbn:9788954651134");
        ask(member.get("key"), "POST", "/v1/mandates/claims", "{\"code\":\"" + codes.group(1) + "\"}");
        browser.click(".cards .card:first-child .row .button");
        browser.click("#new-code .primary");
        browser.awaitText("afm_");
        browser.inspect("members-new-code");
        assertEquals("", browser.complaints());
    }

    @ParameterizedTest
    @CsvSource({"ko,390", "en,1280"})
    void aSocietyDeclaresForItsMemberAndBothSeeIt(String language, int width) throws IOException {
        boolean korean = language.equals("ko");
        Map<String, String> society = account("한국도서협회");
        Map<String, String> member = account("Mina Lee", "creator", "isbn:9788954651134");
        String key = String.valueOf(society.get("key"));
        String mandate = find(
                Pattern.compile("\"id\":\"(m_[0-9a-z]+)\""),
                1,
                ask(
                        key,
                        "POST",
                        "/v1/mandates",
                        "{\"member\":\"" + member.get("id") + "\",\"uses\":[\"ai-training\"]}"));
        ask(member.get("key"), "POST", "/v1/mandates/" + mandate + "/acceptance", "");
        Browser browser = browser(language, width, false);
        browser.open("/");
        become(browser, member, "/declare");
        browser.awaitText(korean ? "이름으로 등록해요" : "You declare as Mina Lee");
        assertEquals(0, browser.count("#for"), "whoever holds no mandate is asked nothing");

        become(browser, society, "/declare");
        browser.await("#for");
        browser.type("#typed", "https://mina.example.org/1\n");
        browser.await(".item .tag");
        browser.pick("#for", mandate);
        browser.type("#contact", "ask@example.com");
        String said = korean ? "한국도서협회가 Mina Lee의 위임에 따라 등록해요" : "한국도서협회 declares for Mina Lee";
        browser.awaitText(said);
        browser.awaitText(mandate);
        browser.inspect("declare-for-a-member");
        browser.click(".step .primary");
        browser.awaitText(korean ? "작품을 등록했어요" : "Your declaration is recorded");
        browser.awaitText(said);
        browser.click(".card a.button");
        browser.await(".steps-ok .ok");
        browser.awaitText(korean ? "한국도서협회가 Mina Lee의 위임에 따라 아래" : "as follows for Mina Lee, under a mandate");
        browser.inspect("certificate-for-a-member");

        String rich = find(
                ID,
                1,
                ask(
                        key,
                        "POST",
                        "/v1/declarations",
                        "{\"subjects\":[\"isbn:9788936434120\"],\"mandate\":\"" + mandate
                                + "\",\"stances\":{\"ai-training\":\"permitted-with-terms\"},"
                                + "\"terms\":{\"contact\":\"mailto:ask@example.com\",\"policy\":\"https://example.com/p\","
                                + "\"payment\":{\"type\":\"subscription\"}},\"market\":{\"rightsholderIdentified\":true,"
                                + "\"offers\":[{\"market\":\"도서 이용허락\",\"licensor\":\"협회\"}]},"
                                + "\"work\":{\"title\":\"봄의 끝\",\"creators\":[\"Lee, Mina\"],\"kind\":\"novel\"}}"));
        browser.open("/d/" + rich + "/amend");
        browser.awaitText(mandate);
        browser.inspect("amend-for-a-member");
        browser.type("#title", "봄의 시작");
        browser.click("form .primary");
        browser.awaitText("봄의 시작");
        String amended = ask(null, "GET", "/v1/declarations/" + rich, "");
        for (String kept : List.of(
                "\"mandate\":\"" + mandate,
                "\"licensor\":\"협회\"",
                "\"policy\":\"https://example.com/p\"",
                "\"payment\":{\"type\":\"subscription\"}",
                "\"stances\":{\"ai-training\":\"permitted-with-terms\"}",
                "[\"Lee, Mina\"]",
                "\"kind\":\"novel\"")) {
            assertTrue(amended.contains(kept), kept + " in " + amended);
        }

        browser.open("/bulk/" + received(key, "list.csv", LIST));
        browser.await("#for");
        browser.pick("#for", mandate);
        browser.type("#contact", "ask@example.com");
        browser.awaitText(said);
        browser.inspect("bulk-for-a-member");
        browser.click("section.step:last-of-type .primary");
        browser.awaitText(korean ? "3행을 모두 처리했어요." : "All 3 rows");
        for (Map<String, String> side : List.of(society, member)) {
            become(browser, side, "/members");
            browser.click("af-mandate-declarations summary");
            browser.await("af-mandate-declarations a[href='/d/" + rich + "']");
            browser.awaitText("바다의 책");
        }
        browser.inspect("members-declared");
        ask(member.get("key"), "DELETE", "/v1/mandates/" + mandate, "");
        browser.open("/d/" + rich);
        browser.awaitText(korean ? "지금은 효력이 없는 위임입니다" : "The mandate is not in force");
        browser.click(".button.danger");
        browser.click("dialog .danger");
        browser.await(".certificate.withdrawn");
        assertEquals("", browser.complaints());
    }

    @ParameterizedTest
    @CsvSource({"ko,390", "en,1280"})
    void aListIsSeenAndLookedThrough(String language, int width) throws IOException {
        boolean korean = language.equals("ko");
        Map<String, String> society = account("한국음악협회");
        String list = find(
                ID,
                1,
                ask(
                        society.get("key"),
                        "POST",
                        "/v1/declarations",
                        "{\"repertoire\":{\"title\":\"관리 곡 목록\"},\"stances\":{\"text-and-data-mining\":\"reserved\"},"
                                + "\"terms\":{\"contact\":\"mailto:ask@example.com\"}}"));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            lines.append("{\"add\":\"url:https://")
                    .append(language)
                    .append(".songs.example.net/")
                    .append(i)
                    .append("\"}\n");
        }
        service()
                .send(HttpRequest.newBuilder(service().uri("/v1/declarations/" + list + "/repertoire"))
                        .header("Content-Type", "application/x-ndjson")
                        .header("Authorization", "Bearer " + society.get("key"))
                        .POST(HttpRequest.BodyPublishers.ofString(lines.toString())));
        Browser browser = browser(language, width, false);
        browser.open("/");
        become(browser, society, "/d/" + list);
        browser.await(".steps-ok .ok");
        browser.awaitText(korean ? "한국음악협회가 아래 관리 목록에" : "한국음악협회 has declared");
        browser.awaitText(korean ? "60건 가운데 50건" : "50 of 60");
        browser.inspect("certificate-list");
        browser.click("section[aria-labelledby=listed] .button");
        browser.awaitText(korean ? "목록 60건" : "60 items in the list");
        browser.open("/d/" + list + "/amend");
        browser.await("#title");
        assertEquals(0, browser.count("#creators"), "a list has no creators");
        browser.inspect("amend-list");
        browser.type("#title", "관리 작품 목록");
        browser.click("form .primary");
        browser.awaitText("관리 작품 목록");
        browser.open("/check?subject=https://" + language + ".songs.example.net/7");
        browser.awaitText(korean ? "관리 목록 ‘관리 작품 목록’에 들어 있어" : "It applies through the list “관리 작품 목록”");
        browser.inspect("check-through");
        assertEquals("", browser.complaints());
    }

    @Test
    void aMembersKeyIsAskedForByItsSocietyAndTheMemberObjects() throws IOException {
        Map<String, String> society = account("한국도서협회");
        Map<String, String> member = account("이서연", "creator", "isbn:9788954651134");
        letVouch(String.valueOf(society.get("id")));
        ask(society.get("key"), "POST", "/v1/parties/me/members", "{\"party\":\"" + member.get("id") + "\"}");
        Browser browser = browser("ko", 390, false);
        browser.open("/");
        become(browser, society, "/recover");
        browser.await("#member");
        browser.inspect("recover-society");
        browser.type("#member", String.valueOf(member.get("id")));
        browser.click("form:has(#member) .button");
        browser.awaitText("까지 기다리는 중이에요");
        browser.await("#shown-key");
        browser.inspect("recover-waiting");
        browser.click(".key-box .primary");
        String recovery = browser.path();
        become(browser, member, "/key");
        browser.awaitText("누군가 이 계정의 새 접속 키를 요청했어요");
        browser.inspect("key-asked-for");
        browser.click(".note a.danger");
        assertEquals(recovery, browser.path());
        browser.inspect("recover-object");
        browser.click(".note .danger");
        browser.awaitText("중단되었어요");
        assertEquals("", browser.complaints());
    }

    @Test
    void aLostKeyIsRecoveredThroughTheSiteOfItsAccount() throws IOException, SQLException {
        String host = "elm.example.org";
        Map<String, String> account = account("Sky", "creator", "domain:" + host);
        String claim =
                ask(account.get("key"), "POST", "/v1/parties/me/controls", "{\"subject\":\"domain:" + host + "\"}");
        String file = host + "/.well-known/askfirst.txt";
        LoopbackWeb site = java.util.Objects.requireNonNull(web);
        site.answer(file, 200, "Content-Type: text/plain", find(TOKEN, 0, claim));
        String id = find(Pattern.compile("\"id\":\"(c_[0-9a-f]+)\""), 1, claim);
        assertTrue(ask(account.get("key"), "POST", "/v1/parties/me/controls/" + id + "/check", "")
                .contains("\"proved\""));
        Browser browser = browser("en", 1280, false);
        browser.open("/recover");
        browser.type(
                "#account", service().uri("/d/" + account.get("declaration")).toString());
        browser.type("#site", "nowhere.example.org");
        browser.click(".page .primary");
        browser.awaitText("This account has not proved that address");
        browser.type("#site", "https://" + host + "/about");
        browser.click(".page .primary");
        browser.awaitText("The recovery has not started yet. First show");
        String key = browser.await("#shown-key").getText();
        browser.inspect("recover-unproved", List.of(new Browser.Look(1280, false), new Browser.Look(390, true)));
        site.answer(
                file,
                200,
                "Content-Type: text/plain",
                find(TOKEN, 0, browser.await(".paste code").getText() + browser.text()));
        browser.pressUntil(".step .primary:not([disabled])", "Waiting until");
        browser.click(".key-box .primary");
        try (Connection connection = DriverManager.getConnection(
                        service().databaseUrl(), "askfirst", service().databasePassword());
                Statement waited = connection.createStatement()) {
            assertEquals(
                    1,
                    waited.executeUpdate(
                            "update party_recovery_state set until = until - interval '15 days' where state = 'waiting'"
                                    + " and recovery = '" + browser.path().replace("/recover/", "") + "'"));
        }
        browser.open(browser.path());
        browser.click(".page .primary");
        browser.awaitText("Done. The new key works");
        browser.inspect("recovered");
        browser.open("/key");
        browser.type("#entered", key);
        browser.click("form .primary");
        browser.awaitText("You are signed in as Sky");
        assertEquals("", browser.complaints());
    }
}
