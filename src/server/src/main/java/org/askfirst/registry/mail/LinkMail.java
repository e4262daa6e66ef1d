package org.askfirst.registry.mail;

import io.quarkus.mailer.Mail;
import io.quarkus.mailer.reactive.ReactiveMailer;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Semaphore;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Retry;
import org.askfirst.registry.http.PublicAddress;
import org.askfirst.subject.Sha256;
import org.jboss.logging.Logger;

/**
 * Sends e-mails with a secret link while the caller waits. They are not queued, because nothing but the mailbox may keep
 * the secret.
 */
@ApplicationScoped
public class LinkMail {
    private static final Logger LOG = Logger.getLogger(LinkMail.class);

    /** Number of e-mails that are sent at once, so that a slow mail server cannot occupy all workers. */
    private static final int AT_ONCE = 8;

    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final MailQueue queue;
    private final ReactiveMailer mailer;
    private final PublicAddress address;
    private final Clock clock;
    private final Semaphore places = new Semaphore(AT_ONCE);

    LinkMail(MailQueue queue, ReactiveMailer mailer, PublicAddress address, Clock clock) {
        this.queue = queue;
        this.mailer = mailer;
        this.address = address;
        this.clock = clock;
    }

    /**
     * Returns the address of the registry, from which links are built. The host that a caller names is never used: it
     * would receive the secret.
     *
     * @throws ProblemException {@link Problem#NO_MAIL} if the operator has not set a sender and a public address
     */
    public String requireOrigin() {
        String origin = address.configured();
        if (!queue.sends() || origin == null) {
            throw Problem.NO_MAIL.because(
                    "The operator of this registry has not set up e-mail; prove control of the contact's domain instead");
        }
        return origin;
    }

    /** Returns the SHA-256 hash of the mailbox of an address. */
    public static byte[] mailboxHash(String to) {
        return Sha256.of(MailQueue.mailbox(to));
    }

    /**
     * Counts a link to the address.
     *
     * @throws ProblemException {@link Problem#BUDGET_SPENT} if the mailbox has received its links of the day, whoever
     *     let them be sent
     */
    public void take(String to) throws SQLException {
        Instant now = clock.instant();
        LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
        if (!queue.take(MailQueue.Purpose.LINK, to, day)) {
            Retry retry = Retry.at(day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant(), now);
            throw Problem.BUDGET_SPENT.until(
                    "This mailbox has received as many links as it may today; go on at " + retry.at(), retry);
        }
    }

    /** Counts an e-mail that signs somebody in. Returns false if the mailbox has received those of the day. */
    public boolean takeSignIn(String to) throws SQLException {
        return queue.take(MailQueue.Purpose.SIGN_IN, to, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
    }

    /**
     * Sends an e-mail.
     *
     * @throws ProblemException {@link Problem#UNAVAILABLE} if the mail server does not take it
     */
    public void send(String to, String title, String text) {
        if (!places.tryAcquire()) {
            throw Problem.UNAVAILABLE.withoutEffect("Many e-mails are being sent now; try again in a minute");
        }
        try {
            mailer.send(Mail.withText(to, title, text)).await().atMost(TIMEOUT);
        } catch (RuntimeException failure) {
            // The message of the failure may have the address.
            LOG.warnf("A link was not sent by e-mail (%s)", failure.getClass().getSimpleName());
            throw Problem.UNAVAILABLE.withoutEffect("The mail server does not take the e-mail now; try again later");
        } finally {
            places.release();
        }
    }
}
