package org.askfirst.registry.contact;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.budget.Budget;
import org.askfirst.registry.budget.Budgets;
import org.askfirst.registry.mail.LinkMail;
import org.askfirst.registry.mail.MailAddress;
import org.askfirst.registry.party.MailSignIns;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.trust.PartyStates;
import org.askfirst.verdict.ContactCheck;
import org.askfirst.verdict.PartyState;
import org.jboss.logging.Logger;

/**
 * Sends the links that sign people in by e-mail.
 *
 * <p>Nobody learns from the answer, or from its time, if an address belongs to an account: a thread of its own looks it
 * up and sends, after the answer. It sends to the stored address, never to the spelling that was typed.
 */
@ApplicationScoped
class SignInMails {
    private static final Logger LOG = Logger.getLogger(SignInMails.class);

    /** Number of requests that wait. Further ones are refused, whatever their address. */
    private static final int MOST_WAITING = 200;

    private static final String TITLE = "Ask First · 먼저 물어보세요: 로그인 링크 · your sign-in link";

    private final MailSignIns signIns;
    private final Parties parties;
    private final PartyStates states;
    private final LinkMail mail;
    private final Budgets budgets;
    private final Clock clock;
    private final ThreadPoolExecutor sending =
            new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                Thread thread = new Thread(task, "sign-in-mail");
                thread.setDaemon(true);
                return thread;
            });

    SignInMails(MailSignIns signIns, Parties parties, PartyStates states, LinkMail mail, Budgets budgets, Clock clock) {
        this.signIns = signIns;
        this.parties = parties;
        this.states = states;
        this.mail = mail;
        this.budgets = budgets;
        this.clock = clock;
    }

    @PreDestroy
    void stop() {
        sending.shutdownNow();
    }

    /**
     * Lets the party sign in with its contact.
     *
     * @throws ProblemException {@link Problem#NO_MAIL}; {@link Problem#NOTHING_TO_CHANGE} if the contact is no e-mail
     *     address that its mailbox has confirmed
     */
    MailSignIns.MailSignIn turnOn(PartyId party) throws SQLException {
        mail.requireOrigin();
        PartyState state = states.now(List.of(party)).getOrDefault(party, PartyState.PLAIN);
        Parties.Face face = parties.own(List.of(party)).get(party);
        String contact = face == null ? null : face.contact();
        String address = contact == null ? null : MailAddress.of(contact).orElse(null);
        if (address == null || state.contactCheck() != ContactCheck.VERIFIED) {
            throw Problem.NOTHING_TO_CHANGE.because("The party's contact is not an e-mail address that its mailbox has"
                    + " confirmed; let a link be sent with POST /v1/parties/me/contact-verification first");
        }
        return signIns.turnOn(party, address, LinkMail.mailboxHash(address));
    }

    /**
     * Sends links to the address, later, if parties sign in with it.
     *
     * @param asker the address of the caller, for limits
     * @return the time from which the links do not work
     * @throws ProblemException {@link Problem#NO_MAIL}, {@link Problem#BUDGET_SPENT} or {@link Problem#UNAVAILABLE},
     *     whatever the address is
     */
    Instant ask(String address, String asker) throws SQLException {
        String origin = mail.requireOrigin();
        budgets.take(Budget.LINKS, null, asker);
        try {
            sending.execute(() -> send(address, origin));
        } catch (RejectedExecutionException full) {
            throw Problem.UNAVAILABLE.withoutEffect("Many links are being sent now; try again in a minute");
        }
        return clock.instant().plus(MailSignIns.VALID);
    }

    private void send(String typed, String origin) {
        try {
            List<MailSignIns.MailSignIn> found = signIns.with(LinkMail.mailboxHash(typed));
            if (!found.isEmpty() && mail.takeSignIn(found.get(0).address())) {
                sendTo(found, origin);
            }
        } catch (SQLException | ProblemException failure) {
            LOG.warnf("A sign-in link was not sent (%s)", failure.getClass().getSimpleName());
        }
    }

    private void sendTo(List<MailSignIns.MailSignIn> found, String origin) throws SQLException {
        Map<PartyId, Parties.Face> faces =
                parties.own(found.stream().map(MailSignIns.MailSignIn::party).toList());
        List<String> links = new ArrayList<>();
        for (MailSignIns.MailSignIn one : found) {
            Parties.Face face = faces.get(one.party());
            String name = face == null || face.name() == null ? "" : plain(face.name()) + ", ";
            signIns.link(one.party())
                    .ifPresent(token -> links.add(name + one.party() + "\n" + origin + "/key#mail=" + token));
        }
        if (!links.isEmpty()) {
            mail.send(found.get(0).address(), TITLE, text(String.join("\n\n", links)));
        }
    }

    /** The name that the holder of the account gave it, in one line. */
    private static String plain(String name) {
        return name.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
    }

    private static String text(String links) {
        return "아래 링크를 열면 Ask First(먼저 물어보세요) 계정에 로그인할 수 있어요. 15분 동안 한 번만 쓸 수 있어요.\n"
                + "직접 요청하지 않았다면 이 메일은 지우세요. 링크를 다른 사람에게 보여 주지 마세요.\n\n"
                + "The link below signs you in to your account at Ask First. It works once, for 15 minutes.\n"
                + "If you did not ask for it, delete this e-mail. Do not show the link to anybody.\n\n"
                + links + "\n";
    }
}
