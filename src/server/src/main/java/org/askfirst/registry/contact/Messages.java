package org.askfirst.registry.contact;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.askfirst.entry.Positions;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Retry;
import org.askfirst.registry.budget.Budget;
import org.askfirst.registry.budget.Budgets;
import org.askfirst.registry.control.Controls;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.mail.MailText;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.registry.trust.PartyStates;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.PartyState;

/**
 * The messages that strangers leave for parties whose contact is not published. A message, its notice and its place in
 * the queue of e-mails are one transaction. The sender learns nothing about the recipient.
 */
@ApplicationScoped
class Messages implements ErasureListener, MailText {
    /** Messages are deleted after this time. */
    static final Duration KEPT = Duration.ofDays(180);

    /** Number of messages that a party receives in 24 hours. */
    static final int MOST_OF_A_DAY = 50;

    private static final int DELETED_AT_ONCE = 1_000;
    private static final int MAX_TITLE_NAME = 60;

    private final DataSource dataSource;
    private final Parties parties;
    private final PartyStates states;
    private final Controls controls;
    private final Budgets budgets;
    private final Notices notices;
    private final Clock clock;

    Messages(
            DataSource dataSource,
            Parties parties,
            PartyStates states,
            Controls controls,
            Budgets budgets,
            Notices notices,
            Clock clock) {
        this.dataSource = dataSource;
        this.parties = parties;
        this.states = states;
        this.controls = controls;
        this.budgets = budgets;
        this.notices = notices;
        this.clock = clock;
    }

    /**
     * A message that somebody writes.
     *
     * @param replyTo one e-mail address
     */
    record Draft(String name, String replyTo, List<Subject> works, String message) {}

    /** A message in the account of its recipient. */
    record Message(long id, Instant at, String name, String replyTo, List<String> works, String message) {}

