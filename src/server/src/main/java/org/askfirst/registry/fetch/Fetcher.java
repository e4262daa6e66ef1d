package org.askfirst.registry.fetch;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.askfirst.registry.fetch.FetchException.Kind;
import org.askfirst.subject.PublicSuffixes;

/**
 * Fetches pages from addresses that strangers name, and posts to such addresses.
 *
 * <p>These rules prevent its use against our own network or against others:
 * <ul>
 * <li>A name is resolved once, all its addresses must be public, and the connection goes to a checked address. Each
 *   redirect is checked again. It does not matter what the name resolves to a moment later.
 * <li>It uses http and https on their standard ports, checks certificates, and fetches from the named site only.
 * <li>A fetch has at most {@value #MAX_REDIRECTS} redirects, {@value #DEADLINE_SECONDS} seconds and
 *   {@value #MAX_BODY_BYTES} bytes in total, however slowly the bytes arrive.
 * <li>A post goes to https only, follows no redirect, and lasts {@value #POST_DEADLINE_SECONDS} seconds. The body of
 *   its answer is not read.
 * <li>The requests are limited per minute: fetches by host and by address, posts by site and by address.
 * </ul>
 *
 * <p>It sends no cookies, runs no scripts, and identifies itself. It does not read robots.txt, because somebody who
 * claims to own the page asked for the visit. It implements HTTP itself, because no client of the platform lets us
 * choose the address of a connection.
 */
@ApplicationScoped
public class Fetcher {
    static final int MAX_REDIRECTS = 3;
    static final int DEADLINE_SECONDS = 10;
    static final int MAX_BODY_BYTES = 1 << 20;
    static final int POST_DEADLINE_SECONDS = 5;
    static final String USER_AGENT = "AskFirst-Control/1.0 (+https://askfirst.org/control)";
    static final String POST_USER_AGENT = "AskFirst-Webhook/1.0 (+https://askfirst.org/webhooks)";

    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(3);
    private static final int MAX_HEAD_BYTES = 1 << 15;
    private static final int PER_MINUTE_BY_NAME = 30;
    private static final int PER_MINUTE_BY_ADDRESS = 120;

    /**
     * Posts to one site in a minute. Their questions to name servers are half of those that {@link NameServers} permits,
     * so that posts keep no check of the site from its names.
     */
    private static final int POSTS_TO_A_SITE = 60;

    private static final int POSTS_TO_AN_ADDRESS = 240;

