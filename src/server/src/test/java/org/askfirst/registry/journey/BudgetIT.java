package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Bodies;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * One address achieves little against others, also with a restart in between, and others notice nothing. All
 * budgets have their defaults.
 */
class BudgetIT {
    private static final String ATTACKER = "192.0.2.66";
    private static final String ORDINARY = "198.51.100.7";
    private static final int ATTEMPTED_PARTIES = 1_000;
    private static final int PARTIES = 20;
    private static final int LINES = 5_000;
    private static final int WORKS_A_LINE = 100;
    private static final int WORKS_OF_AN_ADDRESS = 20_000;
    private static final int ROWS = 10_400;
    private static final int ROWS_OF_FIRST_DAY = 10_000;

    private final Service service = withDefaultBudgets(Service.inEmptyFolder());
    private final ExecutorService threads = Executors.newFixedThreadPool(12);

    private static Service withDefaultBudgets(Service service) {
        return service.withoutAny("ASKFIRST_BUDGET_").with("QUARKUS_HTTP_PROXY_PROXY_ADDRESS_FORWARDING", "true");
    }

    @AfterEach
    void end() throws InterruptedException {
        threads.shutdownNow();
        threads.awaitTermination(10, TimeUnit.SECONDS);
        service.close();
    }

    private HttpRequest.Builder request(String address, String path) {
        return HttpRequest.newBuilder(service.uri(path)).header("X-Forwarded-For", address);
    }

