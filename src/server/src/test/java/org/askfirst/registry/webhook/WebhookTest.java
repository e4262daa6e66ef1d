package org.askfirst.registry.webhook;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.party.Notices;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Eventually;
import org.askfirst.testkit.LoopbackInternet;
import org.askfirst.testkit.LoopbackWeb;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Offer;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Posts notices to real receivers on loopback, which are as reliable as each test wishes. */
@QuarkusTest
class WebhookTest extends RegistryTest {
    @RegisterExtension
    static final LoopbackInternet INTERNET = new LoopbackInternet();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NO_BODY = "Content-Type: text/plain";

    @Inject
    DataSource dataSource;

    @Inject
    WebhookWorker worker;

    @Inject
    Webhooks webhooks;

    @Inject
    Notices notices;

    @Inject
    MeterRegistry meters;

    /** A party whose webhook is at an address of its own. */
    private record Listener(Party party, String address, String secret) {
        static Listener answering(int status) {
            Party party = Party.open();
            String address = Names.domain() + "/hook?key=1";
            INTERNET.web().answer(address, status, NO_BODY, "");
            return new Listener(party, address, party.setsWebhook("https://" + address));
        }

        void answers(int status) {
            INTERNET.web().answer(address, status, NO_BODY, "");
        }

        /** Waits until so many posts have arrived. */
        List<LoopbackWeb.Post> posts(int number) {
            return Eventually.get(() -> INTERNET.web().posts(address), posts -> posts.size() >= number);
        }

        JsonNode webhook() {
            return tree(party.asks().get("/v1/parties/me/webhook").asString());
        }

        /** Waits until no notice waits any longer. */
        void isDone() {
            Eventually.get(() -> webhook().path("waiting").asInt(), waiting -> waiting == 0);
        }

        JsonNode afterAttempt(String outcome) {
            return Eventually.get(
                    this::webhook,
                    webhook ->
                            webhook.path("lastAttempt").path("outcome").asText().equals(outcome));
        }
    }

    private void notifies(Party party, String about) {
        try {
            notices.add(
                    PartyId.parse(party.id()).orElseThrow(),
                    Instant.parse("2026-11-22T09:00:00Z"),
                    Notices.Kind.CONTROL_PROVED,
                    about,
                    null);
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException malformed) {
            throw new AssertionError(json, malformed);
        }
    }

    private static List<String> abouts(List<LoopbackWeb.Post> posts) {
        return posts.stream()
                .map(post -> tree(post.body()).path("data").path("subjectId").asText())
                .toList();
    }

