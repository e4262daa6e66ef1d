package org.askfirst.registry.testsite;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves the test site over HTTP. {@code /manifest.json} has all pages, all failures and the right answers.
 *
 * <p>The registry of the site is below {@code /registry/}. It has declarations about pages at the site's own address,
 * so the site must be asked for by that address.
 */
public final class TestSite implements AutoCloseable {
    private static final int MAX_BODY = 1 << 20;
    private static final int THREADS = 16;
    private static final int BACKLOG = 64;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String JSON = "application/json";
    private static final String RSL = "application/rsl+xml";
    private static final String SEGMENT = "application/octet-stream";
    private static final String REGISTRY = "/registry/";
    private static final Pattern FAILING = Pattern.compile(SitePlan.Failure.PREFIX + "([a-z0-9-]+)/(.*)");
    private static final Pattern PREFIX = Pattern.compile("v1/range/([0-9a-f]{2,16})");

    private final String base;
    private final SitePlan plan;
    private final HtmlPages html;
    private final Map<String, Document> documents = new HashMap<>();
    private final SampleRegistry registry;
    private final HttpServer server;
    private final InstantSource clock;
    private final OtherOrigins origins;
    private final FailingAnswers failing;
    private final ExecutorService threads;

    /** A text at a path. */
    private record Document(String type, String text) {}

    private TestSite(
            String base,
            SitePlan plan,
            SampleRegistry registry,
            OtherOrigins origins,
            FailingAnswers failing,
            HttpServer server,
            ExecutorService threads,
            InstantSource clock) {
        this.base = base;
        this.plan = plan;
        this.html = new HtmlPages(base);
        this.registry = registry;
        this.origins = origins;
        this.failing = failing;
        this.server = server;
        this.threads = threads;
        this.clock = clock;
        add("/", HTML, html.start(plan, origins.addresses()));
        add("/manifest.json", JSON, plan.manifest(base, origins.addresses()));
        add(
                "/robots.txt",
                TEXT,
                Texts.read("robots.txt")
                        .replace("{common}", Texts.read("robots-common.txt").strip()));
        add("/ai.txt", TEXT, Texts.read("ai.txt"));
        add("/llms.txt", TEXT, Texts.read("llms.txt"));
        add("/.well-known/tdmrep.json", JSON, Texts.read("tdmrep.json"));
        add("/policies/ask.json", "application/ld+json", Texts.read("policy.json"));
        for (String name : List.of("site", "paid", "free", "both")) {
            add("/rsl/" + name + ".xml", RSL, Texts.read("rsl/" + name + ".xml"));
        }
    }

    private void add(String path, String type, String text) {
        documents.put(path, new Document(type, SitePlan.within(text, base)));
    }

    /**
     * Starts the site.
     *
     * @param address the address at which it listens, and the first of its ports; port 0 for any free ports
     * @param shown the address by which crawlers ask for it, such as {@code https://testsite.example}; empty for the
     *     one at which it listens. The sites at the other ports are served only if it is empty
     * @throws IOException if the address or the folder for temporary files cannot be used
     * @throws IllegalArgumentException if the shown address is none
     */
    public static TestSite start(InetSocketAddress address, String shown, InstantSource clock) throws IOException {
        if (!shown.isEmpty() && !shown.matches("https?://[A-Za-z0-9.:\\[\\]-]+")) {
            throw new IllegalArgumentException(
                    "ASKFIRST_TESTSITE_ADDRESS must be an address without a path, such as https://testsite.example");
        }
        // The server of the JDK would wait for ever for a slow sender.
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        // Without this, each answer with a body waits for 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server = HttpServer.create(address, BACKLOG);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        OtherOrigins origins = OtherOrigins.none();
        try {
            SitePlan plan = SitePlan.read();
            FailingAnswers failing = new FailingAnswers();
            String host = host(server.getAddress());
            String base = shown;
            if (shown.isEmpty()) {
                base = "http://" + host + ":" + server.getAddress().getPort();
                origins = OtherOrigins.start(plan.origins(), address, host, failing, threads);
            }
            SampleRegistry registry = SampleRegistry.create(base, clock.instant());
            TestSite site = new TestSite(base, plan, registry, origins, failing, server, threads, clock);
            server.setExecutor(threads);
            server.createContext("/", site::answer);
            server.start();
            return site;
        } catch (IOException | RuntimeException failure) {
            server.stop(0);
            origins.close();
            threads.shutdownNow();
            throw failure;
        }
    }

