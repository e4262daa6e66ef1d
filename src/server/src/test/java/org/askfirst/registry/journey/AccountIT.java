package org.askfirst.registry.journey;

import static org.askfirst.testkit.Offer.toMember;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.askfirst.testkit.LoopbackMail;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.Registry;
import org.junit.jupiter.api.Test;

/** A society goes for the account of a party, and then for that of its own member. Both learn of it by e-mail. */
class AccountIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void nobodysAccountIsTakenQuietly() throws IOException, InterruptedException, SQLException {
        try (LoopbackMail mail = new LoopbackMail();
                Service service = Service.inEmptyFolder()
                        .with("QUARKUS_MAILER_HOST", "127.0.0.1")
                        .with("QUARKUS_MAILER_PORT", String.valueOf(mail.port()))
                        .with("QUARKUS_MAILER_FROM", "registry@example.org")
                        .with("ASKFIRST_PUBLIC_URL", "https://registry.example.org")) {
            service.start();
            Registry registry = Registry.at(service::port, service::operatorKey);
            Party member =
                    registry.opens(Map.of("name", "김하늘", "kind", "creator", "contact", "mailto:haneul@example.com"));
            Party society = registry.opens(Map.of("name", "한국작가회", "kind", "society"));
            registry.operator().letsVouch(society, "isbn", "domain");

            society.offeringToVouchFor(member).statusCode(201);
            assertMail(mail, "vouching-offered", society.id());
            member.startingRecovery(society).statusCode(422);
            member.acceptingVouching(society, true).statusCode(200);
            change(service, "update party_vouch set accepted_at = accepted_at - interval '29 days'");
            member.startingRecovery(society).statusCode(422);
            change(service, "update party_vouch set accepted_at = accepted_at - interval '2 days'");
            String id =
                    member.startingRecovery(society).statusCode(201).extract().path("id");
            society.confirmingRecovery(member, id).statusCode(200);
            assertMail(mail, "recovery-begun", id);

            registry.anybody().get("/v1/parties/" + member.id()).then().body("openRecoveries.id", contains(id));
            for (int i = 0; i < 51; i++) {
                registry.opens(Map.of("name", "stranger", "kind", "creator")).offersMandate(toMember(member));
            }
            member.asks()
                    .get("/v1/parties/me")
                    .then()
                    .body("openRecoveries.id", contains(id))
                    .body("notices", hasSize(50))
                    .body("notices.kind", hasItem("recovery-begun"));
            change(service, "update party_recovery_state set until = until - interval '15 days'");
            registry.anybody()
                    .post("/v1/recoveries/" + id + "/check")
                    .then()
                    .statusCode(200)
                    .body("state", equalTo("stopped"));
            assertEquals(Service.TERMINATED, service.stop());
        }
    }

    private static void assertMail(LoopbackMail mail, String kind, String about) throws InterruptedException {
        String message = mail.next(PATIENCE);
        assertNotNull(message, "no e-mail about " + kind);
        for (String part : new String[] {
            "RCPT TO:<haneul@example.com>", "MAIL FROM:<registry@example.org>", kind, about, "registry.example.org/key"
        }) {
            assertTrue(message.contains(part), () -> part + " is not in " + message);
        }
    }

    private static void change(Service service, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(service.databaseUrl(), "askfirst", service.databasePassword());
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
