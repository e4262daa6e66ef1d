package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules for all pages: they are fit for everybody, they agree with the lookup, and facts need no scripts. */
class PagesIT extends PagesJourney {
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
        pages.put("ask", "/ask/" + account.get("id"));
        pages.put("prove", "/prove?subject=domain:example.com");
        pages.put("members", "/members");
        pages.put("lists", "/lists");
        pages.put("party", "/p/" + account.get("id"));
        for (String text : List.of("about", "operator", "terms", "privacy", "faq", "status")) {
            pages.put(text, "/" + text);
        }
        pages.put("nowhere", "/nowhere");
        pages.put("api", "/docs/api");
        pages.put("api-group", "/docs/api/lookups");
        pages.put("api-schemas", "/docs/api/schemas");
        for (Map.Entry<String, String> page : pages.entrySet()) {
            browser.open(page.getValue());
            switch (page.getKey()) {
                case "certificate" -> browser.await(".steps-ok .ok");
                case "check" -> browser.await(".verdict");
                case "mine" -> browser.await(".card");
                case "party" -> browser.await("main dl");
                case "prove" -> browser.await(".claim");
                case "members" -> browser.await("#record .note");
                case "bulk-ready" -> browser.await("#role-0");
                case "api", "api-group", "api-schemas" -> browser.await(".api");
                default -> browser.awaitHeading();
            }
            browser.inspect(page.getKey(), looks);
            browser.show(page.getKey(), new Browser.Look(dark, false));
        }
        assertEquals("", browser.complaints());
    }

    @ParameterizedTest
    @CsvSource({"ko,360", "en,1280"})
    void withoutScriptsTheFactsAndTheRulesCanBeRead(String language, int width) throws IOException {
        boolean korean = language.equals("ko");
        Map<String, String> account = account("김하늘");
        Browser browser = browser(language, width, false);
        browser.letScripts(false);
        try {
            for (Map.Entry<String, String> page : Map.of(
                            "/",
                            korean ? "먼저 묻게 하세요" : "Make AI ask before it takes your work",
                            "/d/" + account.get("declaration"),
                            "봄의 끝",
                            "/p/" + account.get("id"),
                            "김하늘",
                            "/privacy",
                            korean ? "개인정보 보호책임자" : "Privacy officer",
                            "/operator",
                            "ASKFIRST_OPERATOR_NAME",
                            "/status",
                            korean ? "지금 모두 정상이에요" : "Everything works.")
                    .entrySet()) {
                String text = browser.textOf(page.getKey());
                assertTrue(text.contains(page.getValue()), page.getKey() + ": " + text);
                assertTrue(text.contains(korean ? "개인정보 처리방침" : "Privacy policy"), page.getKey());
            }
        } finally {
            browser.letScripts(true);
        }
    }

    @ParameterizedTest
    @CsvSource({"ko,390", "en,1280"})
    void theServedTextAndThePageGiveTheSameAnswer(String language, int width) {
        boolean korean = language.equals("ko");
        Map<String, String> reserves = new LinkedHashMap<>();
        reserves.put("{\"name\":\"김하늘\",\"kind\":\"creator\",\"contact\":\"mailto:sky@example.com\"}", "ask");
        reserves.put("{\"name\":\"김하늘\",\"kind\":\"creator\"}", "deny");
        Browser browser = browser(language, width, false);
        for (Map.Entry<String, String> party : reserves.entrySet()) {
            String key = find(KEY, 0, ask(null, "POST", "/v1/parties", party.getKey()));
            String id = find(
                    ID,
                    1,
                    ask(
                            key,
                            "POST",
                            "/v1/declarations",
                            "{\"subjects\":[\"url:https://" + language + party.getValue()
                                    + ".served.example/\"],\"stances\":{\"text-and-data-mining\":\"reserved\"}}"));
            boolean asks = party.getValue().equals("ask");
            List<String> same = List.of(
                    korean
                            ? (asks ? "먼저 허락을 구해야 함" : "허락 없이 쓸 수 없음")
                            : (asks ? "Reserved (ask first)" : "Reserved (permission needed)"),
                    korean ? (asks ? "먼저 물어보세요" : "쓰지 마세요") : (asks ? "Ask first" : "No"),
                    korean ? "효력이 있어요" : "This counts.");
            browser.letScripts(false);
            String served = browser.textOf("/d/" + id);
            browser.letScripts(true);
            browser.open("/d/" + id);
            browser.await(".strip .verdict." + party.getValue());
            for (String part : same) {
                assertTrue(served.contains(part), part + " in " + served);
                browser.awaitText(part);
            }
        }
    }

    /** Returns the texts with that part which are in no bdi and not isolated by characters. */
    static @Nullable Object bare(Browser browser, String part) {
        return browser.script("""
                const found = [];
                const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                  const isolated = node.parentElement.closest('bdi, script, textarea, code')
                    || /\\u2068[^\\u2069]*\\u2069/.test(node.data);
                  if (node.data.includes(arguments[0]) && !isolated) found.push(node.parentElement.outerHTML);
                }
                return found.join('\\n');
                """, part);
    }

    @Test
    void namesAndTitlesOfStrangersAreIsolated() throws IOException {
        String name = "שמש";
        Map<String, String> society = account(name + " 1", "society", "isbn:9788936434120");
        Map<String, String> member = account(name + " 2", "creator", "isbn:9788954651134");
        String key = String.valueOf(society.get("key"));
        letVouch(String.valueOf(society.get("id")));
        String work = "\"stances\":{\"text-and-data-mining\":\"reserved\"},\"work\":{\"title\":\"" + name
                + " 3\",\"creators\":[\"" + name + " 4\"]}}";
        String declared = find(
                ID, 1, ask(key, "POST", "/v1/declarations", "{\"subjects\":[\"url:https://rtl.example/1\"]," + work));
        String list = find(
                ID,
                1,
                ask(
                        key,
                        "POST",
                        "/v1/declarations",
                        "{\"repertoire\":{\"title\":\"" + name
                                + " 5\"},\"stances\":{\"text-and-data-mining\":\"reserved\"}}"));
        String mandate = find(
                Pattern.compile("\"id\":\"(m_[0-9a-z]+)\""),
                1,
                ask(key, "POST", "/v1/mandates", "{\"member\":\"" + member.get("id") + "\"}"));
        ask(member.get("key"), "POST", "/v1/mandates/" + mandate + "/acceptance", "");
        ask(key, "POST", "/v1/parties/me/members", "{\"party\":\"" + member.get("id") + "\"}");
        String table = name + " 6,ISBN\n" + name + " 7,9788936434120\n" + name + " 8,12\n";
        String imported = find(
                ID,
                1,
                service()
                        .send(HttpRequest.newBuilder(service().uri("/v1/imports?name=" + encoded(name + " 9.csv")))
                                .header("Content-Type", "text/csv;charset=utf-8")
                                .header("Authorization", "Bearer " + key)
                                .POST(HttpRequest.BodyPublishers.ofString(table)))
                        .body());
        Browser browser = browser("en", 1280, false);
        browser.open("/");
        browser.keep("askfirst.account", String.valueOf(society.get("kept")));
        for (Map.Entry<String, String> page : Map.of(
                        "/mine",
                        ".card",
                        "/bulk",
                        ".card",
                        "/bulk/" + imported,
                        "#role-0",
                        "/lists",
                        ".card",
                        "/members",
                        ".cards .card",
                        "/d/" + declared,
                        ".steps-ok .ok",
                        "/d/" + list,
                        ".steps-ok .ok",
                        "/check?subject=https://rtl.example/1",
                        ".verdict",
                        "/dispute/" + member.get("declaration"),
                        "form")
                .entrySet()) {
            browser.open(page.getKey());
            browser.await(page.getValue());
            assertEquals("", bare(browser, name), page.getKey());
        }
        browser.open("/mine");
        browser.awaitText(name + " 3");
        browser.keep("askfirst.account", String.valueOf(member.get("kept")));
        browser.open("/members");
        browser.await("af-memberships .item");
        assertEquals("", bare(browser, name), "/members of the member");
        browser.script("localStorage.clear()");
        browser.open("/declare");
        browser.type("#typed", name + " 3\n");
        browser.await(".item .tag");
        browser.type(".item .field:nth-child(2) input", name + " 4");
        browser.click(".flow .primary");
        browser.await("#mode-no");
        assertEquals("", bare(browser, name), "/declare");
        browser.awaitText(name + " 3");
    }

    @ParameterizedTest
    @CsvSource({"ko,360", "en,360"})
    void nothingIsCutOffAtTheNarrowestWindow(String language, int width) {
        Browser browser = browser(language, width, false);
        for (String path :
                List.of("/privacy", "/terms", "/status", "/faq", "/about", "/operator", "/declare?step=what")) {
            browser.narrow(320);
            browser.textOf(path);
            assertEquals(
                    "",
                    browser.script("return [...document.querySelectorAll('main *')]"
                            + ".filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1"
                            + " && getComputedStyle(one).overflowX !== 'visible'"
                            + " && !one.closest('.visually-hidden, pre, thead'))"
                            + ".map(one => one.outerHTML.slice(0, 200)).join('\\n')"),
                    language + " " + path);
        }
        browser.narrow(width);
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
    @CsvSource({"ko,390", "en,1280"})
    void anOwnerRejectsEverythingUnprovedOnItsSite(String language, int width) throws IOException {
        boolean korean = language.equals("ko");
        String host = language + ".sweep.example.org";
        Map<String, String> owner = account("바다 출판사", "publisher", "url:https://" + language + ".own.example.org/");
        Map<String, String> stranger = account("이서연", "creator", "url:https://" + host + "/1");
        ask(
                service().operatorKey(),
                "POST",
                "/v1/operator/controls",
                "{\"party\":\"" + owner.get("id") + "\",\"subject\":\"domain:" + host + "\",\"reason\":\"seen\"}");
        Browser browser = browser(language, width, false);
        browser.open("/");
        become(browser, owner, "/prove");
        browser.click("af-sweep summary");
        browser.click("af-sweep form .danger");
        browser.awaitText(korean ? "사이트나 번호 묶음을 적어 주세요." : "Enter a site or a prefix.");
        browser.type("#sweep-subject", host);
        browser.inspect("sweep");
        browser.click("af-sweep form .danger");
        browser.awaitText(korean ? "근거 없는 등록을 모두 거부할까요?" : "Reject everything unproved?");
        browser.click("af-sweep dialog .danger");
        browser.awaitText(
                korean ? "등록 1개를 살펴보고, 1명의 등록을 거부했어요." : "1 declared works were read, and 1 parties were rejected.");
        browser.inspect("sweep-done");
        browser.click("af-sweep li a");
        browser.awaitText(korean ? "상대방은 아직 근거를 보일 수 있어요" : "can still show evidence");
        browser.open("/check?subject=https://" + host + "/1");
        browser.await(".verdict");
        assertTrue(ask(null, "GET", "/v1/declarations/" + stranger.get("declaration"), "")
                .contains("contested"));

        // Somebody else disputes the proof of the owner.
        String proved = find(
                ID,
                1,
                ask(
                        owner.get("key"),
                        "POST",
                        "/v1/declarations",
                        "{\"subjects\":[\"domain:" + host
                                + "\"],\"stances\":{\"text-and-data-mining\":\"reserved\"}}"));
        become(browser, stranger, "/dispute/" + proved);
        browser.click("input[value=control]");
        browser.await("#control");
        browser.inspect("dispute-control");
        browser.type("#statement", "It is my site.");
        browser.click("form .primary");
        browser.awaitText(korean ? "상대방이 이곳을 관리하는지에 대한 이의예요" : "whether they control this place");
        assertEquals("", browser.complaints());
    }

    @ParameterizedTest
    @CsvSource({"ko,390", "en,1280"})
    void anArbiterDecidesOnTheThread(String language, int width) throws IOException {
        boolean korean = language.equals("ko");
        String host = "https://" + language + ".arbiter.example/";
        Map<String, String> publisher = account("바다 출판사", "publisher", "url:" + host + "1\",\"url:" + host + "2");
        Map<String, String> author = account("이서연", "creator", "url:" + host + "3");
        Map<String, String> arbiter = account("중재원", "society", "url:" + host + "4");
        String dispute = find(
                Pattern.compile("\"id\":\"(x_[0-9a-z]+)\""),
                1,
                ask(
                        author.get("key"),
                        "POST",
                        "/v1/disputes",
                        "{\"declaration\":\"" + publisher.get("declaration")
                                + "\",\"grounds\":\"not-theirs\",\"statement\":\"mine\"}"));
        String steps = "/v1/disputes/" + dispute + "/steps";
        ask(publisher.get("key"), "POST", steps, "{\"step\":\"answer\",\"statement\":\"ours\"}");
        ask(author.get("key"), "POST", steps, "{\"step\":\"continue\"}");
        ask(
                service().operatorKey(),
                "POST",
                "/v1/operator/dispute-arbiters",
                "{\"dispute\":\"" + dispute + "\",\"party\":\"" + arbiter.get("id") + "\",\"reason\":\"Both agreed\"}");
        Browser browser = browser(language, width, false);
        browser.open("/");
        become(browser, author, "/dispute/" + dispute);
        browser.await("#thread");
        assertEquals(0, browser.count("#decide"), "only the arbiter decides");
        become(browser, arbiter, "/dispute/" + dispute);
        browser.await("#decide");
        browser.click("#decide ~ form .primary");
        browser.awaitText(korean ? "결정을 골라 주세요." : "Choose a decision.");
        browser.click("input[value=set-aside]");
        browser.click("input[name=subject][value$='2']");
        browser.type("#statement", "The contract has ended.");
        browser.inspect("dispute-decide");
        browser.click("#decide ~ form .primary");
        browser.awaitText(korean ? "결정 (중재인 「중재원」)" : "중재원");
        browser.awaitGone("#decide");
        String decided = ask(null, "GET", "/v1/declarations/" + publisher.get("declaration"), "");
        assertTrue(decided.contains("\"setAside\":[\"url:" + host + "1\"]"), decided);
        assertEquals("", browser.complaints());
    }

    @ParameterizedTest
    @CsvSource({"ko,390", "en,1280"})
    void theOperatorHidesANameAndSeesItInTheLog(String language, int width) throws IOException {
        boolean korean = language.equals("ko");
        Map<String, String> account = account("Sky", "creator", "domain:" + language + ".hidden.example.org");
        ask(
                account.get("key"),
                "PUT",
                "/v1/parties/me/operator-request",
                "{\"wants\":\"verification\",\"statement\":\"I am she\"}");
        Browser browser = browser(language, width, false);
        browser.open("/console");
        browser.inspect("operator-enter");
        browser.type("#key", "afk_1");
        browser.click("form .primary");
        browser.awaitText(korean ? "운영자 키는 afo_" : "An operator key is afo_");
        browser.type("#key", service().operatorKey());
        browser.click("form .primary");
        browser.awaitText(korean ? "first 키로 들어왔어요" : "You act with the key first");
        browser.awaitText("I am she");
        browser.type("#act-party", String.valueOf(account.get("id")));
        browser.click("form.narrow .primary");
        browser.awaitText(korean ? "내 키 이름과 함께" : "It is recorded with the name of your key");
        browser.inspect("operator-confirm");
        browser.type("#reason", "The name is that of another person");
        browser.click("dialog .primary");
        browser.awaitGone("dialog[open]");
        browser.awaitText("The name is that of another person");
        browser.inspect("operator", List.of(new Browser.Look(width, false), new Browser.Look(width, true)));
        assertTrue(ask(null, "GET", "/v1/parties/" + account.get("id"), "").contains("\"nameHidden\":\"law\""));
        browser.click(".intro .button:last-child");
        browser.awaitText(korean ? "키는 이 탭에만 있고" : "The key stays in this tab");
        assertEquals("", browser.complaints());
    }
}
