package org.askfirst.registry.operator;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.askfirst.id.IdSource;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.postgres.SqlColumns;
import org.jspecify.annotations.Nullable;

/**
 * Acts that need two of the operator's keys. One key proposes the act, which changes nothing. Another key confirms it,
 * and only then the act is recorded.
 */
@ApplicationScoped
class OperatorProposals implements ErasureListener {
    /** A proposal that nobody confirms within this time lapses. */
    static final Duration VALIDITY = Duration.ofDays(7);

    private static final int MOST_OPEN = 100;
    private static final Pattern ID = Pattern.compile("o_([0-9a-f]{32})");
    private static final String COLUMNS = "select id, act, party, request, reason, proposed_by, key_hash, proposed_at,"
            + " expires_at, ended_at, confirmed_by, position from operator_proposal";

    private final DataSource dataSource;
    private final IdSource ids;
    private final Clock clock;

    OperatorProposals(DataSource dataSource, IdSource ids, Clock clock) {
        this.dataSource = dataSource;
        this.ids = ids;
        this.clock = clock;
    }

    /** An act that needs two keys. */
    enum Act {
        /** The transfer of an account to the successor in {@link Pending#request}. */
        SUCCESSION("succession"),
        /** The end of a hiding that a law or a court required; {@link Pending#request} has its target. */
        UNHIDE("unhide");

        private final String wireName;

        Act(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }

        static Act named(String wireName) {
            return Arrays.stream(values())
                    .filter(act -> act.wireName.equals(wireName))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /**
     * A proposed act.
     *
     * @param request the part of the act that is not its party or its reason
     * @param endedAt null while the proposal can be confirmed or withdrawn
     * @param confirmedBy null unless it was confirmed
     * @param position the position of the act's entry; null unless it was confirmed
     */
    @SuppressWarnings("ArrayRecordComponent") // Objects of this record are never compared.
    record Pending(
            UUID id,
            Act act,
            PartyId party,
            String request,
            String reason,
            String proposedBy,
            byte[] keyHash,
            Instant proposedAt,
            Instant expiresAt,
            @Nullable Instant endedAt,
            @Nullable String confirmedBy,
            @Nullable Long position) {}

    /** Carries out a confirmed act. */
    @FunctionalInterface
    interface Execution {
        /** Records the act with the authority of both keys. */
        Proposal.Outcome of(Authority both, Pending pending) throws SQLException;
    }

    static String text(UUID id) {
        return "o_" + id.toString().replace("-", "");
    }

    /**
     * Stores a proposal.
     *
     * @throws ProblemException {@link Problem#SECOND_KEY_NEEDED} if the operator has only one key
     */
    Pending propose(Authority authority, Act act, PartyId party, String request, String reason) throws SQLException {
        if (OperatorKeyRow.count("revokedAt is null") < 2) {
            throw Problem.SECOND_KEY_NEEDED.because("This act needs two operator keys, and there is only one."
                    + " The command add-operator-key creates another one for another person");
        }
        Instant now = clock.instant();
        Pending pending = new Pending(
                ids.next(),
                act,
                party,
                request,
                reason,
                authority.operators().get(0),
                authority.keyHash(),
                now,
                now.plus(VALIDITY),
                null,
                null,
                null);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into operator_proposal"
                        + " (id, act, party, request, reason, proposed_by, key_hash, proposed_at, expires_at)"
                        + " select ?, ?, ?, ?, ?, ?, ?, ?, ?"
                        + " where (select count(*) from operator_proposal where ended_at is null and expires_at > ?)"
                        + " < " + MOST_OPEN)) {
            insert.setObject(1, pending.id());
            insert.setString(2, act.wireName());
            insert.setObject(3, party.number());
            insert.setString(4, request);
            insert.setString(5, reason);
            insert.setString(6, pending.proposedBy());
            insert.setBytes(7, pending.keyHash());
            insert.setObject(8, now.atOffset(ZoneOffset.UTC));
            insert.setObject(9, pending.expiresAt().atOffset(ZoneOffset.UTC));
            insert.setObject(10, now.atOffset(ZoneOffset.UTC));
            if (insert.executeUpdate() == 0) {
                throw Problem.NOTHING_TO_CHANGE.because(
                        "There are " + MOST_OPEN + " open proposals; confirm or withdraw some first");
            }
        }
        return pending;
    }