    /** Verifies a post as a receiver does, by the text of the specification. */
    private static void verify(String secret, LoopbackWeb.Post post) {
        assertTrue(secret.startsWith("whsec_"), secret);
        String signed =
                post.headers().get("webhook-id") + "." + post.headers().get("webhook-timestamp") + "." + post.body();
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring(6)), "HmacSHA256"));
            String expected = Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
            assertEquals("v1," + expected, post.headers().get("webhook-signature"));
        } catch (GeneralSecurityException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Lets the wait until the next attempt pass. */
    private void makeDue(Party party) {
        change("update webhook set due_at = due_at - interval '1 day' where party = ?", party);
    }

    private void change(String sql, Party party) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            update.setObject(1, number(party));
            assertEquals(1, update.executeUpdate());
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private static UUID number(Party party) {
        return PartyId.parse(party.id()).orElseThrow().number();
    }

    private int rows(String table, Party party) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select count(*) from " + table + " where party = ?")) {
            select.setObject(1, number(party));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private double counted(String outcome) {
        return meters.get("askfirst.webhooks.deliveries")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    @Test
    void aNoticeIsPostedAsTheApiShowsItAndSigned() {
        Listener listener = Listener.answering(204);
        double before = counted("delivered");
        Party society = Party.open();
        OperatorClient.ofService().letsVouch(society, "isbn");
        String mandate = society.offersMandate(Offer.toMember(listener.party())).id();

        LoopbackWeb.Post post = listener.posts(1).get(0);
        verify(listener.secret(), post);
        JsonNode event = tree(post.body());
        assertEquals("notice.mandate-offered", event.path("type").asText());
        assertEquals(listener.party().id(), event.path("party").asText());
        JsonNode notice = tree(listener.party()
                        .asks()
                        .get("/v1/parties/me/notices")
                        .asString())
                .path("notices")
                .path(0);
        assertEquals(mandate, notice.path("subjectId").asText());
        assertEquals(notice, event.path("data"));
        assertEquals(notice.path("time"), event.path("timestamp"));
        assertEquals("notice_" + notice.path("id").asLong(), post.headers().get("webhook-id"));
        assertEquals("application/json", post.headers().get("content-type"));
        assertTrue(
                Math.abs(Long.parseLong(post.headers().get("webhook-timestamp"))
                                - Instant.now().getEpochSecond())
                        < 3600,
                post.headers().toString());

        listener.isDone();
        JsonNode webhook = listener.webhook();
        assertEquals("active", webhook.path("state").asText());
        assertEquals(204, webhook.path("lastAttempt").path("status").asInt());
        assertTrue(counted("delivered") > before);
    }

    @Test
    void theSecretIsShownOnce() {
        Party party = Party.open();
        String url = "https://" + Names.domain() + "/";
        String first = party.settingWebhook(url)
                .statusCode(200)
                .header("Cache-Control", equalTo("no-store"))
                .body("url", equalTo(url))
                .body("state", equalTo("active"))
                .body("secret", matchesPattern("whsec_[A-Za-z0-9+/]{43}="))
                .extract()
                .path("secret");
        party.asks()
                .get("/v1/parties/me/webhook")
                .then()
                .statusCode(200)
                .body("url", equalTo(url))
                .body("secret", nullValue())
                .body(not(containsString("whsec_")));
        party.asks().get("/v1/parties/me").then().body(not(containsString("whsec_")));
        assertNotEquals(first, party.setsWebhook(url));
    }

    @Test
    void onlyPublicHttpsAddressesAreTaken() {
        Party party = Party.open();
        List<String> wrong = List.of(
                "http://example.com/hook",
                "ftp://example.com/",
                "https://user@example.com/",
                "https://user:pass@example.com/",
                "https://example.com:8443/",
                "https://example.com/#part",
                "https://example.com\\@127.0.0.1/",
                "https://exa mple.com/",
                "https://example.com/하늘",
                "https://example.com/a\r\nHost: b",
                "https:///hook",
                "https://1.1.1.1/hook",
                "https://[2606:4700:4700::1111]/hook",
                "https://%31%32%37.0.0.1/",
                "hook");
        for (String url : wrong) {
            party.settingWebhook(url).statusCode(422).body("errors[0].reason", equalTo("malformed"));
        }
        List<String> notPublic = List.of(
                "https://localhost/",
                "https://127.0.0.1/",
                "https://2130706433/",
                "https://0x7f.1/",
                "https://10.0.0.1/",
                "https://169.254.169.254/latest",
                "https://[::1]/",
                "https://[fd00::1]/",
                "https://printer.local/",
                "https://intranet/");
        for (String url : notPublic) {
            party.settingWebhook(url).statusCode(422).body("errors[0].reason", equalTo("not-public-host"));
        }
        party.settingWebhook("https://example.com/" + "x".repeat(2048))
                .statusCode(422)
                .body("errors[0].reason", equalTo("too-long"));
        party.says(Bodies.object("url", "https://example.com/", "secret", "whsec_x"))
                .put("/v1/parties/me/webhook")
                .then()
                .statusCode(422)
                .body("errors[0].reason", equalTo("unknown-member"));
        party.asks().get("/v1/parties/me/webhook").then().statusCode(404);
        party.settingWebhook("HTTPS://Hooks.Example.com:443?a=B")
                .statusCode(200)
                .body("url", equalTo("https://hooks.example.com/?a=B"));
        party.settingWebhook("https://하늘.com/a%20b")
                .statusCode(200)
                .body("url", equalTo("https://" + IDN.toASCII("하늘.com") + "/a%20b"));
    }

    @Test
    void aPrivateAddressGetsNoPost() {
        Party party = Party.open();
        String host = Names.domain();
        INTERNET.dns().addresses(host, "127.0.0.1", "10.0.0.1");
        INTERNET.web().answer(host + "/", 204, NO_BODY, "");
        Listener listener = new Listener(party, host + "/", party.setsWebhook("https://" + host + "/"));
        notifies(party, "domain:a.example");
        JsonNode webhook = listener.afterAttempt("unanswered");
        assertEquals(
                host + " has no public address",
                webhook.path("lastAttempt").path("detail").asText());
        party.asks()
                .post("/v1/parties/me/webhook/test")
                .then()
                .statusCode(200)
                .body("outcome", equalTo("unanswered"))
                .body("status", nullValue());
        assertEquals(List.of(), INTERNET.web().posts(host + "/"));
    }

    @Test
    void failedPostsAreRepeatedInOrderWithTheSameId() {
        Listener listener = Listener.answering(500);
        notifies(listener.party(), "domain:a.example");
        notifies(listener.party(), "domain:b.example");
        JsonNode webhook = listener.afterAttempt("rejected");
        assertEquals(500, webhook.path("lastAttempt").path("status").asInt());
        assertEquals("active", webhook.path("state").asText());
        assertEquals(2, webhook.path("waiting").asInt());
        Duration wait = Duration.between(
                Instant.parse(webhook.path("lastAttempt").path("time").asText()),
                Instant.parse(webhook.path("nextAttemptAt").asText()));
        assertTrue(wait.toSeconds() >= 60 && wait.toSeconds() < 90, wait.toString());

        // A redirect is a failure, and nobody follows it.
        INTERNET.web().answer(listener.address(), 307, "Location: /elsewhere", "");
        makeDue(listener.party());
        listener.posts(2);
        Eventually.get(
                listener::webhook,
                again -> again.path("lastAttempt").path("status").asInt() == 307);
        listener.answers(200);
        makeDue(listener.party());
        List<LoopbackWeb.Post> posts = listener.posts(4);
        listener.isDone();
        assertEquals(
                List.of("domain:a.example", "domain:a.example", "domain:a.example", "domain:b.example"), abouts(posts));
        assertEquals(
                posts.get(0).headers().get("webhook-id"), posts.get(2).headers().get("webhook-id"));
        posts.forEach(post -> verify(listener.secret(), post));
        assertEquals(4, INTERNET.web().posts(listener.address()).size());
        assertTrue(
                listener.webhook().path("nextAttemptAt").isMissingNode(),
                listener.webhook().toString());
    }

    @Test
    void afterSevenFailuresTheWebhookIsPausedUntilItIsSetAgain() {
        Listener listener = Listener.answering(503);
        notifies(listener.party(), "domain:a.example");
        for (int failures = 1; failures <= 1 + WebhookWorker.RETRIES.size(); failures++) {
            listener.posts(failures);
            int expected = failures;
            Eventually.get(() -> failures(listener.party()), stored -> stored == expected);
            if (failures <= WebhookWorker.RETRIES.size()) {
                assertEquals("active", listener.webhook().path("state").asText());
                makeDue(listener.party());
            }
        }
        assertEquals("failing", listener.webhook().path("state").asText());
        notifies(listener.party(), "domain:b.example");
        assertEquals(2, listener.webhook().path("waiting").asInt());
        assertTrue(listener.webhook().path("nextAttemptAt").isMissingNode());

        listener.answers(200);
        String secret = listener.party().setsWebhook("https://" + listener.address());
        List<LoopbackWeb.Post> posts = listener.posts(9);
        listener.isDone();
        assertEquals(List.of("domain:a.example", "domain:b.example"), abouts(posts.subList(7, 9)));
        verify(secret, posts.get(8));
        assertEquals("active", listener.webhook().path("state").asText());
    }

    @Test
    void aWebhookThatIsSetAgainKeepsItsFailuresAndItsNextAttempt() {
        Listener listener = Listener.answering(503);
        notifies(listener.party(), "domain:a.example");
        listener.afterAttempt("rejected");
        Instant next = Instant.parse(listener.webhook().path("nextAttemptAt").asText());
        listener.answers(200);
        listener.party().setsWebhook("https://" + listener.address());
        assertEquals(1, failures(listener.party()));
        Instant after = Instant.parse(listener.webhook().path("nextAttemptAt").asText());
        assertTrue(!after.isBefore(next), next + " " + after);
        makeDue(listener.party());
        listener.isDone();
        assertEquals(2, listener.posts(2).size());
        Eventually.get(() -> failures(listener.party()), stored -> stored == 0);
    }

    @Test
    void aFailureCountsAlthoughTheWebhookWasSetMeanwhile() throws SQLException {
        Listener listener = Listener.answering(200);
        PartyId party = new PartyId(number(listener.party()));
        Instant now = Instant.parse("2026-11-22T09:00:00Z");
        Webhooks.Leased replaced =
                new Webhooks.Leased(party, webhooks.receiver(party).orElseThrow(), 0, now);
        webhooks.failed(replaced, new Attempt(now, Attempt.Outcome.UNANSWERED, null, "No answer"), now);
        assertEquals(1, failures(listener.party()));
        assertTrue(listener.webhook().path("lastAttempt").isMissingNode());
        // Another node has counted this one.
        webhooks.failed(replaced, new Attempt(now, Attempt.Outcome.UNANSWERED, null, "No answer"), now);
        assertEquals(1, failures(listener.party()));
    }

    private int failures(Party party) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select failures from webhook where party = ?")) {
            select.setObject(1, number(party));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void aReceiverThatIsGoneIsNotAskedAgain() {
        Listener listener = Listener.answering(410);
        notifies(listener.party(), "domain:a.example");
        JsonNode webhook = listener.afterAttempt("rejected");
        assertEquals("failing", webhook.path("state").asText());
    }

    @Test
    void whatWaitsSurvivesARestartOfTheWorker() throws InterruptedException {
        Listener listener = Listener.answering(204);
        worker.stop();
        try {
            notifies(listener.party(), "domain:a.example");
            notifies(listener.party(), "domain:b.example");
            assertEquals(2, listener.webhook().path("waiting").asInt());
            // As a node does that has leased the webhook and then died.
            change("update webhook set due_at = due_at + interval '1 minute' where party = ?", listener.party());
        } finally {
            worker.start();
        }
        makeDue(listener.party());
        assertEquals(List.of("domain:a.example", "domain:b.example"), abouts(listener.posts(2)));
        listener.isDone();
    }

    @Test
    void slowReceiversOfOneSiteHoldUpNoOthers() throws InterruptedException {
        String site = Names.domain();
        CountDownLatch end = new CountDownLatch(1);
        List<Party> slow = new ArrayList<>();
        for (int i = 0; i < 2 * WebhookWorker.PER_SITE; i++) {
            Party party = Party.open();
            String address = "h" + i + "." + site + "/";
            INTERNET.web().reply(address, out -> end.await());
            party.setsWebhook("https://" + address);
            notifies(party, "domain:a.example");
            slow.add(party);
        }
        Listener listener = Listener.answering(204);
        try {
            long before = System.nanoTime();
            notifies(listener.party(), "domain:b.example");
            listener.posts(1);
            Duration lasted = Duration.ofNanos(System.nanoTime() - before);
            assertTrue(lasted.toMillis() < 4_000, lasted.toString());
        } finally {
            end.countDown();
            slow.forEach(party ->
                    party.asks().delete("/v1/parties/me/webhook").then().statusCode(204));
        }
    }

    @Test
    void anEndlessAnswerIsNotRead() {
        Listener listener = Listener.answering(204);
        byte[] block = new byte[1 << 16];
        INTERNET.web().reply(listener.address(), out -> {
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write(block);
            }
        });
        notifies(listener.party(), "domain:a.example");
        listener.isDone();
        assertEquals(
                "delivered",
                listener.webhook().path("lastAttempt").path("outcome").asText());
    }

    @Test
    void aTestPostsAnEventNowAndShowsTheStatus() {
        Listener listener = Listener.answering(418);
        listener.party()
                .asks()
                .post("/v1/parties/me/webhook/test")
                .then()
                .statusCode(200)
                .body("outcome", equalTo("rejected"))
                .body("status", equalTo(418));
        LoopbackWeb.Post post = listener.posts(1).get(0);
        verify(listener.secret(), post);
        assertEquals("test", tree(post.body()).path("type").asText());
        assertEquals(listener.party().id(), tree(post.body()).path("party").asText());
        assertTrue(listener.webhook().path("lastAttempt").isMissingNode());
        listener.party()
                .asks()
                .post("/v1/parties/me/webhook/test")
                .then()
                .statusCode(429)
                .header("Retry-After", notNullValue());
    }

    @Test
    void noticesFromBeforeAndAfterTheWebhookAreNotPosted() {
        Party party = Party.open();
        notifies(party, "domain:before.example");
        String address = Names.domain() + "/";
        INTERNET.web().answer(address, 500, NO_BODY, "");
        Listener listener = new Listener(party, address, party.setsWebhook("https://" + address));
        notifies(party, "domain:during.example");
        listener.afterAttempt("rejected");
        party.asks().delete("/v1/parties/me/webhook").then().statusCode(204);
        party.asks().delete("/v1/parties/me/webhook").then().statusCode(404);
        assertEquals(0, rows("webhook_delivery", party));
        notifies(party, "domain:after.example");
        listener.answers(200);
        party.setsWebhook("https://" + address);
        notifies(party, "domain:again.example");
        listener.posts(2);
        listener.isDone();
        assertEquals(
                List.of("domain:during.example", "domain:again.example"),
                abouts(INTERNET.web().posts(address)));
    }

    @Test
    void closingTheAccountDeletesTheWebhookAndItsQueue() {
        Listener listener = Listener.answering(500);
        notifies(listener.party(), "domain:a.example");
        listener.afterAttempt("rejected");
        assertEquals(1, rows("webhook", listener.party()));
        assertEquals(1, rows("webhook_delivery", listener.party()));
        closes(listener.party());
        assertEquals(0, rows("webhook", listener.party()));
        assertEquals(0, rows("webhook_delivery", listener.party()));
    }

    @Test
    void aTransferOfTheAccountDeletesTheWebhookOfItsFormerHolder() {
        Listener listener = Listener.answering(204);
        Party heir = Party.open();
        listener.party().namesSuccessor(heir);
        OperatorClient.ofService().transfers(listener.party());
        assertEquals(0, rows("webhook", listener.party()));
    }
}
