package org.askfirst.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final String LIST =
            "2026년 회원 저작물,,\n작품명,저자,ISBN\n봄의 끝,이서연,9788936434120\n바다의 책,김하늘,9788954651135\n,누구,12\n";

    private static @Nullable Service service;
    private static @Nullable Gate gate;
    private static @Nullable Path folder;

    @BeforeAll
    static void begin() throws IOException {
        Loudly.assume(
                Files.isExecutable(Browser.CHROMIUM) && Files.isExecutable(Browser.DRIVER),
                "the pages: install Debian's chromium and chromium-driver");
        service = Service.inEmptyFolder().start();
        gate = Gate.to(service);
        folder = Files.createTempDirectory("askfirst-pages");
    }

    @AfterAll
    static void end() throws IOException {
        if (gate != null) {
            gate.close();
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
        String opened = service()
                .send(HttpRequest.newBuilder(service().uri("/v1/parties"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"" + name + "\",\"kind\":\"society\"}")))
                .body();
        String key = find(KEY, 0, opened);
        String declared = service()
                .send(HttpRequest.newBuilder(service().uri("/v1/declarations"))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + key)
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"subjects\":[\"isbn:9788936434120\",\"domain:example.com\"],"
                                        + "\"stances\":{\"text-and-data-mining\":\"reserved\",\"search-indexing\":\"permitted\"},"
                                        + "\"terms\":{\"contact\":\"mailto:ask@example.com\",\"text\":\"일주일 안에 답합니다.\"},"
                                        + "\"work\":{\"title\":\"봄의 끝\",\"creators\":[\"이서연\"],\"kind\":\"novel\"}}")))
                .body();
        String id = find(ID, 1, opened);
        Map<String, String> account = new LinkedHashMap<>();
        account.put("key", key);
        account.put("declaration", find(ID, 1, declared));
        account.put(
                "kept",
                "{\"id\":\"" + id + "\",\"name\":\"" + name + "\",\"kind\":\"society\",\"key\":\"" + key + "\"}");
        return account;
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
    @CsvSource({"ko,360,false", "en,1280,false", "ko,1280,true", "en,360,true"})
    void everyPageIsFitForEverybody(String language, int width, boolean dark) throws IOException {
        Map<String, String> account = account("한국도서협회");
        String ready = received(String.valueOf(account.get("key")), "list.csv", LIST);
        try (Browser browser = new Browser(gate(), language, width, dark)) {
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
            pages.put("nowhere", "/nowhere");
            pages.put("api", "/docs/api");
            for (Map.Entry<String, String> page : pages.entrySet()) {
                browser.open(page.getValue());
                switch (page.getKey()) {
                    case "certificate" -> browser.await(".steps-ok .ok");
                    case "check" -> browser.await(".verdict");
                    case "mine" -> browser.await(".card");
                    case "bulk-ready" -> browser.await("#role-0");
                    case "api" -> browser.await(".opblock");
                    default -> browser.awaitHeading();
                }
                browser.inspect(page.getKey());
            }
            assertEquals("", browser.complaints());
        }
    }

    @ParameterizedTest
    @CsvSource({"ko,360", "en,1280"})
    void fromNothingToACertificate(String language, int width) throws IOException {
        boolean korean = language.equals("ko");
        try (Browser browser = new Browser(gate(), language, width, false)) {
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
            browser.awaitText(korean ? "변경했습니다" : "Amended");
            browser.await(".timeline li:nth-child(2)");
            assertEquals(certificate, browser.path());
            browser.click(".button.danger");
            browser.click("dialog .danger");
            browser.await(".certificate.withdrawn");
            browser.await(".timeline li:nth-child(3)");
            assertEquals("", browser.complaints());
        }
    }

    @Test
    void aFileASiteAndAWorkWithoutEither() throws IOException {
        try (Browser browser = new Browser(gate(), "ko", 360, false)) {
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
            browser.open("/mine");
            browser.type("#text", "봄의");
            browser.awaitText("봄의 끝");
            browser.open("/check");
            browser.choose("af-works input[type=file]", file("그림.bin", new byte[9_000_001]));
            browser.await(".item .value");
            browser.click(".page .primary");
            browser.await(".verdict.deny");
        }
    }

    @Test
    void aClerkPutsAListThrough() throws IOException {
        Map<String, String> account = account("협회");
        try (Browser browser = new Browser(gate(), "ko", 1280, false)) {
            browser.open("/");
            browser.keep("askfirst.account", String.valueOf(account.get("kept")));
            browser.open("/bulk");
            browser.choose("af-bulk input[type=file]", file("사진.pdf", "%PDF-1.7".getBytes(StandardCharsets.UTF_8)));
            browser.awaitText("표로 읽을 수 없는 파일입니다");
            browser.choose("af-bulk input[type=file]", file("목록.csv", LIST.getBytes(Charset.forName("x-windows-949"))));
            browser.await("#role-2");
            browser.awaitText("3행을 모두 확인했습니다. 2행을 등록할 수 있고, 그중 1행은 읽지 못한 번호가 있습니다. 1행은 등록할 수 없습니다.");
            browser.awaitText("혹시 isbn:9788954651134인가요?");
            browser.type("#contact", "ask@example.com");
            browser.click("section.step:last-of-type .primary");
            browser.awaitText("3행을 모두 처리했습니다.");
            browser.inspect("bulk-done");
            assertEquals("", browser.complaints());
        }
    }

    @Test
    void aConnectionThatBreaksInTheMiddleOfAnUploadLosesNothing() throws IOException {
        Loudly.assume(
                Boolean.getBoolean("askfirst.broken.uploads"),
                "the upload arrives whole, but the page was not seen to tell of the broken connection, and it is not"
                        + " known why; run it with -Daskfirst.broken.uploads=true");
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
        try (Browser browser = new Browser(gate(), "en", 1280, false)) {
            browser.open("/");
            browser.keep("askfirst.account", String.valueOf(account.get("kept")));
            browser.open("/bulk");
            // More than a browser tries again by itself on a connection that was kept.
            gate().breakNext("PATCH", 6);
            browser.choose(
                    "af-bulk input[type=file]", file("long.csv", list.toString().getBytes(StandardCharsets.UTF_8)));
            browser.awaitText("You are offline");
            browser.await("#role-1");
            assertTrue(gate().isSpent());
            browser.awaitText(String.format(java.util.Locale.UK, "%,d rows", rows));
            gate().refuseNext("POST " + browser.path().replace("/bulk/", "/v1/imports/") + "/start", 1);
            browser.click("input[value=no]");
            browser.click("section.step:last-of-type .primary");
            browser.awaitText("The registry is busy");
            browser.click(".row .button");
            browser.awaitText("Halted");
            assertTrue(gate().isSpent());
        }
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
        try (Browser browser = new Browser(gate(), "en", 360, false)) {
            browser.open("/");
            browser.keep("askfirst.account", String.valueOf(account.get("kept")));
            browser.open("/mine");
            browser.awaitText("This key does not work");
            browser.open("/key");
            browser.type("#entered", another);
            browser.click("form .primary");
            browser.awaitText("Keys that work");
            browser.open("/mine");
            assertNotNull(browser.await(".card"));
        }
    }

    @Test
    void declaringWaitsWhereThereWereTooManyAndDeclaresOnce() {
        Map<String, String> account = account("Publisher");
        try (Browser browser = new Browser(gate(), "en", 1280, false)) {
            browser.open("/");
            browser.keep("askfirst.account", String.valueOf(account.get("kept")));
            browser.open("/declare");
            browser.type("#typed", "https://example.com/once\n");
            browser.await(".item .tag");
            browser.click("input[value=no]");
            gate().refuseNext("POST /v1/declarations", 1);
            browser.click(".step .primary");
            browser.awaitText("The registry is busy");
            browser.awaitText("It is declared");
            assertTrue(gate().isSpent());
        }
    }

    @Test
    void theKeyboardIsEnoughAndTheLanguageIsKept() {
        try (Browser browser = new Browser(gate(), "en", 1280, false)) {
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
    }
}
