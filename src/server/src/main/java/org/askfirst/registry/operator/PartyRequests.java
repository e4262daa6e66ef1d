package org.askfirst.registry.operator;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.registry.trust.PartyStates;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.PartyDecision;
import org.jspecify.annotations.Nullable;

/** The requests of parties to the operator: to be verified, or to be recognised as a body that may vouch. */
@ApplicationScoped
class PartyRequests implements ErasureListener {
    static final String VERIFICATION = "verification";
    static final String BODY = "body";

    private final DataSource dataSource;
    private final Clock clock;

    PartyRequests(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * A request.
     *
     * @param wants {@link #VERIFICATION} or {@link #BODY}
     * @param schemes the schemes for which the party wants to vouch, sorted; empty unless it wants to be a body
     * @param statement who the party is, in its words
     */
    record Requested(PartyId party, String wants, List<String> schemes, String statement, Instant requestedAt) {}

    /** Stores the request of the party, in place of an earlier one. */
    Requested put(PartyId party, String wants, List<SubjectScheme> schemes, String statement) throws SQLException {
        Requested request = new Requested(party, wants, PartyStates.names(schemes), statement, clock.instant());
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into operator_request"
                        + " (party, wants, schemes, statement, requested_at) values (?, ?, ?, ?, ?)"
                        + " on conflict (party) do update set wants = excluded.wants, schemes = excluded.schemes,"
                        + " statement = excluded.statement, requested_at = excluded.requested_at")) {
            insert.setObject(1, party.number());
            insert.setString(2, wants);
            insert.setArray(3, SqlArray.texts(connection, request.schemes().stream()));
            insert.setString(4, statement);
            insert.setObject(5, request.requestedAt().atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
        return request;
    }

    /**
     * Ends the request of the party.
     *
     * @throws ProblemException {@link Problem#NOT_FOUND} if it has none
     */
    void end(PartyId party) throws SQLException {
        if (!delete(party, null)) {
            throw Problem.NOT_FOUND.because("The party has no open request");
        }
    }

    /** Ends the request that a decision grants. */
    void granted(PartyId party, PartyDecision decision) throws SQLException {
        switch (decision) {
            case VERIFIED -> delete(party, VERIFICATION);
            case VOUCHING_GRANTED -> delete(party, BODY);
            default -> {
                // The other decisions grant nothing.
            }
        }
    }

    private boolean delete(PartyId party, @Nullable String wants) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement(
                        "delete from operator_request where party = ? and wants = coalesce(?, wants)")) {
            delete.setObject(1, party.number());
            delete.setString(2, wants);
            return delete.executeUpdate() > 0;
        }
    }

    /** Returns the oldest requests of a kind. */
    List<Requested> oldest(String wants, int limit) throws SQLException {
        List<Requested> requests = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select party, wants, schemes, statement,"
                        + " requested_at from operator_request where wants = ? order by requested_at, party limit ?")) {
            select.setString(1, wants);
            select.setInt(2, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    requests.add(new Requested(
                            new PartyId(row.getObject(1, UUID.class)),
                            row.getString(2),
                            Arrays.asList((String[]) row.getArray(3).getArray()),
                            row.getString(4),
                            SqlColumns.moment(row, 5)));
                }
            }
        }
        return requests;
    }

    @Override
    public String part() {
        return "operator request: what the party asked the operator for";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from operator_request where party = ?")) {
            delete.setObject(1, party.number());
            delete.executeUpdate();
        }
        return List.of();
    }
}
