package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.registry.table.Spreadsheet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Societies at the pages, in Korean and in English: a clerk with a list, members, repertoires, and what goes wrong. */
class SocietyPagesIT extends PagesJourney {
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
        browser.click("input[value=ask]");
        browser.type("#contact", "ask@example.com");
        browser.click("section.step:last-of-type .primary");
        browser.awaitText("3행을 모두 처리했어요.");
        browser.inspect("bulk-done");
        assertEquals("", browser.complaints());
    }

    /** A society declares its members' works from one list: by their numbers, with repairs, and without some rows. */
    @ParameterizedTest
    @CsvSource({"ko,1280", "en,390"})
    void aSocietyPutsTheWorksOfManyMembersThrough(String language, int width) throws IOException {
        boolean korean = language.equals("ko");
        Map<String, String> society = account("한국음악협회");
        letVouch(String.valueOf(society.get("id")));
        String key = String.valueOf(society.get("key"));
        service()
                .send(HttpRequest.newBuilder(service().uri("/v1/mandates/batch"))
                        .header("Content-Type", "application/x-ndjson")
                        .header("Authorization", "Bearer " + key)
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"memberNumber\":\"1204\"}\n{\"memberNumber\":\"1205\"}\n")));
        String list = """
                회원번호,곡명,작사,작곡·편곡,ISBN,비고
                1204,봄의 끝,이서연,김하늘,9788936434120,
                1205,바다의 책,이서연,,9788954651135,
                1205,여름,박산,,신청중,
                1204,가을,박산,,,권리 분쟁
                9999,겨울,,,,
                """;
        Browser browser = browser(language, width, false);
        browser.open("/");
        become(browser, society, "/bulk/" + received(key, "list.csv", list));
        browser.await("#role-0");
        browser.awaitText(korean ? "회원 번호로 행마다 위임을 찾아요" : "The member number of each row chooses its mandate");
        browser.awaitText(korean ? "회원 번호 9999의 위임이 없어요" : "no mandate with the member number 9999");
        browser.awaitText(korean ? "4행 등록 시작" : "Declare 4 rows");
        browser.awaitText(korean ? "빈칸으로 보았어요" : "count as empty");
        browser.click("#repairs .row .button");
        browser.awaitText(korean ? "고른 대로 고친 행이 1개" : "1 rows have a number that was repaired");
        browser.click("#left summary");
        browser.pick("#left-column", "5");
        browser.type("#left-text", "분쟁");
        browser.click("#left form .button");
        browser.awaitText(korean ? "3행 등록 시작" : "Declare 3 rows");
        browser.inspect("bulk-society");
        browser.click("input[value=ask]");
        browser.type("#contact", "ask@example.com");
        browser.click("section.step:last-of-type .primary");
        browser.awaitText(korean ? "4행을 모두 처리했어요." : "All 4 rows are done.");
        browser.inspect("bulk-society-done");
        browser.click("af-bulk-change .button");
        browser.awaitText(korean ? "등록 3건을 어떻게 할까요?" : "What should happen to 3 declarations?");
        browser.inspect("bulk-change");
        browser.click("af-bulk-change input[value=no]");
        browser.click("#bulk-change-ask");
        browser.awaitText(korean ? "등록 3건을 모두 바꿀까요?" : "Change all 3 declarations?");
        browser.click("#bulk-change-yes");
        browser.awaitText(korean ? "3건 가운데 3건을 바꿨어요. 0건은" : "3 of 3 were changed. 0 could not");

        browser.open("/mine");
        browser.awaitText(korean ? "쓰지 마세요" : "No");
        browser.type("#text", "여름");
        browser.awaitText("여름");
        browser.click("af-bulk-change .button");
        browser.awaitText(korean ? "등록 1건을 어떻게 할까요?" : "What should happen to 1 declarations?");
        browser.click("input[name=bulk-act][value=withdraw]");
        browser.click("#bulk-change-ask");
        browser.click("#bulk-change-yes");
        browser.awaitText(korean ? "1건 가운데 1건을 철회했어요" : "1 of 1 were withdrawn");
        assertEquals("", browser.complaints());
    }

    /** A clerk has nothing but two workbooks: 300 members, and their 5,000 songs. Each song is found afterwards. */
    @ParameterizedTest
    @CsvSource({"ko,390", "en,1280"})
    void aClerkComesFromNothingWith300MembersAnd5000Songs(String language, int width) throws Exception {
        boolean korean = language.equals("ko");
        int first = korean ? 100_000_000 : 200_000_000;
        Spreadsheet members = new Spreadsheet().row("회원번호", "종류");
        Spreadsheet songs = new Spreadsheet().row("회원번호", "곡명", "작사", "작곡", "편곡", "ISWC");
        StringBuilder items = new StringBuilder();
        for (int member = 0; member < 300; member++) {
            members.row("" + (7000 + member), "iswc");
        }
        for (int song = 0; song < 5000; song++) {
            String iswc = iswc(first + song);
            songs.row("" + (7000 + song % 300), "노래 " + song, "이서연", "김하늘", song % 3 == 0 ? "박산" : "", iswc);
            items.append(song == 0 ? "" : ",")
                    .append("{\"id\":\"")
                    .append(song)
                    .append("\",\"subjects\":[\"iswc:")
                    .append(iswc)
                    .append("\"]}");
        }
        Browser browser = browser(language, width, false);
        browser.open("/bulk");
        browser.type("#party-name", korean ? "한국노래협회" : "Song Society");
        browser.pick("#party-kind", "society");
        browser.click("form.step .primary");
        browser.await("af-new-key");
        browser.inspect("bulk-account");
        String kept = String.valueOf(browser.script("return localStorage.getItem('askfirst.account')"));
        String society = find(ID, 1, kept);
        // The operator has seen its license. This is the only act of somebody else.
        letVouch(society);

        browser.open("/members");
        browser.choose("#members-file", workbook("members-" + language + ".xlsx", members));
        browser.awaitText(korean ? "300명 기록하기" : "Record 300 members");
        browser.click("#record-list");
        browser.awaitText(korean ? "300줄을 모두 처리했어요" : "All 300 lines are done");
        browser.inspect("members-300");

        browser.open("/bulk");
        browser.await(".drop .button");
        browser.choose("af-bulk input[type=file]:not(#again)", workbook("songs-" + language + ".xlsx", songs));
        browser.awaitText(korean ? "5,000행 등록 시작" : "Declare 5,000 rows");
        browser.awaitText(korean ? "회원 번호로 행마다 위임을 찾아요" : "The member number of each row chooses its mandate");
        browser.inspect("bulk-5000");
        browser.click("input[value=ask]");
        browser.type("#contact", "ask@example.com");
        browser.click("section.step:last-of-type .primary");
        browser.awaitText(korean ? "5,000행을 모두 처리했어요." : "All 5,000 rows are done.");
        browser.inspect("bulk-5000-done");

        String answers = ask(find(KEY, 0, kept), "POST", "/v1/lookups?detail=verdict", "{\"items\":[" + items + "]}");
        assertEquals(
                5000,
                Pattern.compile("\\{\"id\":\"\\d+\",\"verdict\":\"ask\"")
                        .matcher(answers)
                        .results()
                        .count());
        browser.open("/check?subject=iswc:" + iswc(first + 4999));
        browser.await(".verdict.ask");
        browser.awaitText(korean ? "한국노래협회" : "Song Society");
        assertEquals("", browser.complaints());
    }

    private static Path workbook(String name, Spreadsheet book) throws IOException {
        Path file = file(name, new byte[0]);
        book.save(file);
        return file;
    }

    /** Returns the number of a song with its check digit, as ISO 15707 counts it. */
    private static String iswc(int number) {
        int sum = 1;
        for (int place = 1, rest = 100_000_000; place <= 9; place++, rest /= 10) {
            sum += place * (number / rest % 10);
        }
        return "T" + number + (10 - sum % 10) % 10;
    }

    @ParameterizedTest
    @CsvSource({"ko,390", "en,1280"})
    void aRepertoireIsMadeAndFilledByAFile(String language, int width) throws IOException {
        boolean korean = language.equals("ko");
        Map<String, String> society = account("한국음악협회");
        Browser browser = browser(language, width, false);
        browser.open("/");
        become(browser, society, "/lists");
        browser.await("#list-title");
        browser.type("#list-title", "관리 곡 목록");
        browser.click("form input[value=no]");
        browser.click("form .primary");
        browser.await(".cards .card");
        String file = "곡명,ISWC,메모\n봄,T-345.246.800-3,2026-01-01\n여름,T-034.524.680-1,소설.pdf\n";
        browser.choose(".card input[type=file]", file("곡.csv", file.getBytes(Charset.forName("x-windows-949"))));
        browser.awaitText(korean ? "번호와 링크 2개" : "2 numbers and links");
        browser.inspect("lists-file");
        browser.click("#list-add");
        browser.click("#list-yes");
        browser.awaitText(korean ? "2개를 넣었어요. 0개는" : "2 were added. 0 were");
        browser.choose(".card input[type=file]", file("곡.csv", file.getBytes(Charset.forName("x-windows-949"))));
        browser.click("#list-remove");
        browser.click("#list-yes");
        browser.awaitText(korean ? "2개를 뺐어요. 0개는" : "2 were removed. 0 were");
        browser.inspect("lists");
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
        browser.awaitText(korean ? "3명 기록하기" : "Record 3 members");
        browser.inspect("members-preview");
        browser.click("#record-list");
        browser.awaitText(korean ? "3줄을 모두 처리했어요" : "All 3 lines are done");
        assertEquals(1, browser.count(".troubles tbody tr"));
        browser.await(".key-box .primary:not([disabled])");
        browser.click(".key-box .primary");
        Matcher code = Pattern.compile("1205,(afm_[0-9a-z]{26}),m_").matcher(browser.saved());
        assertTrue(code.find(), browser.saved());
        browser.inspect("members-recorded");
        browser.choose("#members-file", file("회원.csv", list.getBytes(Charset.forName("x-windows-949"))));
        browser.await("#record-list");
        browser.click("#record-list");
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
        browser.await("#record-list");
        browser.click("#record-list");
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
        browser.type("#typed", "https://mina.example.org/1\n");
        browser.await(".item .tag");
        browser.click(".flow .primary");
        browser.click("#mode-ask");
        browser.type("#contact", "ask@example.com");
        browser.awaitText(korean ? "이름으로 등록해요" : "You declare as Mina Lee");
        assertEquals(0, browser.count("#for"), "whoever holds no mandate is asked nothing");

        // The draft stays on the device.
        become(browser, society, "/declare?step=you");
        browser.await("#for");
        browser.pick("#for", mandate);
        String said = korean ? "한국도서협회가 Mina Lee의 위임에 따라 등록해요" : "한국도서협회 declares for Mina Lee";
        browser.awaitText(said);
        browser.awaitText(mandate);
        browser.inspect("declare-for-a-member");
        browser.click(".flow .primary");
        browser.awaitText(korean ? "작품을 등록했어요" : "It is registered");
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
        browser.click("input[value=ask]");
        browser.type("#contact", "ask@example.com");
        browser.awaitText(said);
        browser.inspect("bulk-for-a-member");
        browser.click("section.step:last-of-type .primary");
        browser.awaitText(korean ? "3행을 모두 처리했어요." : "All 3 rows are done.");
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
}
