package org.askfirst.registry.journey;

import static org.askfirst.testkit.Asker.item;
import static org.askfirst.testkit.Asker.items;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.askfirst.testkit.Eventually;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.Registry;
import org.junit.jupiter.api.Test;

/** Who asked: crawlers ask two nodes, one of which dies, and a novelist looks at it and prints the certificate. */
class AskedIT {
    private static final String BOOK = "isbn:9788954651134";
    private static final String PAGE = "url:https://haneul.example/novel";

    @Test
    void aNovelistSeesWhoAsked() throws Exception {
        try (DebianDatabase database = DebianDatabase.start();
                Service one = node(database);
                Service other = node(database)) {
            one.start();
            other.with(
                            "ASKFIRST_LOG_KEY_FILE",
                            one.folder().resolve("data/log.key").toString())
                    .with(
                            "ASKFIRST_LOG_RECEIPT_KEY_FILE",
                            one.folder().resolve("data/receipt.key").toString())
                    .start();
            Registry first = Registry.at(one::port, one::operatorKey);
            Registry second = Registry.at(other::port, one::operatorKey);
            Party novelist = first.opens(Map.of("name", "김하늘", "kind", "creator"));
            Party crawler = first.opens(Map.of("name", "Example Crawler", "kind", "crawler"));
            String id = novelist.reserves(BOOK, PAGE);
            Party elsewhere = new Party(second, crawler.id(), crawler.key(), crawler.keyId());
            Eventually.get(() -> second.asker().asks(BOOK).verdict(), "deny"::equals);
            for (Party asker : List.of(crawler, elsewhere)) {
                asker.says(items(item("a", BOOK), item("b", PAGE), item("c", BOOK, PAGE)))
                        .post("/v1/lookups")
                        .then()
                        .statusCode(200);
            }
            for (int i = 0; i < 12; i++) {
                first.asker().asks(PAGE).answer();
            }
            String path = "/v1/declarations/" + id + "/lookups";
            JsonPath counts = Eventually.get(
                    () -> novelist.asks().get(path).jsonPath(),
                    now -> now.getLong("total.identified") == 6 && now.getLong("total.anonymous") >= 10);
            long anonymous = counts.getLong("total.anonymous");
            other.kill();
            assertEquals(6, novelist.asks().get(path).jsonPath().getLong("total.identified"));
            JsonPath works = novelist.asks().queryParam("by", "work").get(path).jsonPath();
            // An item with two names of a work counts for the name that its answer shows, the first.
            assertEquals(List.of(2, 4), works.getList("rows.identified"), works.prettify());
            pages(one, novelist, id, anonymous);
        }
    }

    private static void pages(Service one, Party novelist, String id, long anonymous) throws Exception {
        Loudly.assume(
                Files.isExecutable(Browser.CHROMIUM) && Files.isExecutable(Browser.DRIVER),
                "the pages: install Debian's chromium and chromium-driver");
        String account = new ObjectMapper()
                .writeValueAsString(Map.of("id", novelist.id(), "key", novelist.key(), "name", "김하늘"));
        try (Browser browser = new Browser(path -> URI.create("http://localhost:" + one.port() + path))) {
            browser.of("ko", 390, false).open("/");
            browser.keep("askfirst.account", account);
            browser.open("/mine");
            browser.click("a[href='/asked']");
            browser.awaitText("누가 조회했나요");
            browser.awaitText("Example Crawler");
            browser.awaitText("이름을 밝히지 않은 조회");
            browser.inspect("asked-all-phone", List.of(new Browser.Look(390, false), new Browser.Look(390, true)));
            browser.open("/d/" + id);
            browser.click("a[href='/d/" + id + "/asked']");
            browser.awaitText("작품별 조회");
            browser.click("a[href='/d/" + id + "/retrievability']");
            browser.awaitText("조회 가능 확인서");
            browser.awaitText("이름을 밝힌 조회");
            browser.inspect("retrievability-phone");

            browser.of("en", 1280, false).open("/");
            browser.keep("askfirst.account", account);
            browser.open("/d/" + id + "/asked");
            browser.awaitText("Example Crawler");
            browser.click("details summary[tabindex='0'], main details summary");
            browser.awaitText("Day (UTC)");
            assertEquals(anonymous >= 10, browser.count(".asked-chart rect.others") > 0);
            assertEquals(1, browser.count(".asked-chart rect.named"));
            browser.inspect("asked-desktop", List.of(new Browser.Look(1280, false), new Browser.Look(1280, true)));
            browser.open("/d/" + id + "/retrievability");
            browser.awaitText("has been served in a machine-readable form");
            browser.awaitText("기계가 읽을 수 있는 형식으로 제공되었습니다");
            browser.inspect("retrievability-desktop");
            browser.of("en", 1280, false).open("/d/" + id + "/asked");
            browser.awaitText("Sign in to see");
            browser.inspect("asked-signed-out");
            assertEquals("", browser.complaints());
        }
    }

    private static Service node(DebianDatabase database) {
        return Service.inEmptyFolder()
                .onNewestJava()
                .with("QUARKUS_DATASOURCE_JDBC_URL", database.url())
                .with("QUARKUS_DATASOURCE_USERNAME", DebianDatabase.USER)
                .with("QUARKUS_DATASOURCE_PASSWORD", DebianDatabase.PASSWORD);
    }
}
