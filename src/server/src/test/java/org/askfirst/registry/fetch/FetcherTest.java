package org.askfirst.registry.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.askfirst.testkit.LoopbackDns;
import org.askfirst.testkit.LoopbackWeb;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Rcode;

/** Hostile servers: whatever they do, the fetcher makes few requests, only to public addresses, and ends soon. */
class FetcherTest {
    private static final String HOST = "shop.example";

    private final LoopbackWeb web = new LoopbackWeb(0);
    private final LoopbackDns dns = new LoopbackDns(0);
    private final TestClock clock = new TestClock(Clock.fixed(Instant.parse("2026-11-22T09:00:00Z"), ZoneOffset.UTC));
    private Duration deadline = Duration.ofSeconds(Fetcher.DEADLINE_SECONDS);

    @AfterEach
    void close() {
        web.close();
        dns.close();
    }

    /** Settings that allow loopback addresses, which only tests may do. */
    private record Allowing(List<Integer> dnsPorts, OptionalInt loopbackPort, OptionalInt loopbackTlsPort)
            implements FetchConfig {
        Allowing(int dnsPort, OptionalInt loopbackPort, OptionalInt loopbackTlsPort) {
            this(List.of(dnsPort), loopbackPort, loopbackTlsPort);
        }

        @Override
        public Optional<List<String>> nameServers() {
            return Optional.of(
                    dnsPorts.stream().map(port -> "127.0.0.1:" + port).toList());
        }

        @Override
        public OptionalInt visitsOfAnAddress() {
            return OptionalInt.empty();
        }
    }

    private Fetcher fetcher(int perMinute) {
        try {
            return fetcher(
                    new Allowing(dns.port(), OptionalInt.of(web.port()), OptionalInt.empty()),
                    SSLContext.getDefault(),
                    perMinute);
        } catch (GeneralSecurityException failure) {
            throw new AssertionError(failure);
        }
    }

    private Fetcher fetcher(FetchConfig config, SSLContext tls, int perMinute) {
        return new Fetcher(new NameServers(config, clock), config, clock, tls, perMinute, deadline);
    }

    private Page fetch(String path) throws FetchException {
        return fetcher(1000).fetch(new WebTarget(true, HOST, path), new DnsBudget());
    }

