package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.askfirst.testkit.LoopbackWeb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Creators at the pages, in Korean and in English: a novelist with a telephone, an artist with files, and what goes wrong. */
class CreatorPagesIT extends PagesJourney {
    @ParameterizedTest
    @CsvSource({"ko,360", "en,1280"})
    void fromNothingToACertificate(String language, int width) throws IOException {
        boolean korean = language.equals("ko");
        Browser browser = browser(language, width, false);
        browser.open("/declare");
        browser.inspect("declare-what");
        // A wrong check digit is told with what was meant, and set right by a button.
        browser.type("#typed", "978-89-7777-123-5\n");
        browser.await(".unread .error");
        browser.click(".unread .button.s");
        browser.await(".item .tag");
        browser.click(".flow .primary");
        browser.await("#mode-ask");
        assertEquals(0, browser.count("[aria-pressed=true]"), "a legal act has no answer chosen for anybody");
        assertEquals(0, browser.count(".flow .primary"), "there is nothing to press but the answers");
        browser.inspect("declare-may");
        browser.click("#mode-ask");
        browser.await("#contact");
        browser.inspect("declare-you");
        browser.click(".flow .primary");
        browser.awaitText(korean ? "공개된다는 안내를 읽고 동의해" : "Read that your name and contact become public");
        browser.click("#consent");
        browser.click(".flow .primary");
        browser.awaitText(korean ? "이름을 적어 주세요." : "Enter a name.");
        assertEquals("note bad summary", browser.script("return document.activeElement.className"));
        browser.inspect("declare-you-wrong");
        browser.click(".summary a");
        assertEquals("contact", browser.script("return document.activeElement.id"));
        browser.type("#contact", "haneul@example.com");
        browser.type("#party-name", korean ? "김하늘" : "Haneul Kim");
        browser.click(".flow .primary");
        assertTrue(browser.await("#shown-key").getText().matches("afk_[0-9a-z]{59}"));
        browser.await(".strip .verdict.ask");
        browser.inspect("declared");
        browser.click(".card a.button");
        browser.await(".steps-ok .ok");
        assertEquals(3, browser.count(".steps-ok .ok"), "entry, path and signature were verified");
        browser.awaitText(korean ? "김하늘이 아래" : "Haneul Kim has declared");
        browser.awaitText(korean ? "효력이 있어요" : "This counts");
        browser.awaitText(" KST\n");
        browser.awaitText(" UTC\n");
        assertEquals(0, browser.count(".stamp"), "nobody has checked the right");
        browser.await(".qr");
        browser.click("section[aria-labelledby=takeaway] summary");
        browser.awaitText("Content-Usage: train-ai=n");
        browser.inspect("work");
        String certificate = browser.path();

        browser.click(".certificate ~ .row a[href$=amend]");
        browser.click("input[value=no]");
        browser.click("form .primary");
        browser.awaitText(korean ? "변경했어요" : "Amended");
        browser.awaitText(korean ? "마지막 변경" : "Last change");
        browser.await(".timeline li:nth-child(2)");
        assertEquals(certificate, browser.path());
        browser.click(".button.danger");
        browser.click("dialog .danger");
        browser.await(".certificate.withdrawn");
        browser.await(".timeline li:nth-child(3)");
        assertEquals("", browser.complaints());
    }

    /** Waits until a search finds that. It asks rarely, because each search costs as many works as the quota has for it. */
    private void awaitFound(String text, String what) throws IOException {
        for (int tries = 0; tries < 120; tries++) {
            if (ask(null, "GET", "/v1/search?limit=100&q=" + encoded(text), "").contains(what)) {
                return;
            }
            Service.pause();
            Service.pause();
            Service.pause();
        }
        throw new AssertionError(what + " is not found by " + text);
    }

