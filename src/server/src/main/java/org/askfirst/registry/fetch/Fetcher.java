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
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.askfirst.registry.fetch.FetchException.Kind;

/**
 * Fetches pages from addresses that strangers name.
 *
 * <p>These rules prevent its use against our own network or against others:
 * <ul>
 * <li>A name is resolved once, all its addresses must be public, and the connection goes to a checked address. Each
 *   redirect is checked again. It does not matter what the name resolves to a moment later.
 * <li>It uses http and https on their standard ports, checks certificates, and fetches from the named site only.
 * <li>A fetch has at most {@value #MAX_REDIRECTS} redirects, {@value #DEADLINE_SECONDS} seconds and
 *   {@value #MAX_BODY_BYTES} bytes in total, however slowly the bytes arrive.
 * <li>The requests to one host are limited per minute, by name and by address.
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
    static final String USER_AGENT = "AskFirst-Control/1.0 (+https://askfirst.org/control)";

    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(3);
    private static final int MAX_HEAD_BYTES = 1 << 15;
    private static final int PER_MINUTE_BY_NAME = 30;
    private static final int PER_MINUTE_BY_ADDRESS = 120;

    private final NameServers names;
    private final FetchConfig config;
    private final SSLContext tls;
    private final Duration deadline;
    private final VisitLimit byName;
    private final VisitLimit byAddress;
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
        watchdog.setRemoveOnCancelPolicy(true);
    }

    /**
     * Fetches a page by https, or by http if nothing answers by https.
     *
     * @throws FetchException if the page could not be fetched
     */
    public Page fetch(WebTarget target) throws FetchException {
        long end = System.nanoTime() + deadline.toNanos();
        try {
            return follow(target, end);
        } catch (FetchException failure) {
            if (failure.kind() != Kind.UNREACHABLE || !target.secure()) {
                throw failure;
            }
            return follow(target.plain(), end);
        }
    }

    private Page follow(WebTarget first, long end) throws FetchException {
        WebTarget target = first;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            Exchange exchange = exchange(target, end);
            if (!exchange.redirects()) {
                return new Page(target, exchange.status, exchange.body);
            }
            String from = target.toString();
            target = target.redirectedTo(exchange.headers.getOrDefault("location", ""))
                    .orElseThrow(() -> new FetchException(Kind.REDIRECTED, from + " redirects away from the site"));
        }
        throw new FetchException(Kind.REDIRECTED, first + " redirects more than " + MAX_REDIRECTS + " times");
    }

    private Exchange exchange(WebTarget target, long end) throws FetchException {
        InetAddress address = publicAddress(target);
        if (!byName.mayVisit(target.host()) || !byAddress.mayVisit(address)) {
            throw new FetchException(
                    Kind.TOO_OFTEN, target.host() + " was visited often enough; try again in a minute");
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
                return target.secure() ? new Exchange(secured(socket, target), target) : new Exchange(socket, target);
            } finally {
                closing.cancel(false);
            }
        } catch (SSLException untrusted) {
            throw new FetchException(Kind.UNREACHABLE, target.host() + " has no certificate that can be trusted");
        } catch (IOException | NumberFormatException failure) {
            throw new FetchException(Kind.UNREACHABLE, target + " does not answer, or not in HTTP, or not in time");
        }
    }

    private InetAddress publicAddress(WebTarget target) throws FetchException {
        List<InetAddress> addresses = target.isAddress() ? List.of(literal(target)) : names.addresses(target.host());
        // The same message for "none" and "not public", so that nobody can find out the names in our own network.
        if (addresses.isEmpty() || !addresses.stream().allMatch(this::mayBeVisited)) {
            throw new FetchException(Kind.REFUSED, target.host() + " has no public address");
        }
        return addresses.get(0);
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

    /** One request and its answer. */
    private static final class Exchange {
        private final Map<String, String> headers = new TreeMap<>();
        private final InputStream in;
        private final int status;
        private final byte[] body;

        Exchange(Socket socket, WebTarget target) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("GET " + target.target() + " HTTP/1.1\r\nHost: " + target.host() + "\r\nUser-Agent: " + USER_AGENT
                                    + "\r\nAccept: text/html, text/plain, */*;q=0.1\r\nAccept-Encoding: identity\r\n"
                                    + "Connection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            in = new BufferedInputStream(socket.getInputStream());
            status = readHead();
            body = redirects() ? new byte[0] : readBody();
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