    /** Returns the proposals that can be confirmed or withdrawn, oldest first. There are at most 100. */
    List<Pending> open() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(COLUMNS
                        + " where ended_at is null and expires_at > ? order by proposed_at, id limit " + MOST_OPEN)) {
            select.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            List<Pending> open = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    open.add(pending(row));
                }
            }
            return open;
        }
    }

    /**
     * Confirms a proposal and records its act.
     *
     * @throws ProblemException {@link Problem#NOT_FOUND} if there is no such open proposal, {@link Problem#FORBIDDEN}
     *     with the key that proposed it; or as the execution refuses the act
     */
    Pending confirm(Authority authority, String id, Execution execution) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                // The row is locked until the act is recorded, so that two keys cannot confirm it at once. If the
                // service stops in between, the proposal stays open, and the ledger refuses the act the second time.
                Pending pending = lock(connection, id);
                String first = pending.proposedBy();
                String second = authority.operators().get(0);
                if (Arrays.equals(pending.keyHash(), authority.keyHash()) || first.equals(second)) {
                    throw Problem.FORBIDDEN.because(
                            "The key that proposed this act cannot confirm it; use another key");
                }
                if (OperatorKeyRow.count("hash = ?1 and revokedAt is null", (Object) pending.keyHash()) == 0) {
                    throw Problem.NOTHING_TO_CHANGE.because(
                            "The key that proposed this act was revoked; propose the act again");
                }
                Proposal.Outcome outcome = execution.of(authority.by(List.of(first, second)), pending);
                end(connection, pending.id(), second, outcome.position());
                connection.commit();
                return new Pending(
                        pending.id(),
                        pending.act(),
                        pending.party(),
                        pending.request(),
                        pending.reason(),
                        first,
                        pending.keyHash(),
                        pending.proposedAt(),
                        pending.expiresAt(),
                        clock.instant(),
                        second,
                        outcome.position());
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    /** Withdraws an open proposal; any key of the operator may. */
    void withdraw(String id) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                end(connection, lock(connection, id).id(), null, null);
                connection.commit();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private Pending lock(Connection connection, String id) throws SQLException {
        Matcher form = ID.matcher(id);
        if (!form.matches()) {
            throw unknown();
        }
        try (PreparedStatement select = connection.prepareStatement(
                COLUMNS + " where id = ?::uuid and ended_at is null and expires_at > ? for update")) {
            select.setString(1, form.group(1));
            select.setObject(2, clock.instant().atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw unknown();
                }
                return pending(row);
            }
        }
    }

    private static ProblemException unknown() {
        return Problem.NOT_FOUND.because("There is no such open proposal; it was confirmed, withdrawn or has lapsed");
    }

    private void end(Connection connection, UUID id, @Nullable String confirmedBy, @Nullable Long position)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update operator_proposal set ended_at = ?, confirmed_by = ?, position = ? where id = ?")) {
            update.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            update.setString(2, confirmedBy);
            update.setObject(3, position);
            update.setObject(4, id);
            update.executeUpdate();
        }
    }

    private static Pending pending(ResultSet row) throws SQLException {
        return new Pending(
                row.getObject(1, UUID.class),
                Act.named(row.getString(2)),
                new PartyId(row.getObject(3, UUID.class)),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getBytes(7),
                SqlColumns.moment(row, 8),
                SqlColumns.moment(row, 9),
                SqlColumns.momentOrNull(row, 10),
                row.getString(11),
                row.getObject(12, Long.class));
    }

    @Override
    public String part() {
        return "operator: proposed acts about the party, with their reasons";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from operator_proposal where party = ?")) {
            delete.setObject(1, party.number());
            delete.executeUpdate();
        }
        return List.of();
    }
}