    @ParameterizedTest
    @CsvSource({"ko,390", "en,1280"})
    void aTextWithoutASubjectIsSearchedFor(String language, int width) throws IOException {
        boolean korean = language.equals("ko");
        Map<String, String> account =
                account("정다운 극단 " + language, "creator", "url:https://" + language + ".dance.example.net");
        String title = "봄의 끝";
        awaitFound("정다운 극단 " + language, "\"kind\":\"party\"");
        awaitFound(title, String.valueOf(account.get("declaration")));
        Browser browser = browser(language, width, false);
        browser.open("/check");
        browser.type("#typed", "정다운극단 " + language + "\n봄의끝\n");
        browser.await(".item .tag");
        browser.click("form .primary");
        browser.await("af-search-results:nth-of-type(2) .item a");
        browser.awaitText(korean ? "제목이 같다고 같은 작품은 아니에요." : "The same title does not mean the same work.");
        browser.awaitText(title);
        browser.awaitText(korean ? "(신원 미확인)" : "(identity not checked)");
        browser.inspect("check-search");
        browser.click("af-search-results:nth-of-type(2) .item a[href^='/check?subject']");
        browser.await(".verdict");
        browser.open("/check?q=" + encoded("없는 제목 훼훼훼훼"));
        browser.awaitText(korean ? "찾지 못했어요" : "No title or name like this was found");
        browser.inspect("check-search-nothing");
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
        assertEquals("그림", browser.script("return document.querySelector('.item input[type=text]').value"));
        browser.choose("af-works input[type=file]", file("사본.bin", new byte[9_000_001]));
        browser.awaitText("사본.bin: 이미 목록에 있는 파일이라");
        browser.choose("af-works input[type=file]", file("빈 파일.png", new byte[0]));
        browser.awaitText("빈 파일.png: 빈 파일이라");
        browser.type("#typed", "https://works.example.org/gallery/1\n");
        browser.click(".item:nth-child(2) label:nth-child(3) input");
        browser.awaitText("내가 관리하는 곳인지 확인된 뒤에");
        // A work by its title alone counts without any further button; its creators without a title do not.
        browser.click(".drop .link-button");
        browser.type(".item:nth-child(3) .field:nth-child(2) input", "이서연");
        browser.click(".flow .primary");
        browser.awaitText("제목을 적어 주세요.");
        browser.click(".summary a");
        browser.type(".item:nth-child(3) .field:nth-child(1) input", "봄의 끝");
        browser.inspect("declare-three");
        browser.click(".flow .primary");
        browser.click("#mode-no");
        browser.type("#party-name", "이서연");
        browser.click("#consent");
        browser.awaitText("3건 등록하기");
        browser.click(".flow .primary");
        browser.await("#shown-key");
        assertEquals(3, browser.count(".cards .card"));
        browser.inspect("declared-set");
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
    void theFieldKeepsWhatASlowTypistTypesAndTheDraftSurvives() {
        Browser browser = browser("ko", 390, false);
        browser.open("/declare");
        for (String part : List.of("978-89", "-364-", "3412", "-0")) {
            browser.await("#typed").sendKeys(part);
            browser.sleep(900);
        }
        assertEquals("978-89-364-3412-0", browser.script("return document.querySelector('#typed').value"));
        assertEquals(0, browser.count(".item, .unread"), "nothing happens by itself");
        browser.awaitText("Enter를 누르면");
        browser.script("document.querySelector('#typed').dispatchEvent(new KeyboardEvent('keydown',"
                + " {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))");
        browser.sleep(500);
        assertEquals(0, browser.count(".item"), "Enter ends a syllable of Hangul first");
        browser.await("#typed").sendKeys("\n");
        browser.await(".item .tag");
        browser.type("#typed", "봄의 끝");
        browser.sleep(900);
        assertEquals(0, browser.count(".unread"), "a title is no error");
        browser.click(".box .button");
        browser.await(".item:nth-child(2)");
        browser.click(".flow .primary");
        browser.click("#mode-ask");
        browser.type("#contact", "haneul@example.com");
        browser.type("#party-name", "김하늘");
        browser.open("/");
        browser.open("/declare?step=you");
        browser.await("#party-name");
        assertEquals("김하늘", browser.script("return document.querySelector('#party-name').value"));
        browser.script("history.back()");
        browser.open("/declare");
        browser.awaitText("쓰던 내용을 불러왔어요");
        assertEquals(2, browser.count(".item"));
        browser.click(".note .link-button");
        browser.awaitGone(".item");
        assertEquals("", browser.complaints());
    }

    @ParameterizedTest
    @CsvSource({"ko,390", "en,1280"})
    void aPermissionThatDoesNotCountIsAReceipt(String language, int width) throws IOException {
        boolean korean = language.equals("ko");
        Map<String, String> stranger = account("한강", "creator", "isbn:9788936434120");
        String made = ask(
                stranger.get("key"),
                "POST",
                "/v1/declarations",
                "{\"subjects\":[\"isbn:9791158791919\"],\"stances\":{\"text-and-data-mining\":\"permitted\"}}");
        Browser browser = browser(language, width, false);
        browser.open("/d/" + find(ID, 1, made));
        browser.await(".counts.no");
        browser.awaitText(korean ? "등록 접수증" : "Receipt of a declaration");
        browser.awaitText(korean ? "공개되지만 효력은 없어요" : "This is shown, but does not count");
        assertEquals(0, browser.count(".qr, .stamp, section[aria-labelledby=takeaway]"));
        browser.await(".strip .verdict.unknown");
        browser.await(".steps-ok .ok");
        browser.inspect("receipt");
        browser.open("/check?subject=isbn:9791158791919");
        browser.awaitText(korean ? "공개된 등록이 있지만 효력은 없어요" : "There are declarations, but none counts");
        assertEquals("", browser.complaints());
    }

    @Test
    void manyFilesAreASeriesAndTheListFolds() throws IOException {
        Browser browser = browser("en", 1280, false);
        browser.open("/declare");
        for (int episode = 1; episode <= 7; episode++) {
            browser.choose(
                    "af-works input[type=file]",
                    file("ep" + episode + ".txt", ("episode " + episode).getBytes(StandardCharsets.UTF_8)));
        }
        browser.awaitText("Show 2 more");
        assertEquals(5, browser.count(".items .item"));
        browser.type("#series", "Moon Rabbit 07");
        browser.awaitText("from “Moon Rabbit 07” to “Moon Rabbit 13”");
        browser.inspect("declare-series");
        browser.click(".flow .primary");
        browser.click("#mode-no");
        browser.type("#party-name", "Moon");
        browser.click("#consent");
        browser.click(".flow .primary");
        browser.awaitText("7 works registered");
        browser.awaitText("Moon Rabbit 13");
        assertEquals("", browser.complaints());
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
        browser.click(".flow .primary");
        browser.click("#mode-no");
        browser.awaitText("You declare as Publisher");
        gate().refuseNext("POST /v1/declarations", 1);
        browser.click(".flow .primary");
        browser.awaitText("The registry is busy");
        browser.awaitText("It is registered");
        assertTrue(gate().isSpent());
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
        browser.await(".certificate.receipt .counts.no");
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
        browser.await(".counts.yes");
        browser.await(".stamp");
        browser.inspect("work-checked");
        browser.open("/prove");
        browser.type("#address", "nowhere");
        browser.click("form .primary");
        browser.await("#address-fault:not(:empty)");
        assertEquals("", browser.complaints());
    }

    @ParameterizedTest
    @CsvSource({"ko,390", "en,1280"})
    void aMemberAcceptsItsSocietyAndObjectsToARecovery(String language, int width) throws IOException, SQLException {
        boolean korean = language.equals("ko");
        Map<String, String> society = account("한국도서협회");
        Map<String, String> member = account("이서연", "creator", "isbn:9788954651134");
        letVouch(String.valueOf(society.get("id")));
        Browser browser = browser(language, width, false);
        browser.open("/");
        become(browser, society, "/members");
        browser.type("#vouched", String.valueOf(member.get("id")));
        browser.click("form:has(#vouched) .button");
        browser.awaitText(korean ? "제안받음" : "Offered to you");
        browser.inspect("members-vouching");
        become(browser, member, "/check");
        browser.awaitText(korean ? "회원임을 확인해 주려는 단체가 있어요" : "wants to confirm that you are its member");
        browser.click(".watch a");
        browser.await("af-memberships .item");
        browser.inspect("members-membership");
        browser.click("af-memberships input[type=checkbox]");
        browser.click("af-memberships .primary");
        browser.awaitText(korean ? "접속 키 복구를 도울 수 있음" : "may help with lost keys");

        changeRow("update party_vouch set accepted_at = accepted_at - interval '31 days'"
                + " where accepted_at > now() - interval '1 day'");
        browser.script("localStorage.clear()");
        browser.open("/recover");
        browser.type("#mine", String.valueOf(member.get("id")));
        browser.type("#body", String.valueOf(society.get("id")));
        browser.inspect("recover-body");
        browser.click("form:has(#mine) .button");
        browser.await("#shown-key");
        browser.awaitText(korean ? "단체에 이 번호를 알려 주세요" : "Tell your society this number");
        browser.inspect("recover-tell");
        browser.click(".key-box .primary");
        String recovery = browser.path();
        become(browser, society, recovery);
        browser.awaitText(korean ? "우리 회원이 맞아요" : "Confirm: this is our member");
        browser.inspect("recover-confirm");
        browser.click(".note .danger");
        browser.awaitText(korean ? "까지 기다리는 중이에요" : "Waiting until");
        for (String page : List.of("/", "/check", "/mine", "/key")) {
            become(browser, member, page);
            browser.awaitText(korean ? "누군가 이 계정의 새 접속 키를 요청했어요" : "Somebody requested a new key for your account");
        }
        browser.inspect("key-asked-for");
        browser.click(".watch a.danger");
        assertEquals(recovery, browser.path());
        browser.inspect("recover-object");
        browser.click(".note .danger");
        browser.awaitText(korean ? "중단되었어요" : "Stopped.");
        assertEquals("", browser.complaints());
    }

    @ParameterizedTest
    @CsvSource({"ko,390", "en,1280"})
    void aCreatorDisputesACertificateAndThePublisherAnswers(String language, int width) throws IOException {
        boolean korean = language.equals("ko");
        Map<String, String> publisher = account("바다 출판사", "publisher", "url:https://" + language + ".sea.example/1");
        Map<String, String> author = account("이서연", "creator", "url:https://" + language + ".sea.example/2");
        Browser browser = browser(language, width, false);
        browser.open("/");
        become(browser, author, "/d/" + publisher.get("declaration"));
        browser.click("a[href^='/dispute/']");
        browser.awaitText(korean ? "이 사람의 것이 아닙니다" : "This is not theirs");
        browser.click("input[value=dispute]");
        browser.click("form .primary");
        browser.awaitText(korean ? "설명을 적어 주세요" : "Write your reason");
        browser.inspect("dispute-form");
        browser.type("#statement", korean ? "제가 그린 그림이에요." : "I painted this.");
        browser.click("form .primary");
        browser.awaitText(korean ? "이용 허락은 끝나요" : "permissions end");
        browser.inspect("dispute-filed");
        String thread = browser.path();
        become(browser, publisher, thread);
        browser.awaitText(korean ? "제가 그린 그림이에요." : "I painted this.");
        browser.inspect("dispute-answer");
        browser.type("#statement", korean ? "계약서가 있어요." : "We have a contract.");
        browser.click("form .primary");
        browser.awaitText(korean ? "이의 제기는 끝나고" : "the dispute is closed");
        become(browser, author, thread);
        browser.awaitText(korean ? "계약서가 있어요." : "We have a contract.");
        browser.inspect("dispute-continue");
        browser.click("form .primary");
        browser.awaitText(korean ? "운영자가 결정할 차례예요" : "The operator decides");
        browser.script("localStorage.clear()");
        browser.open(thread);
        browser.awaitText(korean ? "운영자가 결정할 차례예요" : "The operator decides");
        assertFalse(browser.text().contains(korean ? "계약서가 있어요." : "We have a contract."), browser.text());
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
        changeRow("update party_recovery_state set until = until - interval '15 days' where state = 'waiting'"
                + " and recovery = '" + browser.path().replace("/recover/", "") + "'");
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
