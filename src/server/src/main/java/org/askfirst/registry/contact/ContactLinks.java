package org.askfirst.registry.contact;

import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.askfirst.entry.AccountEntry;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Retry;
import org.askfirst.registry.budget.Budget;
import org.askfirst.registry.budget.Budgets;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.mail.LinkMail;
import org.askfirst.registry.mail.MailAddress;
import org.askfirst.registry.party.MailSignIns;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.registry.trust.PartyStates;
import org.askfirst.subject.Sha256;
import org.askfirst.verdict.ContactCheck;
import org.askfirst.verdict.PartyState;

/**
 * The links that are sent to the contacts of parties. Whoever reads the mailbox confirms with the link that the party is
 * its own, or says that it is not.
 *
 * <p>The secret of a link is stored only as a hash. It confirms once, until it expires. It can refuse as long as the
 * party has this contact, also after it has confirmed. A new link replaces the one before.
 */
@ApplicationScoped
class ContactLinks implements ErasureListener {
    /** A link confirms for so long. */
    static final Duration VALID = Duration.ofDays(1);

    /** Number of links of a party in a day (UTC). */
    static final int MOST_OF_A_PARTY = 5;

    private static final int TOKEN_BYTES = 32;
    private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{64}");

    private final DataSource dataSource;
    private final Parties parties;
    private final LinkMail mail;
    private final Budgets budgets;
    private final PartyStates states;
    private final Notices notices;
    private final MailSignIns signIns;
    private final Ledger ledger;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    ContactLinks(
            DataSource dataSource,
            Parties parties,
            LinkMail mail,
            Budgets budgets,
            PartyStates states,
            Notices notices,
            MailSignIns signIns,
            Ledger ledger,
            Clock clock) {
        this.dataSource = dataSource;
        this.parties = parties;
        this.mail = mail;
        this.budgets = budgets;
        this.states = states;
        this.notices = notices;
        this.signIns = signIns;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * A link that was sent.
     *
     * @param contact the contact of the party, a {@code mailto:} address
     * @param expiresAt the time from which it does not confirm any longer
     */
    record SentLink(String contact, Instant expiresAt) {}

    /**
     * A link as its reader sees it.
     *
     * @param describedAt the position of the entry that names the contact
     * @param check the answer of the mailbox
     */
    record FoundLink(
            PartyId party, String name, String contact, long describedAt, Instant expiresAt, ContactCheck check) {}

    /**
     * Sends a link to the contact of the party.
     *
     * @param asker the address of the caller, for limits
     * @throws ProblemException {@link Problem#NO_MAIL}, {@link Problem#NOTHING_TO_CHANGE}, {@link Problem#BUDGET_SPENT}
     *     or {@link Problem#UNAVAILABLE}; then nothing is sent
     */
    SentLink send(PartyId party, String asker) throws SQLException {
        String origin = mail.requireOrigin();
        PartyState state = states.now(List.of(party)).getOrDefault(party, PartyState.PLAIN);
        if (state.suspended()) {
            throw Problem.FORBIDDEN.because("The operator suspended this party");
        }
        if (state.contactCheck() == ContactCheck.VERIFIED) {
            throw Problem.NOTHING_TO_CHANGE.because("The contact is verified already");
        }
        Parties.Face face = parties.own(List.of(party)).get(party);
        String contact = face == null ? null : face.contact();
        String address = contact == null ? null : MailAddress.of(contact).orElse(null);
        if (contact == null || address == null) {
            throw Problem.NOTHING_TO_CHANGE.because("The party's contact is not one e-mail address, so no link can be"
                    + " sent there; prove control of its domain or its page instead");
        }
        if (state.contactCheck() == ContactCheck.REFUSED || isRefused(party, address)) {
            throw Problem.NOTHING_TO_CHANGE.because(
                    "The holder of this mailbox said that the party is not its own; it gets no more links");
        }
        takeOfParty(party);
        budgets.take(Budget.LINKS, null, asker);
        mail.take(address);
        byte[] secret = new byte[TOKEN_BYTES];
        random.nextBytes(secret);
        String token = HexFormat.of().formatHex(secret);
        Instant expiresAt = clock.instant().plus(VALID);
        store(party, token, contact, expiresAt);
        mail.send(address, TITLE, text(party, origin + "/contact/" + token));
        return new SentLink(contact, expiresAt);
    }

    private static final String TITLE = "Ask First · 먼저 물어보세요: 연락처 확인 · is this your contact?";

    /** Has no text of the party, so that nobody can send advertisements through us. The page shows its name. */
    private static String text(PartyId party, String link) {
        return "Ask First(먼저 물어보세요)에 등록한 계정 " + party + "에서 이 메일 주소를 연락처로 적었어요. AI 기업이 이용 허락을 물을 때 쓰는 주소예요.\n"
                + "아래 페이지에서 누구의 계정인지 보고, 본인이 적은 것이 맞는지 알려 주세요. 본인이 아니라면 ‘제가 아니에요’를 눌러 주세요.\n"
                + "이 링크로 24시간 동안 확인할 수 있어요.\n\n"
                + "The account " + party
                + " at Ask First names this e-mail address as its contact, whom AI companies ask"
                + " for permission.\n"
                + "The page below shows whose account it is. Confirm there that it was you, or say that it was not.\n"
                + "You can confirm for 24 hours.\n\n" + link + "\n";
    }

    private boolean isRefused(PartyId party, String address) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select 1 from contact_refusal where party = ? and address = ?")) {
            select.setObject(1, party.number());
            select.setBytes(2, LinkMail.mailboxHash(address));
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private void takeOfParty(PartyId party) throws SQLException {
        Instant now = clock.instant();
        LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement count = connection.prepareStatement("insert into contact_link_count"
                        + " (party, day, sent) values (?, ?, 1) on conflict (party, day) do update"
                        + " set sent = contact_link_count.sent + 1 where contact_link_count.sent < ?");
                PreparedStatement forget =
                        connection.prepareStatement("delete from contact_link_count where day < ?")) {
            forget.setObject(1, day);
            forget.executeUpdate();
            count.setObject(1, party.number());
            count.setObject(2, day);
            count.setInt(3, MOST_OF_A_PARTY);
            if (count.executeUpdate() == 0) {
                Retry retry =
                        Retry.at(day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant(), now);
                throw Problem.BUDGET_SPENT.until(
                        "This party has sent " + MOST_OF_A_PARTY + " links today; go on at " + retry.at(), retry);
            }
        }
    }

