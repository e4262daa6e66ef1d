package org.askfirst.registry.testsite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import crawlercommons.robots.BaseRobotRules;
import crawlercommons.robots.SimpleRobotRulesParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.askfirst.client.Decision;
import org.askfirst.client.OnlineRegistry;
import org.askfirst.client.RefusedException;
import org.askfirst.client.Snapshot;
import org.askfirst.client.SnapshotSource;
import org.askfirst.json.CanonicalJson;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Use;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the manifest as the author of a crawler does, and compares it with what the site really serves. */
class TestSiteTest {
    private static final List<String> USES = List.of(
            "data-analysis",
            "generative-ai-training",
            "non-generative-ai-training",
            "ai-input",
            "ai-index",
            "search-indexing");
    private static final Set<String> ANSWERS = Set.of("allow", "ask", "deny", "unknown");
    private static final List<Use> ASKED = List.of(Use.TEXT_AND_DATA_MINING, Use.SEARCH_INDEXING);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final TestSite SITE = start();

    private final Path folder;
    private final Node manifest;

    /** An object of JSON whose members are there. */
    private record Node(Map<?, ?> members) {
        static Node parse(String json) {
            return new Node(CanonicalJson.parseObject(json));
        }

        boolean has(String name) {
            return members.containsKey(name);
        }

        String text(String name) {
            return String.valueOf(members.get(name));
        }

        Node node(String name) {
            return new Node(members.get(name) instanceof Map<?, ?> map ? map : fail(name));
        }

        List<Node> list(String name) {
            List<Node> nodes = new ArrayList<>();
            for (Object one : members.get(name) instanceof List<?> list ? list : List.of(fail(name))) {
                nodes.add(new Node(one instanceof Map<?, ?> map ? map : fail(name)));
            }
            return nodes;
        }

        private Map<?, ?> fail(String name) {
            throw new AssertionError(name + " is missing among " + members.keySet());
        }
    }

    TestSiteTest(@TempDir Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        this.manifest = Node.parse(get(SITE.address() + "/manifest.json").body());
    }

