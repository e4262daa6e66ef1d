package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Several attackers at once cannot stop a small node, or slow down its ordinary user; {@code mvn verify -Plong}.
 *
 * <p>Each attacker has loopback addresses of its own, and the user has another. The attackers are made cheap, because
 * they use the same processors as the service.
 */
@Tag("long")
@SuppressWarnings({"AddressSelection", "ArrayRecordComponent", "StringConcatToTextBlock"})
class AttackIT {
    private static final Duration DURATION = Duration.ofSeconds(Integer.getInteger("askfirst.attack.seconds", 60));
    private static final Duration SLOWEST = Duration.ofSeconds(1);
    private static final Pattern KEY = Pattern.compile("afk_[0-9a-z]+");
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
    private static final Pattern USED = Pattern.compile("total \\d+K, (?:committed \\d+K, )?used (\\d+)K");
    private static final long MAY_GROW = 64 << 10;
    private static final String CROWDED = "isbn:9788936434120";

    private final List<Thread> attackers = new ArrayList<>();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean over;
    private int port;

    @Test
    void anOrdinaryUserNoticesNothing() throws Exception {
        try (DatagramSocket silentNames = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Service service = Service.inEmptyFolder()
                        .withJavaOption("-Xmx512m")
                        .withJavaOption("-XX:+UseG1GC")
                        .with("ASKFIRST_FETCH_NAME_SERVERS", "127.0.0.1:" + silentNames.getLocalPort())
                        .start()) {
            port = service.port();
            String key = prepare(service);
            List<String> claims = claims(service);
            assertTrue(user(service, key, Duration.ofSeconds(5)).errors().isEmpty());
            long before = heap(service);

            attack(claims);
            Thread.sleep(5_000);
            Measured measured = user(service, key, DURATION);
            if (measured.errors().isEmpty() && measured.percentile(99) >= SLOWEST.toMillis()) {
                // The attackers go on. Something else on this machine may have taken the processors.
                System.out.println("Measured again, because p99 is " + measured.percentile(99) + " ms");
                measured = user(service, key, DURATION);
            }
            over = true;
            open.forEach(AttackIT::close);
            for (Thread attacker : attackers) {
                attacker.join(30_000);
            }

            System.out.println(
                    "User: " + measured.count() + " requests, median " + measured.percentile(50) + " ms, p99 "
                            + measured.percentile(99) + " ms, slowest " + measured.percentile(100) + " ms; attackers: "
                            + new TreeMap<>(counts));
            assertEquals(List.of(), measured.errors());
            assertTrue(measured.percentile(99) < SLOWEST.toMillis(), "p99 is " + measured.percentile(99) + " ms");
            Thread.sleep(5_000);
            long after = heap(service);
            System.out.println("Heap: " + before + " KiB before, " + after + " KiB after");
            assertTrue(after < before + MAY_GROW, "the heap has grown from " + before + " to " + after + " KiB");
            assertTrue(user(service, key, Duration.ofSeconds(3)).errors().isEmpty());
        }
    }

    /** The measurements of the user. */
    private record Measured(List<String> errors, long[] millis) {
        int count() {
            return millis.length;
        }

        long percentile(int percent) {
            return millis[Math.min(millis.length - 1, millis.length * percent / 100)];
        }
    }

