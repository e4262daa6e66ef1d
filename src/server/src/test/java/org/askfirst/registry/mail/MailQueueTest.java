package org.askfirst.registry.mail;

import static org.askfirst.registry.mail.MailQueue.Purpose.LINK;
import static org.askfirst.registry.mail.MailQueue.Purpose.NOTICE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.mailer.Mail;
import io.quarkus.mailer.MockMailbox;
import io.quarkus.mailer.reactive.ReactiveMailer;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.http.PublicAddress;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.party.Parties;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/** Checks how many e-mails an address receives. */
@QuarkusTest
class MailQueueTest extends RegistryTest {
    private static final String ACCOUNT = "recovered";
    private static final LocalDate DAY = LocalDate.parse("2026-11-29");
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    @Inject
    PublicAddress site;

    @Inject
    DataSource dataSource;

    @Inject
    Notices notices;

    @Inject
    Parties parties;

    @Inject
    ReactiveMailer mailer;

    @Inject
    MockMailbox mailbox;

    private MailQueue queue() {
        return new MailQueue(dataSource, Optional.of("registry@example.org"));
    }

    private long query(String sql, Object value) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setObject(1, value);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    @Test
    void anAddressReceivesFiveADay() throws SQLException {
        MailQueue queue = queue();
        String domain = Names.domain();
        String one = "one@" + domain;
        String other = "One+more@" + domain;
        for (int i = 0; i < MailQueue.MOST_OF_A_DAY; i++) {
            assertFalse(queue.isFull(NOTICE, one, DAY, ACCOUNT));
            queue.sent(-1, NOTICE, one, DAY);
        }
        assertTrue(queue.isFull(NOTICE, one, DAY, ACCOUNT));
        for (int i = 0; i < 3; i++) {
            assertTrue(queue.take(LINK, one, DAY), "notices use up no links");
        }
        assertFalse(queue.take(LINK, other, DAY), "a fourth link");
        assertTrue(queue.take(LINK, one, DAY.plusDays(2)), "another day");
        assertTrue(queue.isFull(NOTICE, other, DAY, ACCOUNT), "another spelling");
        assertFalse(queue.isFull(NOTICE, "two@" + domain, DAY, ACCOUNT));
        assertFalse(queue.isFull(NOTICE, one, DAY.plusDays(1), ACCOUNT));
        queue.sent(-1, NOTICE, one, DAY.plusDays(1));
        assertEquals(0, query("select count(*) from mail_sent where day <= ?", DAY), "the day before is kept");
    }

    @Test
    void furtherOnesWaitUntilTheNextDayAndAreInTheAccount() throws SQLException {
        MailQueue queue = queue();
        Party party = Party.open();
        PartyId id = PartyId.parse(party.id()).orElseThrow();
        String address = "kim@" + Names.domain();
        party.says(Bodies.object("contact", "mailto:" + address))
                .patch("/v1/parties/me")
                .then()
                .statusCode(200);
        int most = MailQueue.MOST_OF_A_DAY;
        for (int i = 0; i < most + 2; i++) {
            notices.add(id, NOON, Notices.Kind.RECOVERED, "r_000000000000000" + i, null);
            long notice = query("select max(id) from party_notice where party = ?", id.number());
            try (Connection connection = dataSource.getConnection()) {
                queue.added(connection, id, notice, NOON);
            }
        }
        assertEquals(most, mailed(queue, address, NOON));
        assertEquals(2, query("select count(*) from mail_queue where failures = 0 and party = ?", id.number()));
        String newest = notices.of(id).get(0).text().en();
        assertTrue(newest.contains("r_000000000000000" + (most + 1)), newest);
        Instant midnight = Instant.parse("2026-11-30T00:00:00Z");
        assertEquals(most, mailed(queue, address, midnight.minusSeconds(1)));
        assertEquals(most + 2, mailed(queue, address, midnight));
        assertEquals(0, query("select count(*) from mail_queue where party = ?", id.number()));
    }

    @Test
    void disputesNeverKeepAWarningAboutTheAccountFromBeingSent() throws SQLException {
        MailQueue queue = queue();
        Party party = Party.open();
        PartyId id = PartyId.parse(party.id()).orElseThrow();
        String address = "lee@" + Names.domain();
        party.says(Bodies.object("contact", "mailto:" + address))
                .patch("/v1/parties/me")
                .then()
                .statusCode(200);
        for (int i = 0; i < 40; i++) {
            add(queue, id, i % 2 == 0 ? Notices.Kind.DISPUTED : Notices.Kind.REJECTED);
        }
        assertEquals(
                MailQueue.MOST_BEFORE_DISPUTES, query("select count(*) from mail_queue where party = ?", id.number()));
        add(queue, id, Notices.Kind.RECOVERY_BEGUN);
        assertEquals(MailQueue.MOST_OF_A_DAY_BEFORE_DISPUTES + 1, mailed(queue, address, NOON));
        List<String> subjects =
                mailbox.getMailsSentTo(address).stream().map(Mail::getSubject).toList();
        assertTrue(subjects.get(subjects.size() - 1).endsWith("recovery-begun"), subjects::toString);
        String text = mailbox.getMailsSentTo(address).get(0).getText();
        assertTrue(text.contains("이의") && text.contains("disputes"), text);
    }

    private void add(MailQueue queue, PartyId id, Notices.Kind kind) throws SQLException {
        notices.add(id, NOON, kind, "x_0000000000000000000000000z", NOON.plusSeconds(86_400));
        long notice = query("select max(id) from party_notice where party = ?", id.number());
        try (Connection connection = dataSource.getConnection()) {
            queue.added(connection, id, notice, NOON);
        }
    }

    /** Returns the number of e-mails that the address has received when all are sent that are due at that time. */
    private int mailed(MailQueue queue, String address, Instant now) throws SQLException {
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        MailWorker worker = new MailWorker(queue, notices, parties, mailer, site, clock, List.of());
        for (boolean more = true; more; ) {
            more = worker.sendNext();
        }
        return mailbox.getMailsSentTo(address).size();
    }
}