    private void store(PartyId party, String token, String contact, Instant expiresAt) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into contact_link"
                        + " (party, token, contact, expires_at) values (?, ?, ?, ?) on conflict (party) do update"
                        + " set token = excluded.token, contact = excluded.contact,"
                        + " expires_at = excluded.expires_at")) {
            insert.setObject(1, party.number());
            insert.setBytes(2, Sha256.of(token));
            insert.setBytes(3, Sha256.of(contact));
            insert.setObject(4, expiresAt.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    /**
     * Returns the link with that secret. Reading it changes nothing: scanners of e-mails open every link.
     *
     * @throws ProblemException {@link Problem#NOT_FOUND} if there is none, or if the party has changed its contact
     *     since
     */
    FoundLink find(String token) throws SQLException {
        if (!TOKEN.matcher(token).matches()) {
            throw unknown();
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select l.party, p.name, p.contact,"
                        + " p.profile_position, l.expires_at from contact_link l join party p on p.id = l.party"
                        + " and l.contact = sha256(convert_to(p.contact, 'UTF8')) where l.token = ?")) {
            select.setBytes(1, Sha256.of(token));
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw unknown();
                }
                PartyId party = new PartyId(row.getObject(1, UUID.class));
                Map<PartyId, PartyState> now = states.now(List.of(party));
                return new FoundLink(
                        party,
                        String.valueOf(row.getString(2)),
                        row.getString(3),
                        row.getLong(4),
                        SqlColumns.moment(row, 5),
                        now.getOrDefault(party, PartyState.PLAIN).contactCheck());
            }
        }
    }

    private static ProblemException unknown() {
        return Problem.NOT_FOUND.because(
                "There is no such link; a newer one was sent, or the party has changed its contact");
    }

    /** Returns true if the link does not confirm any longer. */
    boolean isExpired(FoundLink link) {
        return !clock.instant().isBefore(link.expiresAt());
    }

    /**
     * Records the answer of the mailbox. The same answer again changes nothing.
     *
     * @return the link after it
     */
    FoundLink answer(String token, ContactCheck check) throws SQLException {
        FoundLink link = find(token);
        if (link.check() == check) {
            return link;
        }
        if (check == ContactCheck.VERIFIED && isExpired(link)) {
            throw Problem.NOTHING_TO_CHANGE.because(
                    "The link expired at " + link.expiresAt() + "; let the party send a new one");
        }
        if (check == ContactCheck.REFUSED) {
            // First, so that after a crash no more links are sent in any case.
            refuse(link);
        }
        Proposal.Outcome outcome = Ledger.await(ledger.propose(Proposal.of(
                new AccountEntry.ContactChecked(link.party(), check, link.describedAt()), Authority.REGISTRY)));
        if (check == ContactCheck.REFUSED && outcome.fresh()) {
            notices.add(
                    link.party(),
                    clock.instant(),
                    Notices.Kind.CONTACT_REFUSED,
                    link.party().toString(),
                    null);
        }
        return new FoundLink(link.party(), link.name(), link.contact(), link.describedAt(), link.expiresAt(), check);
    }

    private void refuse(FoundLink link) throws SQLException {
        Optional<String> address = MailAddress.of(link.contact());
        if (address.isEmpty()) {
            return;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "insert into contact_refusal (party, address) values (?, ?) on conflict do nothing")) {
            insert.setObject(1, link.party().number());
            insert.setBytes(2, LinkMail.mailboxHash(address.get()));
            insert.executeUpdate();
        }
        signIns.turnOff(link.party(), LinkMail.mailboxHash(address.get()));
    }

    @Override
    public String part() {
        return "contact: the link that was sent, and the mailboxes that refused";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        for (String table : List.of("contact_link", "contact_link_count", "contact_refusal")) {
            try (PreparedStatement delete = connection.prepareStatement("delete from " + table + " where party = ?")) {
                delete.setObject(1, party.number());
                delete.executeUpdate();
            }
        }
        return List.of();
    }
}