    private FetchException.Kind refused(String path) {
        return assertThrows(FetchException.class, () -> fetch(path)).kind();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aPageIsFetchedWithOurUserAgent() throws FetchException {
        web.show(HOST + "/art/?v=1", "<p>봄의 끝 token</p>");
        Page page = fetch("/art/?v=1");
        assertEquals(200, page.status());
        assertTrue(page.contains("token"));
        assertEquals(List.of(HOST + "/art/?v=1"), web.requests());
        String head = web.heads().get(0);
        assertTrue(head.contains("User-Agent: AskFirst-Control/1.0 (+https://askfirst.org/control)"), head);
        assertFalse(head.contains("Cookie") || head.contains("Authorization"), head);
    }

    @Test
    void chunkedBodiesAndBodiesUntilTheConnectionEndsAreRead() throws FetchException {
        web.reply(
                HOST + "/chunks",
                out -> out.write(
                        ascii("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nto\r\n\r\n3;x=y\r\nken"
                                + "\r\n0\r\n\r\n")));
        web.reply(HOST + "/open", out -> out.write(ascii("HTTP/1.0 200 OK\r\n\r\ntoken")));
        assertEquals("to\r\nken", new String(fetch("/chunks").body(), StandardCharsets.US_ASCII));
        assertEquals("token", new String(fetch("/open").body(), StandardCharsets.US_ASCII));
    }

    @Test
    void loopbackAddressesAreRefusedUnlessATestAllowsThem() throws GeneralSecurityException {
        FetchConfig usual = new Allowing(dns.port(), OptionalInt.empty(), OptionalInt.empty());
        Fetcher fetcher = fetcher(usual, SSLContext.getDefault(), 1000);
        for (String host : List.of(HOST, "127.0.0.1", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]", "169.254.169.254")) {
            FetchException refused = assertThrows(
                    FetchException.class, () -> fetcher.fetch(new WebTarget(true, host, "/"), new DnsBudget()));
            assertEquals(FetchException.Kind.REFUSED, refused.kind(), host);
        }
        assertEquals(List.of(), web.requests());
    }

    @Test
    void aHostWithOnePrivateAddressIsRefused() {
        dns.addresses(HOST, "127.0.0.1", "10.0.0.1");
        assertEquals(FetchException.Kind.REFUSED, refused("/"));
        dns.addresses(HOST, "127.0.0.1", "fd00::1");
        assertEquals(FetchException.Kind.REFUSED, refused("/"));
        dns.addresses(HOST);
        assertEquals(FetchException.Kind.REFUSED, refused("/"));
        assertEquals(List.of(), web.requests());
    }

    @Test
    void aReboundNameDoesNotChangeTheCheckedAddress() throws FetchException {
        // The first query returns a loopback address, which the test allows; the second query returns a private
        // address.
        dns.addressesInTurn(HOST, "127.0.0.1", "10.0.0.1");
        web.show(HOST + "/", "token");
        assertTrue(fetcher(1000)
                .fetch(new WebTarget(false, HOST, "/"), new DnsBudget())
                .contains("token"));
    }

    @Test
    void theNameIsCheckedAgainAtEachRedirect() {
        dns.addressesInTurn(HOST, "127.0.0.1", "10.0.0.1");
        web.answer(HOST + "/", 302, "Location: /next", "");
        web.show(HOST + "/next", "token");
        FetchException refused = assertThrows(
                FetchException.class, () -> fetcher(1000).fetch(new WebTarget(false, HOST, "/"), new DnsBudget()));
        assertEquals(FetchException.Kind.REFUSED, refused.kind());
        assertEquals(List.of(HOST + "/"), web.requests());
    }

    @Test
    void redirectsStayOnTheSite() throws FetchException {
        web.answer(HOST + "/a", 301, "Location: http://www." + HOST + "/b?x=y#z", "");
        web.answer("www." + HOST + "/b?x=y", 308, "Location: c", "");
        web.show("www." + HOST + "/c", "token");
        assertTrue(fetch("/a").contains("token"));
        for (String away : List.of(
                "http://elsewhere.example/",
                "http://evil" + HOST + "/",
                "http://" + HOST + ".evil.example/",
                "http://" + HOST + ":8080/",
                "http://user@" + HOST + "/",
                "//elsewhere.example/",
                "file:///etc/passwd",
                "gopher://" + HOST + "/",
                "javascript:alert(1)",
                "http://" + HOST + "\\@elsewhere.example/",
                "http://[::1]/",
                "http://\u00e9/",
                "")) {
            web.answer(HOST + "/a", 302, "Location: " + away, "");
            assertEquals(FetchException.Kind.REDIRECTED, refused("/a"), away);
        }
        assertTrue(web.requests().stream().allMatch(asked -> asked.matches("(www\\.)?shop\\.example/.*")));
    }

    @Test
    void redirectsEnd() {
        web.answer(HOST + "/a", 302, "Location: /a", "");
        assertEquals(FetchException.Kind.REDIRECTED, refused("/a"));
        assertEquals(1 + Fetcher.MAX_REDIRECTS, web.requests().size());
    }

    @Test
    void endlessBodiesAreCutAndSlowServersTimeOut() throws FetchException {
        byte[] block = new byte[1 << 16];
        web.reply(HOST + "/endless", out -> {
            out.write(ascii("HTTP/1.1 200 OK\r\n\r\n"));
            while (true) {
                out.write(block);
            }
        });
        assertEquals(Fetcher.MAX_BODY_BYTES, fetch("/endless").body().length);
        web.reply(HOST + "/head", out -> {
            out.write(ascii("HTTP/1.1 200 OK\r\n"));
            while (true) {
                out.write(ascii("X-Header: " + "x".repeat(1000) + "\r\n"));
            }
        });
        assertEquals(FetchException.Kind.UNREACHABLE, refused("/head"));
        web.reply(HOST + "/slow", out -> {
            out.write(ascii("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"));
            while (true) {
                out.write('x');
                out.flush();
                Thread.sleep(10);
            }
        });
        deadline = Duration.ofMillis(300);
        long before = System.nanoTime();
        assertEquals(FetchException.Kind.UNREACHABLE, refused("/slow"));
        long seconds = Duration.ofNanos(System.nanoTime() - before).toSeconds();
        assertTrue(seconds < 3, seconds + " s");
    }

    @Test
    void anAnswerThatIsNotHttpFails() {
        for (String junk : List.of(
                "",
                "\r\n\r\n",
                "SSH-2.0-OpenSSH\r\n",
                "HTTP/1.1 999 X\r\n\r\n",
                "HTTP/1.1 -20 X\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nx")) {
            web.reply(HOST + "/", out -> out.write(ascii(junk)));
            assertEquals(FetchException.Kind.UNREACHABLE, refused("/"), junk);
        }
    }

    @Test
    void visitsToAHostAreLimitedForAllParties() throws FetchException {
        web.show(HOST + "/", "token");
        Fetcher fetcher = fetcher(3);
        WebTarget target = new WebTarget(false, HOST, "/");
        for (int visits = 3; visits <= 6; visits += 3) {
            for (int i = 0; i < 3; i++) {
                fetcher.fetch(target, new DnsBudget());
            }
            FetchException refused = assertThrows(FetchException.class, () -> fetcher.fetch(target, new DnsBudget()));
            assertEquals(FetchException.Kind.TOO_OFTEN, refused.kind());
            assertEquals(visits, web.requests().size());
            clock.forward(Duration.ofMinutes(1));
        }
    }

    @Test
    void aFailingNameServerMakesTheHostUnreachable() {
        dns.failing(Rcode.SERVFAIL);
        assertEquals(FetchException.Kind.UNREACHABLE, refused("/"));
    }

    @Test
    void aNameWhoseSignaturesAreBrokenIsNotVisited() {
        dns.breakSignatures(HOST);
        web.show(HOST + "/", "token");
        assertEquals(FetchException.Kind.FORGED, refused("/"));
        assertEquals(List.of(), web.requests());
    }

    @Test
    void allNameServersMustAgree() throws FetchException {
        try (LoopbackDns other = new LoopbackDns(0)) {
            FetchConfig both =
                    new Allowing(List.of(dns.port(), other.port()), OptionalInt.of(web.port()), OptionalInt.empty());
            NameServers names = new NameServers(both, clock);
            dns.text("_askfirst." + HOST, "askfirst=a", "askfirst=b");
            assertEquals(
                    List.of(), names.texts("_askfirst." + HOST, new DnsBudget()).texts());
            other.text("_askfirst." + HOST, "askfirst=b", "askfirst=c");
            assertEquals(
                    List.of("askfirst=b"),
                    names.texts("_askfirst." + HOST, new DnsBudget()).texts());
            dns.validating(true);
            assertFalse(names.texts("_askfirst." + HOST, new DnsBudget()).validated());

            web.show(HOST + "/", "token");
            Fetcher fetcher = fetcher(both, SSLContext.getDefault(), 1000);
            assertTrue(fetcher.fetch(new WebTarget(true, HOST, "/"), new DnsBudget())
                    .contains("token"));
            other.addresses(HOST, "127.0.0.2");
            FetchException refused = assertThrows(
                    FetchException.class, () -> fetcher.fetch(new WebTarget(true, HOST, "/"), new DnsBudget()));
            assertEquals(FetchException.Kind.UNREACHABLE, refused.kind());
            other.failing(Rcode.REFUSED);
            assertThrows(FetchException.class, () -> names.texts("_askfirst." + HOST, new DnsBudget()));
        } catch (GeneralSecurityException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void aNameServerThatNeverAnswersCostsThreeSecondsInAll() {
        dns.silence(HOST);
        Fetcher fetcher = fetcher(1000);
        DnsBudget budget = new DnsBudget();
        long before = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            FetchException refused = assertThrows(
                    FetchException.class, () -> fetcher.fetch(new WebTarget(true, "www." + HOST, "/"), budget));
            assertEquals(FetchException.Kind.UNREACHABLE, refused.kind());
        }
        Duration lasted = Duration.ofNanos(System.nanoTime() - before);
        assertTrue(lasted.compareTo(DnsBudget.WHOLE.plusSeconds(1)) < 0, lasted.toString());
    }

    @Test
    void questionsAboutTheNamesOfASiteAreLimited() throws FetchException {
        NameServers names = new NameServers(new Allowing(dns.port(), OptionalInt.empty(), OptionalInt.empty()), clock);
        for (int i = 0; i < 240; i++) {
            names.texts("n" + i + "." + HOST, new DnsBudget());
        }
        FetchException refused =
                assertThrows(FetchException.class, () -> names.texts("another." + HOST, new DnsBudget()));
        assertEquals(FetchException.Kind.TOO_OFTEN, refused.kind());
        names.texts("other.example", new DnsBudget());
        clock.forward(Duration.ofMinutes(1));
        names.texts("another." + HOST, new DnsBudget());
    }

    @Test
    void aCertificateMustBeTrustedAndOfThatHost(@TempDir Path folder) throws Exception {
        KeyStore certificate = certificate(folder, HOST);
        SSLContext trusting = SSLContext.getInstance("TLS");
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(certificate, "changeit".toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(certificate);
        trusting.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        try (LoopbackWeb secure = new LoopbackWeb(0, trusting.getServerSocketFactory())) {
            secure.show(HOST + "/", "token");
            secure.show("other.example/", "token");
            FetchConfig config = new Allowing(dns.port(), OptionalInt.empty(), OptionalInt.of(secure.port()));
            FetchConfig both = new Allowing(dns.port(), OptionalInt.of(web.port()), OptionalInt.of(secure.port()));
            assertTrue(fetcher(both, trusting, 100)
                    .fetch(new WebTarget(true, HOST, "/"), new DnsBudget())
                    .contains("token"));
            // Whoever can forge a certificate can answer by http too, so http is not tried.
            web.show("other.example/", "token");
            for (SSLContext distrusting : List.of(trusting, SSLContext.getDefault())) {
                FetchException refused = assertThrows(
                        FetchException.class,
                        () -> fetcher(both, distrusting, 100)
                                .fetch(new WebTarget(true, "other.example", "/"), new DnsBudget()));
                assertEquals(FetchException.Kind.UNTRUSTED, refused.kind());
            }
            assertEquals(List.of(), web.requests());
            assertThrows(
                    FetchException.class,
                    () -> fetcher(config, trusting, 100)
                            .fetch(new WebTarget(true, "other.example", "/"), new DnsBudget()));
            assertThrows(
                    FetchException.class,
                    () -> fetcher(config, SSLContext.getDefault(), 100)
                            .fetch(new WebTarget(true, HOST, "/"), new DnsBudget()));
            assertEquals(List.of(HOST + "/"), secure.requests());
        }
    }

    @Test
    void postsGoByHttpsOnlyToHostsWithATrustedCertificate(@TempDir Path folder) throws Exception {
        KeyStore certificate = certificate(folder, HOST);
        SSLContext trusting = SSLContext.getInstance("TLS");
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(certificate, "changeit".toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(certificate);
        trusting.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        byte[] body = "{\"하늘\": 1}".getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = Map.of("webhook-id", "notice_1");
        WebTarget target = new WebTarget(true, HOST, "/hook");
        try (LoopbackWeb secure = new LoopbackWeb(0, trusting.getServerSocketFactory())) {
            secure.answer(HOST + "/hook", 202, "Content-Type: text/plain", "body");
            FetchConfig both = new Allowing(dns.port(), OptionalInt.of(web.port()), OptionalInt.of(secure.port()));
            assertEquals(202, fetcher(both, trusting, 100).post(target, headers, body, new DnsBudget()));
            LoopbackWeb.Post post = secure.posts(HOST + "/hook").get(0);
            assertEquals("{\"하늘\": 1}", post.body());
            assertEquals("notice_1", post.headers().get("webhook-id"));
            assertEquals(Fetcher.POST_USER_AGENT, post.headers().get("user-agent"));

            FetchException refused = assertThrows(
                    FetchException.class,
                    () -> fetcher(both, SSLContext.getDefault(), 100).post(target, headers, body, new DnsBudget()));
            assertEquals(FetchException.Kind.UNTRUSTED, refused.kind());
            FetchConfig usual = new Allowing(dns.port(), OptionalInt.empty(), OptionalInt.empty());
            refused = assertThrows(
                    FetchException.class,
                    () -> fetcher(usual, trusting, 100).post(target, headers, body, new DnsBudget()));
            assertEquals(FetchException.Kind.REFUSED, refused.kind());
        }
        // Nothing listens by https any longer, and http is not tried.
        FetchConfig gone = new Allowing(dns.port(), OptionalInt.of(web.port()), OptionalInt.of(1));
        FetchException refused = assertThrows(
                FetchException.class, () -> fetcher(gone, trusting, 100).post(target, headers, body, new DnsBudget()));
        assertEquals(FetchException.Kind.UNREACHABLE, refused.kind());
        assertEquals(List.of(), web.requests());
    }

    @Test
    void aSlowReceiverTimesOutAndPostsAreCountedApart() throws FetchException {
        WebTarget target = new WebTarget(true, HOST, "/hook");
        web.reply(HOST + "/hook", out -> {
            while (true) {
                out.write('x');
                out.flush();
                Thread.sleep(10);
            }
        });
        deadline = Duration.ofMillis(300);
        Fetcher fetcher = fetcher(1);
        long before = System.nanoTime();
        FetchException slow =
                assertThrows(FetchException.class, () -> fetcher.post(target, Map.of(), new byte[0], new DnsBudget()));
        assertEquals(FetchException.Kind.UNREACHABLE, slow.kind());
        assertTrue(Duration.ofNanos(System.nanoTime() - before).toSeconds() < 3);

        web.answer(HOST + "/hook", 302, "Location: /b", "");
        for (int posts = 2; posts <= 60; posts++) {
            assertEquals(302, fetcher.post(target, Map.of(), new byte[0], new DnsBudget()));
        }
        WebTarget other = new WebTarget(true, "other." + HOST, "/hook");
        FetchException often =
                assertThrows(FetchException.class, () -> fetcher.post(other, Map.of(), new byte[0], new DnsBudget()));
        assertEquals(FetchException.Kind.TOO_OFTEN, often.kind());
        web.show(HOST + "/", "token");
        assertTrue(
                fetcher.fetch(new WebTarget(false, HOST, "/"), new DnsBudget()).contains("token"));
    }

    private static KeyStore certificate(Path folder, String host) throws Exception {
        Path store = folder.resolve("store.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process made = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "site",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + host,
                        "-ext",
                        "san=dns:" + host,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        String message = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, made.waitFor(), message);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        } catch (IOException failure) {
            throw new AssertionError(message, failure);
        }
        // A self-signed certificate is trusted only if it is itself a trusted certificate.
        keys.setCertificateEntry("trusted", keys.getCertificate("site"));
        return keys;
    }

    @Test
    void theHeadIsParsedAsBrowsersParseIt() {
        String token = "askfirst-0g5k8m2n7p4q9r1s6t3v8w0x5y";
        assertTrue(head("<!doctype html><html><head><meta name=askfirst content=" + token + "></head>", token));
        assertTrue(head("<META NAME=AskFirst CONTENT=' " + token + " '>", token));
        assertFalse(head("<title>하늘 " + token + "</title>", token));
        assertFalse(head("<meta property='og:description' content='My channel. " + token + "'>", token));
        assertFalse(head("<meta name=askfirst content='My channel. " + token + "'>", token));
        assertFalse(head("<meta name=description content=" + token + ">", token));
        assertFalse(head("<head><title>x</title></head><body><meta name=askfirst content=" + token + ">", token));
        assertFalse(head("<title>x</title>word<meta name=askfirst content=" + token + ">", token));
        assertFalse(head("<!-- <meta name=askfirst content=" + token + "> -->", token));
        assertFalse(head("<script>'<meta name=askfirst content=" + token + ">'</script>", token));
        assertFalse(head("<textarea><head><meta name=askfirst content=" + token + "></textarea>", token));
        assertFalse(head("<head><noscript>x</noscript><p><head><meta content=" + token + ">", token));
    }

    private static boolean head(String html, String token) {
        return new Page(new WebTarget(true, HOST, "/"), 200, html.getBytes(StandardCharsets.UTF_8)).hasMeta(token);
    }
}
