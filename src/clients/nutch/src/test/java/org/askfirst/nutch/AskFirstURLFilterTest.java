package org.askfirst.nutch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.apache.hadoop.conf.Configuration;
import org.askfirst.catalog.Catalog;
import org.askfirst.catalog.SnapshotFile;
import org.askfirst.client.RefusedException;
import org.askfirst.client.Snapshot;
import org.askfirst.client.SnapshotSource;
import org.askfirst.client.TestRegistry;
import org.askfirst.verdict.Stance;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AskFirstURLFilterTest {
    private static final String FREE = "https://art.example/free/1.png";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path home = Path.of("");

    private TestRegistry registry;
    private Catalog published;
    private @Nullable HttpServer server;
    private final CountDownLatch testEnds = new CountDownLatch(1);

    @BeforeEach
    void start() throws IOException {
        registry = new TestRegistry(home.resolve("registry"));
        registry.declare(1, "under:https://art.example/free/", Stance.PERMITTED);
        registry.declare(1, "under:https://art.example/asked/", Stance.RESERVED);
        registry.prove(1, "domain:art.example");
        published = registry.publish(Instant.now());
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        testEnds.countDown();
        FollowedCopy.stopAll();
        if (server != null) {
            server.stop(0);
        }
        registry.close();
    }

    private Configuration configuration(String source) {
        Configuration configuration = new Configuration(false);
        configuration.set(AskFirstURLFilter.COPY, home.resolve("copy").toString());
        configuration.set(AskFirstURLFilter.KEY, registry.key());
        configuration.set(AskFirstURLFilter.USES, "ai-training");
        configuration.set(AskFirstURLFilter.SNAPSHOT, source);
        configuration.setInt(AskFirstURLFilter.REFRESH, 1);
        configuration.setInt(AskFirstURLFilter.WAIT, 2);
        return configuration;
    }

    private static AskFirstURLFilter filter(Configuration configuration) {
        AskFirstURLFilter filter = new AskFirstURLFilter();
        filter.setConf(configuration);
        return filter;
    }

    private AskFirstURLFilter filter() {
        return filter(configuration(registry.folder.toString()));
    }

    private void fetchCopy() throws IOException, RefusedException {
        Snapshot.open(home.resolve("copy"), registry.key())
                .update(SnapshotSource.of(registry.folder.toString()), file -> {});
    }

    /** Waits until the filter gives that address the expected answer: the address, or nothing. */
    private static void await(AskFirstURLFilter filter, String address, boolean isAllowed) throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while ((filter.filter(address) != null) != isAllowed) {
            assertTrue(Instant.now().isBefore(end), () -> "no other answer came: " + filter.counts());
            Thread.sleep(50);
        }
    }

    private static void assertRefused(String cause, AskFirstURLFilter filter) {
        assertNull(filter.filter(FREE));
        assertEquals(List.of(cause), List.copyOf(filter.counts().keySet()));
    }

    /** Publishes a catalogue that another time ends. */
    private Catalog endingAt(Instant issued, Instant ends) throws IOException {
        Catalog catalog = new Catalog(
                published.log(),
                published.position(),
                issued,
                ends,
                published.minimumClient(),
                published.rules(),
                published.releases(),
                published.deltas());
        registry.replace(catalog);
        return catalog;
    }

    @Test
    void onlyPermissionPasses() {
        AskFirstURLFilter filter = filter();
        assertEquals(FREE, filter.filter(FREE));
        assertNull(filter.filter("https://art.example/asked/1.png"));
        assertNull(filter.filter("https://elsewhere.example/"));
        for (String unreadable : List.of("", "file:///free", "isbn:1", "https://", "\ufffd")) {
            assertNull(filter.filter(unreadable), unreadable);
        }
        assertNull(filter.filter(null));
        assertEquals(
                "{allow=1, ask=1, unknown=1, unreadable=5}", filter.counts().toString());
    }

    @Test
    void theIntendedUsesDecide() {
        Configuration more = configuration(registry.folder.toString());
        more.set(AskFirstURLFilter.USES, "ai-training, ai-input");
        assertNull(filter(more).filter(FREE));
        more.unset(AskFirstURLFilter.USES);
        assertNull(filter(more).filter(FREE), "without a setting, all uses are asked");
    }

    @Test
    void whatIsDeclaredDuringTheCrawlCounts() throws IOException, InterruptedException {
        AskFirstURLFilter filter = filter(configuration(registry.serve()));
        assertEquals(FREE, filter.filter(FREE));
        assertNull(filter.filter("https://art.example/more/1.png"));
        registry.declare(2, "url:" + FREE, Stance.RESERVED);
        registry.declare(1, "under:https://art.example/more/", Stance.PERMITTED);
        registry.publish(Instant.now());
        await(filter, FREE, false);
        await(filter, "https://art.example/more/1.png", true);
    }

    @Test
    void anotherProgramMayUpdateTheCopy() throws IOException, RefusedException, InterruptedException {
        fetchCopy();
        AskFirstURLFilter filter = filter(configuration(""));
        assertEquals(FREE, filter.filter(FREE));
        registry.declare(2, "url:" + FREE, Stance.RESERVED);
        registry.publish(Instant.now());
        fetchCopy();
        await(filter, FREE, false);
    }

    @Test
    void aCopyThatNobodyFetchedAllowsNothingUntilItIsThere()
            throws IOException, RefusedException, InterruptedException {
        AskFirstURLFilter filter = filter(configuration(""));
        assertRefused("unreachable", filter);
        fetchCopy();
        await(filter, FREE, true);
    }

    @Test
    void anAddressWaitsUntilTheCopyIsLoaded() throws IOException, InterruptedException {
        CountDownLatch hold = new CountDownLatch(1);
        String address = serve(exchange -> {
            hold.await();
            send(exchange);
        });
        Configuration patient = configuration(address);
        patient.setInt(AskFirstURLFilter.WAIT, 600);
        AskFirstURLFilter filter = filter(patient);
        Thread release = new Thread(hold::countDown);
        release.start();
        assertEquals(FREE, filter.filter(FREE));
        release.join();
    }

    @Test
    void aThreadThatIsInterruptedGetsNoPermission() throws IOException {
        Configuration patient = configuration("http://localhost:" + freePort() + "/");
        patient.setInt(AskFirstURLFilter.WAIT, 600);
        AskFirstURLFilter filter = filter(patient);
        Thread.currentThread().interrupt();
        assertNull(filter.filter(FREE));
        assertTrue(Thread.interrupted(), "the interruption is kept");
    }

    // ---- Each cause of a refusal

    @Test
    void badSignature() throws IOException {
        Configuration other = configuration(registry.folder.toString());
        other.set(AskFirstURLFilter.KEY, TestRegistry.signer().verifier().verifierKey());
        assertRefused("bad-signature", filter(other));
    }

    @Test
    void unsupported() throws IOException {
        registry.replace(new Catalog(
                published.log(),
                published.position(),
                published.issuedAt(),
                published.expiresAt(),
                "9.0.0",
                published.rules(),
                published.releases(),
                published.deltas()));
        assertRefused("unsupported", filter());
    }

    @Test
    void expired() throws IOException {
        endingAt(Instant.now().minusSeconds(60), Instant.now().minusSeconds(1));
        assertRefused("expired", filter());
    }

    @Test
    void aCatalogueFromTheFuture() throws IOException {
        endingAt(Instant.now().plusSeconds(3_600), Instant.now().plusSeconds(7_200));
        assertRefused("expired", filter());
    }

    @Test
    void truncated() throws IOException {
        Files.delete(registry.folder.resolve(published.releases().get(0).path()));
        assertRefused("truncated", filter());
    }

    @Test
    void tampered() throws IOException {
        damage(registry.folder.resolve(published.releases().get(0).path()));
        assertRefused("tampered", filter());
    }

    @Test
    void mixed() throws IOException {
        long position = published.position();
        registry.replace(new Catalog(
                published.log(),
                position + 5,
                published.issuedAt(),
                published.expiresAt(),
                published.minimumClient(),
                published.rules(),
                published.releases(),
                List.of(new SnapshotFile(
                        position + 1,
                        position + 5,
                        SnapshotFile.deltaPath(position + 1, position + 5),
                        4_096,
                        published.releases().get(0).sha256()))));
        assertRefused("mixed", filter());
    }

    @Test
    void aCopyThatSomebodyCutShort() throws IOException, RefusedException {
        fetchCopy();
        Path file = home.resolve("copy").resolve(published.releases().get(0).path());
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100));
        assertRefused("truncated", filter(configuration("")));
    }

    @Test
    void aCopyThatSomebodyTamperedWithIsFetchedAgain() throws IOException, RefusedException {
        fetchCopy();
        Path file = home.resolve("copy").resolve(published.releases().get(0).path());
        Files.write(file, new byte[(int) Files.size(file)]);
        assertRefused("tampered", filter(configuration("")));
        assertEquals(FREE, filter().filter(FREE));
    }

    private static void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void rolledBack() throws IOException, RefusedException, InterruptedException {
        fetchCopy();
        registry.declare(2, "url:" + FREE, Stance.RESERVED);
        registry.publish(Instant.now());
        fetchCopy();
        // The older catalogue permits the picture.
        registry.replace(published);
        AskFirstURLFilter filter = filter();
        assertNull(filter.filter(FREE));
        assertEquals("{ask=1}", filter.counts().toString(), "the newer copy answers");
    }

    @Test
    void anOlderCopyInThePlaceOfANewerOne() throws IOException, RefusedException, InterruptedException {
        fetchCopy();
        String old = Files.readString(home.resolve("copy/state.json"));
        registry.declare(2, "url:" + FREE, Stance.RESERVED);
        registry.publish(Instant.now());
        fetchCopy();
        AskFirstURLFilter filter = filter(configuration(""));
        assertNull(filter.filter(FREE));
        Files.writeString(home.resolve("copy/state.json"), old);
        Thread.sleep(2_000);
        assertNull(filter.filter(FREE));
        assertEquals("{ask=2}", filter.counts().toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 429, 500, 503, 302})
    void aSourceThatAnswersOtherwise(int status) throws IOException {
        String address = serve(exchange -> exchange.sendResponseHeaders(status, -1));
        assertRefused("unreachable", filter(configuration(address)));
    }

    @Test
    void aSourceThatIsNotThere() throws IOException {
        assertRefused("unreachable", filter(configuration("http://localhost:" + freePort() + "/")));
    }

    @Test
    void aSourceThatNeverAnswers() throws IOException {
        AskFirstURLFilter filter = filter(configuration(serve(exchange -> testEnds.await())));
        assertRefused("unreachable", filter);
        assertRefused("unreachable", filter);
    }

    @Test
    void aSourceThatSendsSomethingElse() throws IOException {
        String address = serve(exchange -> {
            byte[] page = "<html>allow</html>".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        });
        assertRefused("bad-signature", filter(configuration(address)));
    }

    /** The source serves one catalogue, and then fails or is frozen. The copy answers until it expires, and not after. */
    @ParameterizedTest
    @CsvSource({"200", "429", "503", "0"})
    void aCopyThatExpiresWhileItsSourceFails(int status) throws IOException, InterruptedException {
        Instant ends = Instant.now().plusSeconds(4);
        endingAt(Instant.now(), ends);
        CountDownLatch fails = new CountDownLatch(1);
        String address = serve(exchange -> {
            if (fails.getCount() > 0 || status == 200) {
                send(exchange);
            } else if (status == 0) {
                testEnds.await();
            } else {
                exchange.sendResponseHeaders(status, -1);
            }
        });
        AskFirstURLFilter filter = filter(configuration(address));
        assertEquals(FREE, filter.filter(FREE));
        fails.countDown();
        await(filter, FREE, false);
        assertTrue(!Instant.now().isBefore(ends), "it answered until it expired");
        assertEquals(List.of("allow", "expired"), List.copyOf(filter.counts().keySet()));
        if (status != 0) {
            // No refusal is kept: the same address is allowed as soon as the copy is current.
            registry.replace(published);
            endingAt(Instant.now(), Instant.now().plusSeconds(600));
            HttpServer healed = Objects.requireNonNull(server);
            healed.removeContext("/");
            healed.createContext("/", this::handle);
            await(filter, FREE, true);
        }
    }

    @Test
    void aFilterWithoutSettingsRefuses() {
        AskFirstURLFilter filter = new AskFirstURLFilter();
        assertRefused("error", filter);
        filter.setConf(null);
        assertNull(filter.filter(FREE));
    }

    @ParameterizedTest
    @CsvSource({
        "askfirst.copy, ''",
        "askfirst.copy, relative/copy",
        "askfirst.key, ''",
        "askfirst.key, /no/such/file",
        "askfirst.uses, all",
        "askfirst.refresh, 0",
        "askfirst.wait, soon"
    })
    void aWrongSettingStopsTheJob(String name, String value) {
        Configuration wrong = configuration(registry.folder.toString());
        wrong.set(name, value);
        AskFirstURLFilter filter = new AskFirstURLFilter();
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> filter.setConf(wrong));
        assertTrue(String.valueOf(refused.getMessage()).contains(name) || name.equals("askfirst.wait"));
        assertNull(filter.filter(FREE));
    }

    // ---- A server

    private interface Answer {
        void to(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String serve(Answer answer) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server = http;
        http.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        http.createContext("/", exchange -> {
            try (exchange) {
                answer.to(exchange);
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        http.start();
        return "http://localhost:" + http.getAddress().getPort() + "/";
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            send(exchange);
        }
    }

    private void send(HttpExchange exchange) throws IOException {
        byte[] bytes = Files.readAllBytes(
                registry.folder.resolve(exchange.getRequestURI().getPath().substring(1)));
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