    private static TestSite start() {
        try {
            return TestSite.start(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "", InstantSource.system());
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @AfterAll
    static void stop() throws IOException {
        SITE.close();
    }

    private static HttpResponse<String> get(String address) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(address)).build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private List<Node> pages() {
        return manifest.list("pages");
    }

    private Node failure(String name) {
        return manifest.list("failures").stream()
                .filter(one -> one.text("registry").equals(SITE.address() + "/failing/" + name + "/"))
                .findFirst()
                .orElseThrow();
    }

    private static String path(Node page) {
        return URI.create(page.text("address")).getPath();
    }

    @Test
    void everyPageIsServedWithItsSignals() throws IOException, InterruptedException {
        assertTrue(pages().size() > 50, "pages " + pages().size());
        for (Node page : pages()) {
            String address = page.text("address");
            HttpResponse<String> answer = get(address);
            assertEquals(200, answer.statusCode(), address);
            Set<String> expected = new HashSet<>();
            for (Node signal : page.list("signals")) {
                String where = signal.text("where");
                String text = signal.text("text");
                if (where.equals("header")) {
                    expected.add(text);
                    String[] header = text.split(": ", 2);
                    assertTrue(answer.headers().allValues(header[0]).contains(header[1]), address + " " + text);
                    HttpResponse<Void> head = HTTP.send(
                            HttpRequest.newBuilder(URI.create(address))
                                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());
                    assertTrue(head.headers().allValues(header[0]).contains(header[1]), "HEAD " + address);
                } else if (where.equals("meta")) {
                    String html = answer.body();
                    assertTrue(html.indexOf(text) >= 0 && html.indexOf(text) < html.indexOf("</head>"), address);
                } else if (where.equals("file")) {
                    assertTrue(answer.body().contains(text), address);
                } else {
                    String file = get(SITE.address() + where).body();
                    assertTrue(
                            file.lines().anyMatch(line -> line.strip().equals(text)) || file.contains(text),
                            where + " lacks " + text);
                }
            }
            // A page has no other signal than those that the manifest names.
            answer.headers().map().forEach((name, values) -> {
                if (Set.of("x-robots-tag", "content-usage", "link", "tdm-reservation", "tdm-policy")
                        .contains(name.toLowerCase(Locale.ROOT))) {
                    values.forEach(value -> assertTrue(
                            expected.stream().anyMatch(one -> one.equalsIgnoreCase(name + ": " + value)),
                            address + " has also " + name + ": " + value));
                }
            });
        }
    }

    @Test
    void everyPageHasAnAnswerForFetchingAndForEachUse() {
        Set<String> addresses = new HashSet<>();
        for (Node page : pages()) {
            String address = page.text("address");
            assertTrue(addresses.add(address), address + " is there twice");
            Node right = page.node("right");
            assertEquals(7, right.members().size(), address);
            assertTrue(Set.of("allow", "deny").contains(right.text("fetch")), address);
            USES.forEach(use -> assertTrue(ANSWERS.contains(right.text(use)), address + " " + use));
            assertTrue(page.text("reason").length() > 20, address);
            if (page.list("signals").isEmpty() && !page.has("registry")) {
                USES.forEach(use -> assertEquals("unknown", right.text(use), "silence is not permission"));
            }
            if ("deny".equals(right.text("fetch"))) {
                USES.forEach(use -> assertNotEquals("allow", right.text(use), address));
            }
        }
        assertEquals(
                1,
                manifest.list("pages").stream()
                        .filter(page -> path(page).equals("/pages/plain"))
                        .count());
    }

    /** Another program reads robots.txt, and comes to what the manifest says about fetching. */
    @Test
    void robotsTxtClosesWhatTheManifestSays() throws IOException, InterruptedException {
        byte[] robots = get(SITE.address() + "/robots.txt").body().getBytes(StandardCharsets.UTF_8);
        int closed = 0;
        for (String agent : List.of("anybody", "GPTBot", "ClaudeBot", "CCBot")) {
            BaseRobotRules rules = new SimpleRobotRulesParser()
                    .parseContent(
                            SITE.address() + "/robots.txt",
                            robots,
                            "text/plain",
                            List.of(agent.toLowerCase(Locale.ROOT)));
            for (Node page : pages()) {
                Node agents = page.node("userAgents");
                Node right = agents.has(agent) ? agents.node(agent) : page.node("right");
                String address = page.text("address");
                assertEquals(right.text("fetch"), rules.isAllowed(address) ? "allow" : "deny", agent + " " + address);
                closed += rules.isAllowed(address) ? 0 : 1;
            }
        }
        assertTrue(closed > 12, "closed " + closed);
    }

    /** The rules of RFC 9309 for a robots.txt that fails, applied by the other program to what is really served. */
    @Test
    void sitesWhoseRobotsTxtFailsAreClosedAsTheManifestSays() throws IOException, InterruptedException {
        List<String> seen = new ArrayList<>();
        for (Node origin : manifest.list("origins")) {
            URI page = URI.create(origin.text("address"));
            assertEquals(200, get(page.toString()).statusCode());
            assertNotEquals(URI.create(SITE.address()).getPort(), page.getPort());
            String fetch = fetchable(page) ? "allow" : "deny";
            assertEquals(origin.node("right").text("fetch"), fetch, origin.text("what"));
            USES.forEach(use -> assertEquals("unknown", origin.node("right").text(use)));
            seen.add(fetch);
        }
        assertEquals(List.of("deny", "deny", "deny", "allow"), seen);
    }

    private static boolean fetchable(URI page) throws IOException, InterruptedException {
        String robots = page.resolve("/robots.txt").toString();
        HttpResponse<byte[]> answer;
        try {
            answer = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build()
                    .send(
                            HttpRequest.newBuilder(URI.create(robots))
                                    .timeout(Duration.ofSeconds(1))
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray());
        } catch (HttpTimeoutException silent) {
            return false;
        }
        SimpleRobotRulesParser parser = new SimpleRobotRulesParser();
        BaseRobotRules rules = answer.statusCode() == 200
                ? parser.parseContent(robots, answer.body(), "text/plain", List.of("anybody"))
                : parser.failedFetch(answer.statusCode());
        return rules.isAllowed(page.toString());
    }

    @Test
    void signalsThatDisagreeAreAnsweredByTheStricter() {
        Node page = pages().stream()
                .filter(one -> path(one).equals("/works/allow-but-noai"))
                .findFirst()
                .orElseThrow();
        assertEquals("allow", page.node("registry").text("generative-ai-training"));
        assertEquals("deny", page.node("right").text("generative-ai-training"));
        for (Node one : pages()) {
            if (one.has("registry")) {
                Node registry = one.node("registry");
                Node right = one.node("right");
                for (String use : USES) {
                    if (!"allow".equals(registry.text(use)) && !"unknown".equals(registry.text(use))) {
                        assertNotEquals("allow", right.text(use), path(one) + " " + use);
                    }
                }
            }
        }
    }

    private Snapshot copy(String name) throws IOException, RefusedException {
        return Snapshot.open(folder.resolve(name), key());
    }

    private String key() {
        try {
            String key = get(manifest.node("registry").text("logKey")).body();
            assertEquals(SITE.key(), key.strip());
            return key;
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    private String snapshot() {
        return manifest.node("registry").text("snapshot");
    }

    private static Map<String, String> wire(Decision decision) {
        Map<String, String> verdicts = new TreeMap<>();
        decision.uses().forEach((use, verdict) -> {
            if (use.isLeaf()) {
                verdicts.put(use.wireName(), verdict.wireName());
            }
        });
        return verdicts;
    }

    @Test
    void theRegistryAndItsSnapshotAnswerWhatTheManifestSays() throws IOException, RefusedException {
        Snapshot copy = copy("good");
        copy.update(SnapshotSource.of(snapshot()), file -> {});
        OnlineRegistry online =
                new OnlineRegistry(URI.create(manifest.node("registry").text("address")), null);
        Set<String> seen = new HashSet<>();
        for (Node page : pages()) {
            String address = page.text("address");
            Map<String, String> expected = new TreeMap<>();
            USES.forEach(use -> expected.put(
                    use, page.has("registry") ? page.node("registry").text(use) : "unknown"));
            assertEquals(expected, wire(copy.decide(List.of(address), ASKED)), "snapshot, " + address);
            assertEquals(
                    expected,
                    wire(online.decideAll(List.of(List.of(address)), ASKED).get(0)),
                    "online, " + address);
            seen.addAll(expected.values());
        }
        assertEquals(ANSWERS, seen);
    }

    @Test
    void theRangeHasTheStatementsOfAPage() throws IOException, InterruptedException {
        String address = SITE.address() + "/works/contested";
        String key = Subject.recognise(address).key().hex();
        Node range = Node.parse(get(SITE.address() + "/registry/v1/range/" + key.substring(0, 4))
                .body());
        Node found = range.list("keys").stream()
                .filter(one -> one.text("key").equals(key))
                .findFirst()
                .orElseThrow();
        assertEquals("{ai-training=permitted}", found.list("statements").get(0).text("stances"));
        assertEquals("proved", found.list("controls").get(0).text("control"));
        assertEquals("disputed", found.list("contests").get(0).text("kind"));
        assertEquals(404, get(SITE.address() + "/registry/v1/range/xyz").statusCode());
    }

    @Test
    void snapshotsThatFailAreRefusedByTheirNames() throws IOException, RefusedException {
        Set<String> names = new HashSet<>();
        for (Node failure : manifest.list("failures")) {
            String from = failure.text("snapshot");
            assertEquals("not allowed, ask again later", failure.text("right"));
            if (from.contains("/timeout/")) {
                // The client waits for a minute; another test shows that nothing is answered.
                continue;
            }
            Snapshot copy = copy("copy" + names.size() + from.hashCode());
            boolean after = !"an empty copy".equals(failure.text("startWith"));
            if (after) {
                copy.update(SnapshotSource.of(snapshot()), file -> {});
            }
            RefusedException refused =
                    assertThrows(RefusedException.class, () -> copy.update(SnapshotSource.of(from), file -> {}), from);
            assertEquals(
                    refused.refusal().wireName(),
                    ((List<?>) Objects.requireNonNull(failure.members().get("refusals"))).get(0),
                    from);
            if (!after) {
                assertFalse(
                        copy.decide(List.of(SITE.address() + "/works/allow"), List.of(Use.AI_TRAINING))
                                .allowed(),
                        from);
            }
            names.add(refused.refusal().wireName());
        }
        assertEquals(
                Set.of(
                        "bad-signature",
                        "unsupported",
                        "expired",
                        "rolled-back",
                        "truncated",
                        "tampered",
                        "mixed",
                        "unreachable"),
                names);
    }

    /** The older snapshot is a good one for whoever has no newer one: only memory refuses it. */
    @Test
    void theOlderSnapshotIsRefusedForItsAgeAlone() throws IOException, RefusedException {
        Snapshot copy = copy("older");
        SnapshotSource older = SnapshotSource.of(failure("rolled-back").text("snapshot"));
        copy.update(older, file -> {});
        long position = Optional.ofNullable(copy.catalog()).orElseThrow().position();
        copy.update(SnapshotSource.of(snapshot()), file -> {});
        assertTrue(Optional.ofNullable(copy.catalog()).orElseThrow().position() > position);
    }

    @Test
    void registriesThatFailAnswerNoLookup() throws IOException, InterruptedException {
        for (String status : List.of("429", "503")) {
            HttpResponse<String> answer = lookUp(failure(status));
            assertEquals(status, String.valueOf(answer.statusCode()));
            assertEquals("5", answer.headers().firstValue("Retry-After").orElse(""));
        }
        for (String name : List.of("garbage", "empty")) {
            HttpResponse<String> answer = lookUp(failure(name));
            assertEquals(200, answer.statusCode(), name);
            assertThrows(IllegalArgumentException.class, () -> CanonicalJson.parse(answer.body()), name);
        }
        assertThrows(IOException.class, () -> lookUp(failure("cut")));
        assertThrows(HttpTimeoutException.class, () -> lookUp(failure("timeout")));
    }

    private static HttpResponse<String> lookUp(Node failure) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(failure.text("registry") + "v1/lookups"))
                        .timeout(Duration.ofSeconds(1))
                        .POST(HttpRequest.BodyPublishers.ofString("{\"items\":[]}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    @Test
    void theStartPageHasEveryPageAndEveryFailure() throws IOException, InterruptedException {
        HttpResponse<String> start = get(SITE.address() + "/");
        pages().forEach(page -> assertTrue(start.body().contains("href=\"" + path(page) + "\""), path(page)));
        manifest.list("failures")
                .forEach(failure -> assertTrue(start.body()
                        .contains(URI.create(failure.text("registry")).getPath())));
        assertFalse(start.body().contains("{" + "base}"), "an address was not filled in");
    }

    @Test
    void whatIsNotThereIsRefused() throws IOException, InterruptedException {
        for (String path : List.of(
                "/nothing",
                "/failing/nothing/snapshot/catalog.json",
                "/registry/snapshot/../x",
                "/registry/v1/lookup",
                "/rsl/missing.xml",
                "/works/")) {
            assertEquals(404, get(SITE.address() + path).statusCode(), path);
        }
        HttpResponse<String> put = HTTP.send(
                HttpRequest.newBuilder(URI.create(SITE.address() + "/pages/plain"))
                        .PUT(HttpRequest.BodyPublishers.ofString("x"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(405, put.statusCode());
        HttpResponse<String> unreadable = HTTP.send(
                HttpRequest.newBuilder(URI.create(SITE.address() + "/registry/v1/lookups"))
                        .POST(HttpRequest.BodyPublishers.ofString("nonsense"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(422, unreadable.statusCode());
        assertThrows(
                IllegalArgumentException.class,
                () -> TestSite.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        "https://testSITE.example/path",
                        InstantSource.system()));
    }
}