    private final NameServers names;
    private final FetchConfig config;
    private final SSLContext tls;
    private final Duration deadline;
    private final VisitLimit byName;
    private final VisitLimit byAddress;
    private final VisitLimit postsBySite;
    private final VisitLimit postsByAddress;
    private final ScheduledThreadPoolExecutor watchdog = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "fetcher-watchdog");
        thread.setDaemon(true);
        return thread;
    });

    @Inject
    Fetcher(NameServers names, FetchConfig config, Clock clock) throws java.security.NoSuchAlgorithmException {
        this(names, config, clock, SSLContext.getDefault(), PER_MINUTE_BY_NAME, Duration.ofSeconds(DEADLINE_SECONDS));
    }

    /** For tests, which set limits of their own. */
    Fetcher(NameServers names, FetchConfig config, Clock clock, SSLContext tls, int perMinute, Duration deadline) {
        this.names = names;
        this.config = config;
        this.tls = tls;
        this.deadline = deadline;
        this.byName = new VisitLimit(perMinute, clock);
        this.byAddress =
                new VisitLimit(Math.max(perMinute, config.visitsOfAnAddress().orElse(PER_MINUTE_BY_ADDRESS)), clock);
        this.postsBySite = new VisitLimit(POSTS_TO_A_SITE, clock);
        this.postsByAddress = new VisitLimit(config.visitsOfAnAddress().orElse(POSTS_TO_AN_ADDRESS), clock);
        watchdog.setRemoveOnCancelPolicy(true);
    }

    /** Reads from and writes to a connection. */
    private interface Talk<T> {
        T over(Socket socket) throws IOException;
    }

    /**
     * Fetches a page by https, or by http if nothing answers by https. A certificate that cannot be trusted is an answer:
     * then http is not tried, because whoever can forge the one can forge the other.
     *
     * @param dns the time that the check may still wait for name servers
     * @throws FetchException if the page could not be fetched
     */
    public Page fetch(WebTarget target, DnsBudget dns) throws FetchException {
        long end = System.nanoTime() + deadline.toNanos();
        try {
            return follow(target, end, dns);
        } catch (FetchException failure) {
            if (failure.kind() != Kind.UNREACHABLE || !target.secure()) {
                throw failure;
            }
            return follow(target.plain(), end, dns);
        }
    }

    /**
     * Posts JSON by https. Redirects are not followed, and the body of the answer is not read.
     *
     * @param headers of the request besides the usual ones, printable ASCII
     * @param dns the time that the post may still wait for name servers
     * @return the status of the answer
     * @throws FetchException if nothing has answered; the receiver may have received the body nevertheless
     */
    public int post(WebTarget target, Map<String, String> headers, byte[] body, DnsBudget dns) throws FetchException {
        if (!target.secure()) {
            throw new IllegalArgumentException("not by https: " + target);
        }
        // Most receivers of tests have no certificate.
        boolean plain =
                config.loopbackPort().isPresent() && config.loopbackTlsPort().isEmpty();
        String site = PublicSuffixes.bundled().site(target.host());
        if (!postsBySite.mayVisit(site)) {
            throw tooOften(site);
        }
        long most = Math.min(
                deadline.toNanos(), Duration.ofSeconds(POST_DEADLINE_SECONDS).toNanos());
        long end = System.nanoTime() + most;
        return talk(plain ? target.plain() : target, postsByAddress::mayVisit, end, dns, socket -> {
            OutputStream out = socket.getOutputStream();
            out.write(postHead(target, headers, body.length));
            out.write(body);
            out.flush();
            return new Exchange(socket, false).status;
        });
    }

    private static byte[] postHead(WebTarget target, Map<String, String> headers, int length) {
        StringBuilder head = new StringBuilder()
                .append("POST " + target.target() + " HTTP/1.1\r\nHost: " + target.host() + "\r\nUser-Agent: ")
                .append(POST_USER_AGENT + "\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        return head.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] getHead(WebTarget target) {
        return ("GET " + target.target() + " HTTP/1.1\r\nHost: " + target.host() + "\r\nUser-Agent: " + USER_AGENT
                        + "\r\nAccept: text/html, text/plain, */*;q=0.1\r\nAccept-Encoding: identity\r\n"
                        + "Connection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private Page follow(WebTarget first, long end, DnsBudget dns) throws FetchException {
        WebTarget target = first;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            byte[] head = getHead(target);
            String host = target.host();
            Predicate<InetAddress> limits = address -> byName.mayVisit(host) && byAddress.mayVisit(address);
            Exchange exchange = talk(target, limits, end, dns, socket -> {
                socket.getOutputStream().write(head);
                socket.getOutputStream().flush();
                return new Exchange(socket, true);
            });
            if (!exchange.redirects()) {
                return new Page(target, exchange.status, exchange.body);
            }
            String from = target.toString();
            target = target.redirectedTo(exchange.headers.getOrDefault("location", ""))
                    .orElseThrow(() -> new FetchException(Kind.REDIRECTED, from + " redirects away from the site"));
        }
        throw new FetchException(Kind.REDIRECTED, first + " redirects more than " + MAX_REDIRECTS + " times");
    }

    private static FetchException tooOften(String host) {
        return new FetchException(Kind.TOO_OFTEN, host + " was visited often enough; try again in a minute");
    }

    /**
     * Connects to a checked address of the target, and speaks over the connection until {@code end}.
     *
     * @param mayVisit counts the visit to the address, and returns false if a limit is reached
     */
    private <T> T talk(WebTarget target, Predicate<InetAddress> mayVisit, long end, DnsBudget dns, Talk<T> talk)
            throws FetchException {
        InetAddress address = publicAddress(target, dns);
        if (!mayVisit.test(address)) {
            throw tooOften(target.host());
        }
        int port = port(target, address);
        long left = end - System.nanoTime();
        if (left <= 0) {
            throw new FetchException(Kind.UNREACHABLE, target + " does not answer in time");
        }
        try (Socket socket = new Socket()) {
            // Each read may be short and yet the whole never ends; only closing the socket from outside limits the
            // total time.
            var closing = watchdog.schedule(() -> close(socket), left, TimeUnit.NANOSECONDS);
            try {
                socket.connect(new InetSocketAddress(address, port), (int) CONNECT_PATIENCE.toMillis());
                socket.setSoTimeout((int) deadline.toMillis());
                return talk.over(target.secure() ? secured(socket, target) : socket);
            } finally {
                closing.cancel(false);
            }
        } catch (SSLException untrusted) {
            throw new FetchException(Kind.UNTRUSTED, target.host() + " has no certificate that can be trusted");
        } catch (IOException | NumberFormatException failure) {
            throw new FetchException(Kind.UNREACHABLE, target + " does not answer, or not in HTTP, or not in time");
        }
    }

    private InetAddress publicAddress(WebTarget target, DnsBudget dns) throws FetchException {
        List<InetAddress> addresses = target.isAddress() ? List.of(literal(target)) : addresses(target, dns);
        // The same message for "none" and "not public", so that nobody can find out the names in our own network.
        if (addresses.isEmpty() || !addresses.stream().allMatch(this::mayBeVisited)) {
            throw new FetchException(Kind.REFUSED, target.host() + " has no public address");
        }
        return addresses.get(0);
    }

    /** Returns the addresses to visit. Only a certificate can vouch for one that not all name servers give. */
    private List<InetAddress> addresses(WebTarget target, DnsBudget dns) throws FetchException {
        NameServers.Addresses addresses = names.addresses(target.host(), dns);
        if (!target.secure()
                && addresses.agreed().isEmpty()
                && !addresses.first().isEmpty()) {
            throw new FetchException(
                    Kind.UNREACHABLE,
                    "The name servers give " + target.host() + " different addresses, and it does not answer by https");
        }
        return target.secure() ? addresses.first() : addresses.agreed();
    }

    private boolean mayBeVisited(InetAddress address) {
        return PublicAddresses.contain(address)
                || (address.isLoopbackAddress() && config.loopbackPort().isPresent());
    }

    private static InetAddress literal(WebTarget target) throws FetchException {
        try {
            return InetAddress.getByName(target.host().replaceAll("[\\[\\]]", ""));
        } catch (UnknownHostException malformed) {
            throw new FetchException(Kind.REFUSED, target.host() + " has no public address");
        }
    }

    private int port(WebTarget target, InetAddress address) throws FetchException {
        if (!address.isLoopbackAddress()) {
            return target.port();
        }
        return (target.secure() ? config.loopbackTlsPort() : config.loopbackPort())
                .orElseThrow(() -> new FetchException(Kind.UNREACHABLE, target + " does not answer"));
    }

    private Socket secured(Socket socket, WebTarget target) throws IOException {
        String host = target.host().replaceAll("[\\[\\]]", "");
        SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(socket, host, target.port(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // The socket is closed in any case.
        }
    }

    /** The answer to a request that was sent. */
    private static final class Exchange {
        private final Map<String, String> headers = new TreeMap<>();
        private final InputStream in;
        private final int status;
        private final byte[] body;

        Exchange(Socket socket, boolean readsBody) throws IOException {
            in = new BufferedInputStream(socket.getInputStream());
            status = readHead();
            body = !readsBody || redirects() ? new byte[0] : readBody();
        }

        boolean redirects() {
            return headers.containsKey("location") && status >= 300 && status < 400;
        }

        private int readHead() throws IOException {
            int[] left = {MAX_HEAD_BYTES};
            String first = line(left);
            while (first.matches("HTTP/1\\.[01] 1\\d\\d.*")) {
                while (!line(left).isEmpty()) {
                    // Interim responses (1xx) do not matter.
                }
                first = line(left);
            }
            if (!first.matches("HTTP/1\\.[01] [2-5]\\d\\d( .*)?")) {
                throw new IOException("not HTTP");
            }
            for (String header = line(left); !header.isEmpty(); header = line(left)) {
                int colon = header.indexOf(':');
                if (colon > 0) {
                    headers.putIfAbsent(
                            header.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                            header.substring(colon + 1).strip());
                }
            }
            return Integer.parseInt(first.substring(9, 12));
        }

        private byte[] readBody() throws IOException {
            String encoding = headers.getOrDefault("content-encoding", "identity");
            if (!encoding.equalsIgnoreCase("identity")) {
                throw new IOException("the answer is compressed, although the request excluded that");
            }
            if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
                return readChunks();
            }
            long length = Long.parseLong(headers.getOrDefault("content-length", "" + Long.MAX_VALUE));
            if (length < 0) {
                throw new IOException("the length is negative");
            }
            byte[] read = in.readNBytes((int) Math.min(length, MAX_BODY_BYTES));
            if (headers.containsKey("content-length") && read.length < Math.min(length, MAX_BODY_BYTES)) {
                throw new EOFException("the answer broke off");
            }
            return read;
        }

        private byte[] readChunks() throws IOException {
            ByteArrayOutputStream chunks = new ByteArrayOutputStream();
            int[] left = {MAX_HEAD_BYTES};
            while (chunks.size() < MAX_BODY_BYTES) {
                long size = Long.parseLong(line(left).split(";", 2)[0].strip(), 16);
                if (size <= 0) {
                    break;
                }
                int read = (int) Math.min(size, MAX_BODY_BYTES - chunks.size());
                byte[] chunk = in.readNBytes(read);
                if (chunk.length < read) {
                    throw new EOFException("the answer broke off");
                }
                chunks.write(chunk);
                if (read == size) {
                    line(left);
                }
            }
            return chunks.toByteArray();
        }

        /**
         * Returns a line without its end.
         *
         * @param left number of bytes that the remaining lines of the head may have
         */
        private String line(int[] left) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new EOFException("the answer broke off");
                }
                if (--left[0] < 0) {
                    throw new IOException("the head is too long");
                }
                line.append((char) b);
            }
            return line.length() > 0 && line.charAt(line.length() - 1) == '\r'
                    ? line.substring(0, line.length() - 1)
                    : line.toString();
        }
    }
}