    /** Declares a work, asks for it both ways, and repeats this with short pauses. */
    private static Measured user(Service service, String key, Duration duration) throws InterruptedException {
        List<String> errors = new ArrayList<>();
        List<Long> millis = new ArrayList<>();
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            String work = "url:https://ordinary.example/" + System.nanoTime();
            millis.add(timed(
                    service,
                    201,
                    errors,
                    json(service, "/v1/declarations", reserved(work)).header("Authorization", "Bearer " + key)));
            millis.add(timed(
                    service,
                    200,
                    errors,
                    HttpRequest.newBuilder(service.uri("/v1/lookup?subject=" + work.replace(":", "%3A")))));
            millis.add(timed(
                    service,
                    200,
                    errors,
                    json(service, "/v1/lookups", "{\"items\":[{\"subjects\":[\"" + work + "\"]}]}")));
            Thread.sleep(20);
        }
        long[] sorted = millis.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Measured(errors, sorted);
    }

    private static long timed(Service service, int expected, List<String> errors, HttpRequest.Builder request) {
        long begin = System.nanoTime();
        try {
            HttpResponse<String> answer = service.http()
                    .send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != expected) {
                errors.add(answer.statusCode() + " " + answer.body());
            }
        } catch (IOException | InterruptedException failure) {
            errors.add(String.valueOf(failure));
        }
        return (System.nanoTime() - begin) / 1_000_000;
    }

    private static HttpRequest.Builder json(Service service, String path, String body) {
        return HttpRequest.newBuilder(service.uri(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static String reserved(String work) {
        return "{\"subjects\":[\"" + work + "\"],\"stances\":{\"ai-training\":\"reserved\"}}";
    }

    /** Returns the key of a party. A work has many statements, and the feed has long entries. */
    private static String prepare(Service service) {
        String last = "";
        for (int i = 0; i < 50; i++) {
            last = open(service);
            assertEquals(
                    201,
                    service.send(json(service, "/v1/declarations", reserved(CROWDED))
                                    .header("Authorization", "Bearer " + last))
                            .statusCode());
        }
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            lines.append("{\"subjects\":[");
            for (int work = 0; work < 100; work++) {
                lines.append(work == 0 ? "" : ",")
                        .append("\"url:https://long.example/")
                        .append("x".repeat(60))
                        .append(i * 100 + work)
                        .append('"');
            }
            lines.append("],\"stances\":{\"ai-training\":\"reserved\"}}\n");
        }
        HttpResponse<String> batch = service.send(HttpRequest.newBuilder(service.uri("/v1/declarations/batch"))
                .header("Content-Type", "application/x-ndjson")
                .header("Authorization", "Bearer " + last)
                .POST(HttpRequest.BodyPublishers.ofString(lines.toString())));
        assertEquals(200, batch.statusCode());
        return last;
    }

    private static String open(Service service) {
        String body = service.send(json(service, "/v1/parties", "{\"name\":\"Somebody\",\"kind\":\"creator\"}"))
                .body();
        Matcher key = KEY.matcher(body);
        assertTrue(key.find(), body);
        return key.group();
    }

    /** Returns requests that check control of hosts whose names are never answered. */
    private static List<String> claims(Service service) {
        List<String> checks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String key = open(service);
            String claim = service.send(
                            json(service, "/v1/parties/me/controls", "{\"subject\":\"domain:silent" + i + ".example\"}")
                                    .header("Authorization", "Bearer " + key))
                    .body();
            Matcher id = ID.matcher(claim);
            if (id.find()) {
                checks.add("POST /v1/parties/me/controls/" + id.group(1) + "/check HTTP/1.1\r\nHost: localhost\r\n"
                        + "Authorization: Bearer " + key + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            }
        }
        return checks;
    }

    /** Returns the heap in use after a collection, in KiB. */
    private static long heap(Service service) throws IOException, InterruptedException {
        String pid = String.valueOf(service.handle().pid());
        jcmd(pid, "GC.run");
        Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
        assertTrue(used.find());
        return Long.parseLong(used.group(1));
    }

    private static String jcmd(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private void attack(List<String> claims) {
        String one = post("/v1/lookups", "application/json", "Content-Length: 1000") + "{";
        holds("one byte of a body", 10, 4, 420, one, 0);
        holds(
                "one byte of a stream",
                14,
                2,
                60,
                post("/v1/lookups", "application/x-ndjson", "Content-Length: 9") + "{",
                0);
        holds("half a head", 16, 2, 100, "GET /v1/lookup?subject=isbn:9788936434120 HTTP/1.1\r\nHo", 0);
        holds("idle", 20, 10, 2_000, "", 0);
        String feed = "GET /v1/changes?after=0&limit=10000 HTTP/1.1\r\nHost: localhost\r\n"
                + "Accept: application/x-ndjson\r\n\r\n";
        holds("reader of the feed that does not read", 40, 5, 300, feed.repeat(4), 4_096);
        String live = "GET /v1/changes?after=0 HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
        holds("live reader that does not read", 46, 4, 100, live, 4_096);

        byte[] members = unknownMembers(28 << 20);
        for (int i = 0; i < 8; i++) {
            String head = post("/v1/lookups", "application/json", "Content-Length: " + members.length)
                    .replace("\r\n\r\n", i % 2 == 0 ? "\r\n\r\n" : "\r\nAuthorization: Bearer afk_x\r\n\r\n");
            repeats("long body of unknown members", 60 + i, 2_000, out -> {
                out.write(head.getBytes(StandardCharsets.US_ASCII));
                for (int sent = 0; sent < members.length && !over; sent += 1 << 16) {
                    out.write(members, sent, Math.min(1 << 16, members.length - sent));
                    sleep(10);
                }
            });
        }
        byte[] question =
                ("{\"subjects\":[\"" + CROWDED + "\"]}\n").repeat(1_000).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 4; i++) {
            floods("answers much longer than questions", 70 + i, question, 100);
        }
        for (int i = 0; i < 2; i++) {
            floods("blank lines", 80 + i, "\n".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII), 50);
        }
        repeats(
                "path around the admission",
                90,
                50,
                out -> out.write(
                        "GET /q/../v1/changes?after=0&limit=10000 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII)));
        for (int i = 0; i < claims.size(); i++) {
            byte[] check = claims.get(i).getBytes(StandardCharsets.US_ASCII);
            repeats("check of a host without names", 100 + i, 1_000, out -> out.write(check));
        }
    }

    private static String post(String path, String type, String length) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\n" + length + "\r\n\r\n";
    }

    private static byte[] unknownMembers(int size) {
        StringBuilder json = new StringBuilder(size + 20).append("{\"k\":1");
        for (int i = 0; json.length() < size; i++) {
            json.append(",\"k").append(i).append("\":1");
        }
        return json.append('}').toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends something on a connection. */
    private interface Sending {
        void to(OutputStream out) throws IOException;
    }

    private Socket connect(int host, int buffer) throws IOException {
        Socket socket = new Socket();
        try {
            if (buffer > 0) {
                socket.setReceiveBufferSize(buffer);
            }
            socket.bind(new InetSocketAddress("127.0.0." + host, 0));
            socket.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
            return socket;
        } catch (IOException refused) {
            socket.close();
            throw refused;
        }
    }

    private void counts(String name) {
        counts.computeIfAbsent(name, unknown -> new AtomicInteger()).incrementAndGet();
    }

    private void begin(String name, Runnable attack) {
        Thread attacker = new Thread(attack, name);
        attacker.setDaemon(true);
        attackers.add(attacker);
        attacker.start();
    }

    /** Opens connections, sends the text on each, reads nothing, and replaces those that the service closes. */
    private void holds(String name, int host, int hosts, int count, String text, int buffer) {
        begin(name, () -> {
            @Nullable Socket[] held = new Socket[count];
            while (!over) {
                for (int i = 0; i < count && !over; i++) {
                    held[i] = held(name, held[i], host + i % hosts, text, buffer);
                }
                Service.pause();
            }
            for (Socket socket : held) {
                close(socket);
            }
        });
    }

    private @Nullable Socket held(String name, @Nullable Socket before, int host, String text, int buffer) {
        try {
            if (before != null) {
                if (buffer > 0 || (before.getInputStream().available() == 0 && isOpen(before))) {
                    return before;
                }
                close(before);
            }
            Socket socket = connect(host, buffer);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            counts(name);
            return socket;
        } catch (IOException closed) {
            close(before);
            return null;
        }
    }

    /** Returns false if the service has closed the connection. */
    private static boolean isOpen(Socket socket) throws IOException {
        socket.setSoTimeout(1);
        try {
            return socket.getInputStream().read() >= 0;
        } catch (java.net.SocketTimeoutException silent) {
            return true;
        }
    }

    private static void close(@Nullable Socket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Sends a request again and again, and reads what comes for a moment. */
    private void repeats(String name, int host, int pauseMillis, Sending sending) {
        begin(name, () -> {
            while (!over) {
                try (Socket socket = connect(host, 0)) {
                    open.add(socket);
                    socket.setSoTimeout(5_000);
                    sending.to(socket.getOutputStream());
                    counts(name);
                    socket.getInputStream().read(new byte[1 << 16]);
                } catch (IOException closed) {
                    counts(name + ", cut off");
                }
                sleep(pauseMillis);
            }
        });
    }

    /** Sends lines without end, and reads nothing. */
    private void floods(String name, int host, byte[] lines, int pauseMillis) {
        byte[] chunk = (Integer.toHexString(lines.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        repeats(name, host, 1_000, out -> {
            out.write(post("/v1/lookups", "application/x-ndjson", "Transfer-Encoding: chunked")
                    .getBytes(StandardCharsets.US_ASCII));
            while (!over) {
                out.write(chunk);
                out.write(lines);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                sleep(pauseMillis);
            }
        });
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
