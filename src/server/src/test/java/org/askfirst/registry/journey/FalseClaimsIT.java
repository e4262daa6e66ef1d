package org.askfirst.registry.journey;

import static org.askfirst.testkit.Draft.permitted;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.LoopbackMail;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.Registry;
import org.askfirst.testkit.contract.ContractFilter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Swindlers declare what is not theirs, by the thousand. They fail, and those whom they harm learn of it.
 *
 * <p>Their other attacks are played elsewhere: declaring at full speed from one address ({@link BudgetIT}), taking over an
 * account through a body, and hiding the warning below 51 offers of mandates ({@link AccountIT}), and rewriting a contact
 * in the database ({@link CommandsIT}).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FalseClaimsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SITE = "domain:haneul.example.com";
    private static final int WORKS_A_LINE = 100;
    private static final int WORKS_OF_FIRST_DAY = 10_000;
    private static final int FALSE_PERMISSIONS = 30_000;
    private static final int ASKED_AT_ONCE = 1_000;

    private final LoopbackMail mail;
    private final Service service;
    private final Registry registry;
    private final List<Party> parties = new ArrayList<>();
    private String operator = "";

    FalseClaimsIT() throws IOException {
        mail = new LoopbackMail();
        // The budget of an unproved party is the one that everybody has.
        service = Service.inEmptyFolder()
                .without("ASKFIRST_BUDGET_WORKS_OF_FIRST_DAY")
                .with("QUARKUS_MAILER_HOST", "127.0.0.1")
                .with("QUARKUS_MAILER_PORT", String.valueOf(mail.port()))
                .with("QUARKUS_MAILER_FROM", "registry@example.org");
        registry = Registry.at(service::port, () -> operator);
    }

    @BeforeAll
    void begin() {
        ContractFilter.install();
        service.start();
        operator = service.operatorKey();
        parties.add(registry.opens(
                Map.of("name", "하늘 출판사", "kind", "publisher", "contact", "mailto:haneul@haneul.example.com")));
        parties.add(registry.opens(
                Map.of("name", "Fast Rights", "kind", "publisher", "contact", "mailto:pay@swindler.example")));
        owner().controls(SITE);
        owner().declares(permitted("ai-training").of(SITE));
    }

    @AfterAll
    void end() throws IOException {
        service.close();
        mail.close();
    }

    private Party owner() {
        return parties.get(0);
    }

    private Party swindler() {
        return parties.get(1);
    }

    private static String page(int number) {
        return "url:https://haneul.example.com/" + number / WORKS_A_LINE + "/" + number % WORKS_A_LINE;
    }

    /** Declares the works, a hundred with each line, and returns the answers to the lines. */
    private static List<JsonNode> declares(Party party, Supplier<Draft> draft, List<String> works) {
        List<Draft> lines = new ArrayList<>();
        for (int from = 0; from < works.size(); from += WORKS_A_LINE) {
            lines.add(draft.get().of(works.subList(from, Math.min(works.size(), from + WORKS_A_LINE))));
        }
        return party.sendsLines("/v1/declarations/batch", lines);
    }

    private String verdict(String subject) {
        return registry.asker().asks(subject).of("ai-training").verdict();
    }

    private void change(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(service.databaseUrl(), "askfirst", service.databasePassword());
                Statement statement = connection.createStatement()) {
            assertTrue(statement.executeUpdate(sql) > 0, sql);
        }
    }

    private void assertMail(String kind, String to) throws InterruptedException {
        String message = mail.next(PATIENCE);
        assertNotNull(message, "no e-mail about " + kind);
        assertTrue(message.contains(kind) && message.contains("RCPT TO:<" + to + ">"), message);
    }

    @Test
    @Order(1)
    void falseReservationsAreBoundedAndTheOwnerIsNamedFirst() {
        List<JsonNode> answers = declares(
                swindler(),
                () -> reserved("ai-training"),
                IntStream.range(0, WORKS_OF_FIRST_DAY + 5 * WORKS_A_LINE)
                        .mapToObj(FalseClaimsIT::page)
                        .toList());
        JsonNode last = answers.get(answers.size() - 1);
        assertEquals("budget", last.at("/continue/reason").asText(), last::toString);
        assertEquals(WORKS_OF_FIRST_DAY / WORKS_A_LINE, answers.size() - 1);
        registry.asker()
                .asks(page(7))
                .of("ai-training")
                .answer()
                .body("verdict", equalTo("ask"))
                .body("statements[0].party", equalTo(owner().id()))
                .body("statements[0].contact", equalTo("mailto:haneul@haneul.example.com"))
                .body("statements[0].contactVerified", equalTo(true))
                .body("statements[1].party", equalTo(swindler().id()))
                .body("statements[1].evidenced", equalTo(false))
                .body("statements[1].contactVerified", equalTo(false));
        assertEquals("allow", verdict(page(WORKS_OF_FIRST_DAY)));
    }

    @Test
    @Order(2)
    void aSuspendedPartyDoesNotCount() {
        registry.operator().decides(swindler(), "suspended");
        assertEquals("allow", verdict(page(7)));
        registry.operator().decides(swindler(), "reinstated");
        assertEquals("ask", verdict(page(7)));
    }

    @Test
    @Order(3)
    void theOwnerRejectsAllOfThemAtOnceAndTheClockSurvivesACrash() throws InterruptedException {
        JsonPath swept = owner().says(Map.of("subject", SITE, "reason", "We publish this site"))
                .post("/v1/rejections/below")
                .then()
                .statusCode(200)
                .body("rejections.respondent", contains(swindler().id()))
                .extract()
                .jsonPath();
        String id = swept.getString("rejections[0].id");
        assertMail("rejected", "pay@swindler.example");
        swindler()
                .asks()
                .get("/v1/parties/me/notices")
                .then()
                .body("notices.findAll { it.kind == 'rejected' }", hasSize(1))
                .body("notices.find { it.kind == 'rejected' }.until", notNullValue());
        service.kill();
        service.start();
        registry.anybody()
                .get("/v1/rejections/" + id)
                .then()
                .body("status", equalTo("open"))
                .body("endsAt", equalTo(swept.getString("rejections[0].endsAt")));
        registry.asker()
                .asks(page(7))
                .of("ai-training")
                .answer()
                .body("statements[1].contested", equalTo(true))
                .body("statements[1].contestedUntil", equalTo(swept.getString("rejections[0].endsAt")));
    }

    @Test
    @Order(4)
    void closingTheAccountDoesNotMakeItPermanent() throws SQLException {
        swindler().closes();
        change("update party_closing set closes_at = closes_at - interval '8 days'");
        // The thirty days of the rejection pass.
        change("update dispute_contest set ends_at = ends_at - interval '31 days'");
        assertEquals(Service.TERMINATED, service.stop());
        Service.delete(service.folder().resolve("data/index"));
        service.start();
        registry.asker()
                .asks(page(7))
                .of("ai-training")
                .answer()
                .body("verdict", equalTo("allow"))
                .body("statements[1].notAppliedReason", equalTo("set-aside"));
        owner().asks()
                .get("/v1/parties/me/rejections")
                .then()
                .body("rejections.respondent", hasItem(swindler().id()));
    }

    @Test
    @Order(5)
    void noneOfAVouchedPartysFalsePermissionsAllows() {
        Party society = registry.opens(Map.of("name", "한국작가회", "kind", "society"));
        registry.operator().letsVouch(society, "isbn");
        Party member = registry.opens(Map.of("name", "A Member", "kind", "publisher"));
        society.vouchesFor(member);
        List<String> books = IntStream.range(0, FALSE_PERMISSIONS)
                .mapToObj(FalseClaimsIT::isbn)
                .toList();
        List<JsonNode> answers = declares(member, () -> permitted("ai-training"), books);
        assertEquals(FALSE_PERMISSIONS / WORKS_A_LINE, answers.size());
        assertTrue(answers.stream().allMatch(answer -> answer.has("id")), answers::toString);
        for (int from = 0; from < FALSE_PERMISSIONS; from += ASKED_AT_ONCE) {
            List<String> verdicts = registry.anybody()
                    .contentType("application/json")
                    .body(Map.of(
                            "items",
                            books.subList(from, from + ASKED_AT_ONCE).stream()
                                    .map(book -> Map.of("subjects", List.of(book)))
                                    .toList(),
                            "uses",
                            List.of("ai-training"),
                            "detail",
                            "verdict"))
                    .post("/v1/lookups")
                    .then()
                    .statusCode(200)
                    .extract()
                    .path("answers.verdict");
            assertEquals(Collections.nCopies(ASKED_AT_ONCE, "unknown"), verdicts);
        }
        Party publisher = registry.opens(Map.of("name", "바다 출판사", "kind", "publisher"));
        publisher.controls("isbn-prefix:" + isbn(0).substring("isbn:".length(), 12));
        registry.asker()
                .asks(isbn(7))
                .of("ai-training")
                .answer()
                .body("statements[0].party", equalTo(member.id()))
                .body("statements[0].evidenced", equalTo(false))
                .body("statements[0].applied", equalTo(false));
        publisher
                .says(Map.of("subject", "isbn-prefix:" + isbn(0).substring("isbn:".length(), 12)))
                .post("/v1/rejections/below")
                .then()
                .statusCode(200)
                .body("rejections.respondent", contains(member.id()));
    }

    /** Returns one of a hundred thousand ISBN that begin with the same digits. */
    private static String isbn(int number) {
        String digits = "9788901" + String.format(Locale.ROOT, "%05d", number + 12_345);
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            sum += (digits.charAt(i) - '0') * (i % 2 == 0 ? 1 : 3);
        }
        return "isbn:" + digits + (10 - sum % 10) % 10;
    }
}