    private HttpResponse<String> open(String address, String name) {
        return service.send(request(address, "/v1/parties")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        Bodies.object("name", name, "kind", "creator").toString())));
    }

    private HttpResponse<String> declare(String address, String key, String subject) {
        return service.send(request(address, "/v1/declarations")
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(line(subject))));
    }

    private static String line(String subjects) {
        return "{\"subjects\":[\"" + subjects + "\"],\"stances\":{\"ai-training\":\"reserved\"}}\n";
    }

    /** Sends lines of a hundred works each, as long as the service reads them, and returns the lines of the answer. */
    private List<JsonNode> declaresMany(String key, int attacker) throws IOException, InterruptedException {
        String own = "https://victim" + attacker + ".example.com/";
        InputStream lines = new InputStream() {
            private byte[] rest = new byte[0];
            private int at;
            private int next;

            @Override
            public int read() {
                throw new UnsupportedOperationException("it is read in blocks");
            }

            @Override
            public int read(byte[] into, int from, int length) {
                if (at == rest.length) {
                    if (next == LINES) {
                        return -1;
                    }
                    int number = next++;
                    rest = line(IntStream.range(0, WORKS_A_LINE)
                                    .mapToObj(i -> "url:" + own + number + "/" + i)
                                    .collect(Collectors.joining("\",\"")))
                            .getBytes(StandardCharsets.UTF_8);
                    at = 0;
                }
                int some = Math.min(length, rest.length - at);
                System.arraycopy(rest, at, into, from, some);
                at += some;
                return some;
            }
        };
        HttpResponse<String> answer = service.http()
                .send(
                        request(ATTACKER, "/v1/declarations/batch")
                                .header("Authorization", "Bearer " + key)
                                .header("Content-Type", "application/x-ndjson")
                                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> lines))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body().lines().map(Answers::tree).toList();
    }

    @Test
    void anAddressAchievesLittleAndOthersNoticeNothing() throws Exception {
        service.start();
        AtomicBoolean over = new AtomicBoolean();
        Future<List<Duration>> ordinary = threads.submit(() -> useAsEverybodyDoes(over));
        try {
            List<String> keys = openMany();
            assertEquals(PARTIES, keys.size());
            List<Future<List<JsonNode>>> batches = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++) {
                String key = keys.get(i);
                int attacker = i;
                batches.add(threads.submit(() -> declaresMany(key, attacker)));
            }
            long works = 0;
            for (Future<List<JsonNode>> batch : batches) {
                List<JsonNode> answers = batch.get(50, TimeUnit.SECONDS);
                JsonNode last = answers.get(answers.size() - 1);
                // It stops trying here: the answer says that it is useless for hours.
                assertEquals("budget", last.at("/continue/reason").asText(), last::toString);
                assertEquals(answers.size(), last.at("/continue/line").asInt());
                works += (answers.size() - 1L) * WORKS_A_LINE;
            }
            assertEquals(WORKS_OF_AN_ADDRESS, works);
            HttpResponse<String> refused = declare(ATTACKER, keys.get(0), "isbn:9788936434120");
            assertEquals(429, refused.statusCode(), refused.body());
            assertTrue(refused.body().contains("retryAt"), refused.body());

            service.stop();
            service.start();
            assertEquals(429, open(ATTACKER, "after the restart").statusCode());
            refused = declare(ATTACKER, keys.get(0), "isbn:9788936434120");
            assertEquals(429, refused.statusCode(), refused.body());
        } finally {
            over.set(true);
        }
        List<Duration> waits = ordinary.get(30, TimeUnit.SECONDS);
        Collections.sort(waits);
        Duration median = waits.get(waits.size() / 2);
        assertTrue(waits.size() >= 20, () -> "only " + waits.size() + " requests");
        assertTrue(median.compareTo(Duration.ofMillis(500)) < 0, () -> "others wait " + median);
        assertEquals(Service.TERMINATED, service.stop());
    }

    private List<String> openMany() throws Exception {
        List<Future<HttpResponse<String>>> attempts = new ArrayList<>();
        for (int i = 0; i < ATTEMPTED_PARTIES; i++) {
            String name = "party " + i;
            attempts.add(threads.submit(() -> open(ATTACKER, name)));
        }
        List<String> keys = new ArrayList<>();
        for (Future<HttpResponse<String>> attempt : attempts) {
            HttpResponse<String> answer = attempt.get();
            if (answer.statusCode() == 201) {
                keys.add(Answers.tree(answer.body()).get("key").asText());
            } else {
                assertEquals(429, answer.statusCode(), answer.body());
                long wait = Long.parseLong(
                        answer.headers().firstValue("Retry-After").orElseThrow());
                assertTrue(wait > 0 && wait <= 86_401, "wait " + wait);
            }
        }
        return keys;
    }

    /** Declares and looks up from another address, and returns how long each request took. While it restarts, waits. */
    private List<Duration> useAsEverybodyDoes(AtomicBoolean over) throws InterruptedException {
        String key = Answers.tree(open(ORDINARY, "김하늘").body()).get("key").asText();
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; !over.get(); i++) {
            long begun = System.nanoTime();
            try {
                HttpResponse<String> declared = declare(ORDINARY, key, "url:https://haneul.example.com/" + i);
                // 200: it was recorded before the restart, and only the answer was lost.
                assertTrue(List.of(200, 201, 503).contains(declared.statusCode()), declared::body);
                HttpResponse<String> found =
                        service.send(request(ORDINARY, "/v1/lookup?subject=url:https://haneul.example.com/" + i));
                assertTrue(found.statusCode() == 200 || found.statusCode() == 503, found::body);
            } catch (UncheckedIOException restarting) {
                i--;
            }
            waits.add(Duration.ofNanos((System.nanoTime() - begun) / 2));
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return waits;
    }

    @Test
    void aLongListIsDeclaredOverDaysAndOverRestarts() throws Exception {
        service.start();
        String operator = service.operatorKey();
        JsonNode party = Answers.tree(open(ORDINARY, "하늘 출판사").body());
        String key = party.get("key").asText();
        String rows = IntStream.range(0, ROWS)
                .mapToObj(i -> "https://haneul.example.com/" + i)
                .collect(Collectors.joining("\n"));
        String id = Answers.tree(send(key, "/v1/imports?name=list.csv", "text/csv", "link\n" + rows + "\n", 201))
                .get("id")
                .asText();
        service.send(request(ORDINARY, "/v1/imports/" + id + "/plan")
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"stances\":{\"ai-training\":\"reserved\"}}")));
        send(key, "/v1/imports/" + id + "/start", "application/json", "", 202);
        JsonNode paused = await(key, id, "paused");
        assertEquals(ROWS_OF_FIRST_DAY, paused.at("/counts/declared").asInt(), paused::toString);

        service.stop();
        service.start();
        JsonNode still = await(key, id, "paused");
        assertEquals(paused.get("pausedUntil"), still.get("pausedUntil"));
        JsonNode budget = Bodies.object("party", party.get("id"), "works", 20_000, "reason", "A known publisher");
        send(operator, "/v1/operator/budgets", "application/json", budget.toString(), 201);
        send(key, "/v1/imports/" + id + "/start", "application/json", "", 202);
        JsonNode done = await(key, id, "done");
        assertEquals(ROWS, done.at("/counts/declared").asInt(), done::toString);
        assertEquals(0, done.at("/counts/refused").asInt(), done::toString);
        assertEquals(Service.TERMINATED, service.stop());
    }

    private String send(String key, String path, String type, String body, int status) {
        HttpResponse<String> answer = service.send(request(ORDINARY, path)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertEquals(status, answer.statusCode(), answer.body());
        return answer.body();
    }

    private JsonNode await(String key, String id, String status) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            JsonNode one = Answers.tree(
                    service.send(request(ORDINARY, "/v1/imports/" + id).header("Authorization", "Bearer " + key))
                            .body());
            if (one.path("status").asText().equals(status)) {
                return one;
            }
            assertTrue(System.nanoTime() < end, one::toString);
            Service.pause();
        }
    }
}
