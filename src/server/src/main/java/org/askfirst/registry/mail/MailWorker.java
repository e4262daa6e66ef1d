package org.askfirst.registry.mail;

import io.quarkus.arc.All;
import io.quarkus.mailer.Mail;
import io.quarkus.mailer.reactive.ReactiveMailer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.askfirst.id.PartyId;
import org.askfirst.registry.http.PublicAddress;
import org.askfirst.registry.mirror.Mirror;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.party.Parties;
import org.jboss.logging.Logger;

/**
 * Sends the notices in the queue, one after another, on a thread of its own. After a failure it tries again at longer
 * and longer intervals, for two days. The notice itself stays in the account.
 */
@ApplicationScoped
class MailWorker {
    /** The waits after the failed attempts for one notice. After one more failure, it is not sent. */
    static final List<Duration> RETRIES = List.of(
            Duration.ofMinutes(1),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofHours(6),
            Duration.ofHours(24));

    private static final Logger LOG = Logger.getLogger(MailWorker.class);
    private static final long POLL_MILLIS = 5_000;
    private static final long MAX_WAIT_MILLIS = 15_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LEASE = Duration.ofMinutes(2);

    private final MailQueue queue;
    private final Notices notices;
    private final Parties parties;
    private final ReactiveMailer mailer;
    private final Optional<String> site;
    private final Clock clock;
    private final List<MailText> texts;
    private final Thread thread = new Thread(this::run, "mail");
    private volatile boolean stopping;

    MailWorker(
            MailQueue queue,
            Notices notices,
            Parties parties,
            ReactiveMailer mailer,
            PublicAddress address,
            Clock clock,
            @All List<MailText> texts) {
        this.texts = texts;
        this.queue = queue;
        this.notices = notices;
        this.parties = parties;
        this.mailer = mailer;
        this.site = Optional.ofNullable(address.configured());
        this.clock = clock;
    }

    /** Starts when the service is reachable, so that commands do not run it. */
    void start(@ObservesAsync HttpServerStart event, Mirror mirror) {
        if (!mirror.isOn() && queue.sends() && thread.getState() == Thread.State.NEW) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    void stop(@Observes @Priority(50) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        thread.interrupt();
        thread.join(MAX_WAIT_MILLIS);
    }

    private void run() {
        while (!stopping) {
            try {
                if (!sendNext()) {
                    Thread.sleep(POLL_MILLIS);
                }
            } catch (InterruptedException interrupted) {
                // Only stop() interrupts, after it has set the flag that ends the loop.
                LOG.debug("The sending of e-mails was interrupted to stop");
            } catch (SQLException | RuntimeException failure) {
                if (!stopping) {
                    LOG.warn("The queue of e-mails could not be read or changed; retrying", failure);
                    pause();
                }
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException interrupted) {
            LOG.debug("The sending of e-mails was interrupted to stop");
        }
    }

    /** Sends the next notice that is due. Returns false if there is none. */
    boolean sendNext() throws SQLException {
        Instant now = clock.instant();
        Optional<MailQueue.Leased> leased = queue.lease(now, now.plus(LEASE));
        if (leased.isEmpty()) {
            return false;
        }
        MailQueue.Leased next = leased.get();
        Optional<Notices.NoticeView> notice = notices.find(next.party(), next.notice());
        Parties.Face face = parties.own(List.of(next.party())).get(next.party());
        String contact = face == null ? null : face.contact();
        Optional<String> address = contact == null ? Optional.empty() : MailAddress.of(contact);
        Optional<Mail> mail = notice.isEmpty() || address.isEmpty()
                ? Optional.empty()
                : mail(next.party(), address.get(), notice.get());
        if (mail.isEmpty()) {
            queue.done(next.notice());
            return true;
        }
        LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
        if (queue.isFull(next.purpose(), address.get(), day, notice.get().kind())) {
            queue.postpone(
                    next.notice(), day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
            return true;
        }
        try {
            mailer.send(mail.get()).await().atMost(TIMEOUT);
            queue.sent(next.notice(), next.purpose(), address.orElseThrow(), day);
        } catch (RuntimeException failure) {
            boolean again = next.failures() < RETRIES.size();
            // The message of the failure may have the address.
            LOG.warnf(
                    "Notice %d was not sent by e-mail (%s)%s",
                    next.notice(), failure.getClass().getSimpleName(), again ? "; retrying" : "");
            queue.failed(next.notice(), again ? clock.instant().plus(RETRIES.get(next.failures())) : null);
        }
        return true;
    }

    /** Returns the e-mail for a notice; empty if the notice is about a message that was deleted. */
    private Optional<Mail> mail(PartyId party, String address, Notices.NoticeView notice) throws SQLException {
        if (!notice.kind().equals(Notices.Kind.MESSAGE.wireName())) {
            return Optional.of(mail(address, notice));
        }
        for (MailText text : texts) {
            Optional<MailText.Letter> letter = text.of(party, notice);
            if (letter.isPresent()) {
                return Optional.of(Mail.withText(
                                address, letter.get().title(), letter.get().text())
                        .setReplyTo(letter.get().replyTo()));
            }
        }
        return Optional.empty();
    }

    private Mail mail(String address, Notices.NoticeView notice) {
        String account = site.map(page -> "\n\n" + page + "/key").orElse("");
        return Mail.withText(
                address,
                "Ask First · 먼저 물어보세요: " + notice.kind(),
                notice.text().ko() + "\n\n" + notice.text().en() + account + "\n");
    }
}
