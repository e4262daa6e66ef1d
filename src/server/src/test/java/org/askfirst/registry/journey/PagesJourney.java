package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLEncoder;
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
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.testkit.LoopbackDns;
import org.askfirst.testkit.LoopbackWeb;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A packaged service, a browser, and accounts, for the journeys of people at the pages. */
abstract class PagesJourney {
    static final Pattern KEY = Pattern.compile("afk_[0-9a-z]{59}");
    static final Pattern ID = Pattern.compile("\"id\":\"([pdik]_[0-9a-z]+)\"");
    static final Pattern TOKEN = Pattern.compile("askfirst-[0-9a-hjkmnp-tv-z]{26}");
    static final String LIST = "2026년 회원 저작물,,\n작품명,저자,ISBN\n봄의 끝,이서연,9788936434120\n바다의 책,김하늘,9788954651135\n,누구,12\n";

    private static @Nullable Service service;
    private static @Nullable Gate gate;
    private static @Nullable Browser browser;
    static @Nullable LoopbackWeb web;
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
                .with("ASKFIRST_FETCH_NAME_SERVERS", "127.0.0.1:" + dns.port())
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

    static Service service() {
        return java.util.Objects.requireNonNull(service);
    }

    static Gate gate() {
        return java.util.Objects.requireNonNull(gate);
    }

    static Browser browser(String language, int width, boolean dark) {
        return java.util.Objects.requireNonNull(browser).of(language, width, dark);
    }

    static Path file(String name, byte[] content) throws IOException {
        return Files.write(java.util.Objects.requireNonNull(folder).resolve(name), content);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static String find(Pattern pattern, int group, String text) {
        Matcher found = pattern.matcher(text);
        assertTrue(found.find(), text);
        return found.group(group);
    }

    /** A party with a declaration, kept by that browser's device as it would keep its own. */
    static Map<String, String> account(String name) {
        return account(name, "society", "isbn:9788936434120\",\"domain:example.com");
    }

    static Map<String, String> account(String name, String kind, String subjects) {
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
    static String ask(@Nullable String key, String method, String path, String json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(service().uri(path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json));
        HttpResponse<String> answer =
                service().send(key == null ? request : request.header("Authorization", "Bearer " + key));
        assertTrue(answer.statusCode() < 300, answer.body());
        return answer.body();
    }

    static void letVouch(String society) {
        ask(
                service().operatorKey(),
                "POST",
                "/v1/operator/decisions",
                "{\"party\":\"" + society
                        + "\",\"decision\":\"vouching-granted\",\"schemes\":[\"isbn\"],\"reason\":\"Its licence was seen\"}");
    }

    static void become(Browser browser, Map<String, String> account, String path) {
        browser.keep("askfirst.account", String.valueOf(account.get("kept")));
        browser.open(path);
    }

    /** Lets time pass for one row of the database. */
    static void changeRow(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        service().databaseUrl(), "askfirst", service().databasePassword());
                Statement statement = connection.createStatement()) {
            assertEquals(1, statement.executeUpdate(sql));
        }
    }

    static String received(String key, String name, String content) throws IOException {
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
}