    private static String host(InetSocketAddress address) {
        if (address.getAddress().isAnyLocalAddress()) {
            return "127.0.0.1";
        }
        String host = address.getHostString();
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /** Returns the address of the site, without a slash at its end. */
    public String address() {
        return base;
    }

    /** Returns the key that verifies the snapshots of the registry. */
    public String key() {
        return registry.key();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try {
            String path = exchange.getRequestURI().getPath();
            Matcher fails = FAILING.matcher(path);
            if (fails.matches()) {
                fail(exchange, fails.group(1), fails.group(2));
            } else if (path.startsWith(REGISTRY)) {
                askRegistry(exchange, path.substring(REGISTRY.length()));
            } else if (isRead(exchange)) {
                show(exchange, path);
            }
        } catch (IOException | RuntimeException failure) {
            exchange.close();
            throw failure;
        }
    }

    private void show(HttpExchange exchange, String path) throws IOException {
        Document document = documents.get(path);
        if (document != null) {
            Answers.send(exchange, 200, document.type, document.text);
            return;
        }
        Optional<SitePlan.Page> page = plan.page(path);
        if (page.isEmpty()) {
            missing(exchange);
            return;
        }
        for (String signal : page.get().signalsIn(SitePlan.IN_HEADER)) {
            String[] parts = SitePlan.within(signal, base).split(": ", 2);
            exchange.getResponseHeaders().add(parts[0], parts[1]);
        }
        String file = page.get().file();
        if (file == null) {
            Answers.send(exchange, 200, HTML, html.page(page.get()));
        } else {
            Answers.send(exchange, 200, file.endsWith(".gif") ? "image/gif" : "image/png", Texts.bytes(file));
        }
    }

    private void fail(HttpExchange exchange, String name, String rest) throws IOException {
        if (failing.answer(name, exchange)) {
            return;
        }
        if (isRead(exchange)) {
            serve(exchange, registry.snapshot(name), rest);
        }
    }

    private void askRegistry(HttpExchange exchange, String rest) throws IOException {
        Matcher range = PREFIX.matcher(rest);
        if (rest.equals("v1/lookups")) {
            lookUp(exchange);
        } else if (!isRead(exchange)) {
            return;
        } else if (range.matches()) {
            exchange.getResponseHeaders().set("Askfirst-Position", String.valueOf(registry.position()));
            exchange.getResponseHeaders().set("Askfirst-Log", registry.log());
            Answers.send(exchange, 200, JSON, registry.range(range.group(1)));
        } else {
            serve(exchange, registry.snapshot("registry"), rest);
        }
    }

    private void lookUp(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            Answers.send(exchange, 405, TEXT, "This method is not offered here\n");
            return;
        }
        byte[] body;
        try (InputStream in = exchange.getRequestBody()) {
            body = in.readNBytes(MAX_BODY + 1);
        }
        if (body.length > MAX_BODY) {
            Answers.send(exchange, 413, TEXT, "A request has at most " + MAX_BODY + " bytes\n");
            return;
        }
        String answer;
        try {
            answer = registry.lookups(new String(body, StandardCharsets.UTF_8), clock.instant());
        } catch (IllegalArgumentException unreadable) {
            Answers.send(exchange, 422, TEXT, "The request cannot be read: " + unreadable.getMessage() + "\n");
            return;
        }
        Answers.send(exchange, 200, JSON, answer);
    }

    private void serve(HttpExchange exchange, @Nullable SampleSnapshot snapshot, String rest) throws IOException {
        if (snapshot == null) {
            missing(exchange);
        } else if (rest.equals("log/verifier-key")) {
            Answers.send(exchange, 200, TEXT, registry.key() + "\n");
        } else if (rest.equals("log/checkpoint")) {
            Answers.send(exchange, 200, TEXT, snapshot.checkpoint());
        } else if (rest.equals("snapshot/catalog.json")) {
            Answers.send(exchange, 200, JSON, snapshot.catalogFile(clock.instant()));
        } else {
            Optional<byte[]> file = rest.startsWith("snapshot/")
                    ? snapshot.file(rest.substring("snapshot/".length()))
                    : Optional.empty();
            if (file.isPresent()) {
                Answers.sendFile(exchange, SEGMENT, file.get());
            } else {
                missing(exchange);
            }
        }
    }

    /** Returns true if the method reads; if not, the request is refused. */
    private static boolean isRead(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("GET")
                || exchange.getRequestMethod().equals("HEAD")) {
            return true;
        }
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        Answers.send(exchange, 405, TEXT, "This method is not offered here\n");
        return false;
    }

    private static void missing(HttpExchange exchange) throws IOException {
        Answers.send(exchange, 404, TEXT, "There is nothing here\n");
    }

    /** Ends the requests under way, and stops. */
    @Override
    public void close() throws IOException {
        server.stop(0);
        origins.close();
        threads.shutdownNow();
        registry.close();
    }
}