    /**
     * Leaves a message for the party.
     *
     * @param sender the address of the caller, for limits
     * @return the time until which it is kept
     * @throws ProblemException {@link Problem#NOT_FOUND} if there is no such party, {@link Problem#TAKES_NO_MESSAGES}
     *     if it did not choose the form or is suspended, {@link Problem#BUDGET_SPENT} beyond the limits
     */
    Instant leave(PartyId party, Draft draft, String sender) throws SQLException {
        Parties.Face face = parties.faces(List.of(party)).get(party);
        if (face == null || face.name() == null) {
            throw Problem.NOT_FOUND.because("There is no such party, or it is closed");
        }
        if (!face.relay()) {
            throw Problem.TAKES_NO_MESSAGES.because(
                    "The party did not choose this form; its declarations say whom to ask");
        }
        PartyState state = states.now(List.of(party)).getOrDefault(party, PartyState.PLAIN);
        if (state.suspended()) {
            throw Problem.TAKES_NO_MESSAGES.because("The operator suspended this party");
        }
        budgets.take(Budget.MESSAGES, null, sender);
        Instant now = clock.instant();
        Instant until = now.plus(KEPT);
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                lock(connection, party);
                requireRoom(connection, party, now);
                long id = insert(connection, party, draft, now);
                notices.add(connection, party, now, Notices.Kind.MESSAGE, String.valueOf(id), until);
                connection.commit();
            } finally {
                connection.rollback();
            }
        }
        notices.prune(party, Notices.Kind.MESSAGE);
        deleteOld();
        return until;
    }

    private static void lock(Connection connection, PartyId party) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("select pg_advisory_xact_lock(hashtextextended(?, 0))")) {
            lock.setString(1, "message " + party);
            lock.executeQuery().close();
        }
    }

    private static void requireRoom(Connection connection, PartyId party, Instant now) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select count(*), min(at) from party_message where party = ? and at > ?")) {
            select.setObject(1, party.number());
            select.setObject(2, now.minus(Duration.ofDays(1)).atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                if (row.getInt(1) >= MOST_OF_A_DAY) {
                    Retry retry = Retry.at(SqlColumns.moment(row, 2).plus(Duration.ofDays(1)), now);
                    throw Problem.BUDGET_SPENT.until(
                            "The party has received as many messages as it may in a day; go on at " + retry.at(),
                            retry);
                }
            }
        }
    }

    private static long insert(Connection connection, PartyId party, Draft draft, Instant now) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into party_message"
                + " (party, at, name, reply_to, works, message) values (?, ?, ?, ?, ?, ?) returning id")) {
            insert.setObject(1, party.number());
            insert.setObject(2, now.atOffset(ZoneOffset.UTC));
            insert.setString(3, draft.name());
            insert.setString(4, draft.replyTo());
            insert.setArray(5, SqlArray.texts(connection, draft.works().stream().map(Subject::canonical)));
            insert.setString(6, draft.message());
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Deletes messages whose time has passed. */
    private void deleteOld() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement("delete from party_message where id in"
                        + " (select id from party_message where at <= ? order by at limit " + DELETED_AT_ONCE + ")")) {
            delete.setObject(1, oldest());
            delete.executeUpdate();
        }
    }

    private OffsetDateTime oldest() {
        return clock.instant().minus(KEPT).atOffset(ZoneOffset.UTC);
    }

    /**
     * Returns messages of the party, oldest first.
     *
     * @param after the id of the last message of the previous page; 0 for the first page
     */
    List<Message> page(PartyId party, long after, int limit) throws SQLException {
        deleteOld();
        return read(party, "id > ?", after, limit);
    }

    private List<Message> read(PartyId party, String which, long id, int limit) throws SQLException {
        List<Message> messages = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select id, at, name, reply_to, works, message from party_message where party = ? and at > ?"
                                + " and " + which + " order by id limit ?")) {
            select.setObject(1, party.number());
            select.setObject(2, oldest());
            select.setLong(3, id);
            select.setInt(4, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    messages.add(new Message(
                            row.getLong(1),
                            SqlColumns.moment(row, 2),
                            row.getString(3),
                            row.getString(4),
                            Arrays.asList((String[]) row.getArray(5).getArray()),
                            row.getString(6)));
                }
            }
        }
        return messages;
    }

    @Override
    public Optional<Letter> of(PartyId party, Notices.NoticeView notice) throws SQLException {
        if (!notice.kind().equals(Notices.Kind.MESSAGE.wireName())) {
            return Optional.empty();
        }
        if (!isVerified(party)) {
            // Somebody may have named the mailbox of a stranger, who must not be flooded. The message is in the
            // account.
            return Optional.empty();
        }
        return read(party, "id = ?", Long.parseLong(notice.subjectId()), 1).stream()
                .map(Messages::letter)
                .findFirst();
    }

    private boolean isVerified(PartyId party) throws SQLException {
        Parties.Face face = parties.faces(List.of(party)).get(party);
        String contact = face == null ? null : face.contact();
        return contact != null
                && !controls.verified(List.of(new Controls.PartyContact(party, contact, true)), Positions.NEWEST)
                        .isEmpty();
    }

    private static Letter letter(Message message) {
        // The name is a stranger's text in a header: one line, and short.
        String name = message.name().replaceAll("[\\s\\p{Cc}]+", " ").strip();
        String shown = name.codePointCount(0, name.length()) <= MAX_TITLE_NAME
                ? name
                : name.substring(0, name.offsetByCodePoints(0, MAX_TITLE_NAME));
        return new Letter(
                "Ask First · 먼저 물어보세요: " + shown,
                name + " <" + message.replyTo() + ">\n"
                        + (message.works().isEmpty() ? "" : String.join("\n", message.works()) + "\n")
                        + "\n" + message.message() + "\n\n-- \n"
                        + "내 연락처는 이 사람에게 보이지 않아요. 답장하면 내 메일 주소가 이 사람에게 보여요. 보낸 사람의 신원은 확인하지 않았어요.\n"
                        + "The sender does not see your address. If you reply, it does. Nobody has checked who the sender"
                        + " is.\n",
                message.replyTo());
    }

    @Override
    public String part() {
        return "contact: the messages to the party";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from party_message where party = ?")) {
            delete.setObject(1, party.number());
            delete.executeUpdate();
        }
        return List.of();
    }
}
