package org.askfirst.registry.licensing;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.askfirst.entry.LicenseEntry;
import org.askfirst.entry.LicenseStep;
import org.askfirst.id.LicenseRequestId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.ledger.ActRule;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.Projection;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.postgres.SqlColumns;
import org.jspecify.annotations.Nullable;

/**
 * Folds license requests into {@code license_state} and {@code license_step}, and decides under the ledger's lock whether
 * a step may follow. It knows the sides by their pseudonyms only.
 */
@ApplicationScoped
class LicenseProjection implements ActRule, Projection, ErasureListener {
    /** The number of entries that one request can have, so that two sides cannot fill the ledger. */
    private static final int MAX_STEPS = 50;

    private final Clock clock;

    LicenseProjection(Clock clock) {
        this.clock = clock;
    }

    private record State(
            PartyId askerAlias, String state, @Nullable Instant endsAt, PartyId lastAlias, long steps) {
        boolean isOpen() {
            return state.equals("waiting") || state.equals("countered");
        }
    }

    @Override
    public Stage stage() {
        return Stage.STATE;
    }

    @Override
    public void admit(Connection connection, List<Proposal> open) throws SQLException {
        for (Proposal proposal : open) {
            if (proposal.entry() instanceof LicenseEntry.LicenseStepped stepped) {
                admit(proposal, stepped, state(connection, stepped.request()));
            }
        }
    }

    private void admit(Proposal proposal, LicenseEntry.LicenseStepped stepped, @Nullable State state) {
        if (state == null) {
            proposal.refuse(Problem.NOT_FOUND.because("There is no such license request"));
        } else if (!state.isOpen()) {
            proposal.refuse(Problem.NOTHING_TO_CHANGE.because("The license request is " + state.state()));
        } else if (state.endsAt() != null && !clock.instant().isBefore(state.endsAt())) {
            proposal.refuse(Problem.NOTHING_TO_CHANGE.because(
                    "The time of the license request ended at " + state.endsAt() + "; it is unanswered"));
        } else if (stepped.step() == LicenseStep.WITHDRAWN) {
            if (!stepped.party().equals(state.askerAlias())) {
                proposal.refuse(Problem.FORBIDDEN.because("Only the asker can withdraw a license request"));
            }
        } else if (stepped.party().equals(state.lastAlias())) {
            proposal.refuse(Problem.NOTHING_TO_CHANGE.because("It is the turn of the other side"));
        } else if (stepped.step() == LicenseStep.COUNTERED && state.steps() >= MAX_STEPS) {
            proposal.refuse(Problem.NOTHING_TO_CHANGE.because(
                    "A license request has at most " + MAX_STEPS + " steps; accept or refuse"));
        }
    }

    private static @Nullable State state(Connection connection, LicenseRequestId request) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select asker_alias, state, ends_at, last_alias, (select count(*) from"
                        + " license_step t where t.request = s.request) from license_state s where request = ?")) {
            select.setObject(1, request.number());
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? new State(
                                new PartyId(row.getObject(1, UUID.class)),
                                row.getString(2),
                                SqlColumns.momentOrNull(row, 3),
                                new PartyId(row.getObject(4, UUID.class)),
                                row.getLong(5))
                        : null;
            }
        }
    }

    @Override
    public List<Effect> fold(Connection connection, List<LedgerEntry> entries) throws SQLException {
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof LicenseEntry.LicenseRequested requested) {
                insert(connection, entry, requested);
                insertStep(connection, entry, requested);
            } else if (entry.entry() instanceof LicenseEntry.LicenseStepped stepped) {
                update(connection, entry, stepped);
                insertStep(connection, entry, stepped);
            }
        }
        return List.of();
    }

    private static void insert(Connection connection, LedgerEntry entry, LicenseEntry.LicenseRequested requested)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into license_state (request, position,"
                + " recorded_at, asker_alias, state, ends_at, last_alias, last_position, changed_at)"
                + " values (?, ?, ?, ?, 'waiting', ?, ?, ?, ?)")) {
            Object at = entry.recordedAt().atOffset(ZoneOffset.UTC);
            insert.setObject(1, requested.request().number());
            insert.setLong(2, entry.position());
            insert.setObject(3, at);
            insert.setObject(4, requested.party().number());
            insert.setObject(5, requested.endsAt(entry.recordedAt()).atOffset(ZoneOffset.UTC));
            insert.setObject(6, requested.party().number());
            insert.setLong(7, entry.position());
            insert.setObject(8, at);
            insert.executeUpdate();
        }
    }

    private static void update(Connection connection, LedgerEntry entry, LicenseEntry.LicenseStepped stepped)
            throws SQLException {
        LicenseRequests.Status state = switch (stepped.step()) {
            case COUNTERED -> LicenseRequests.Status.COUNTERED;
            case ACCEPTED -> LicenseRequests.Status.GRANTED;
            case REFUSED -> LicenseRequests.Status.REFUSED;
            case WITHDRAWN -> LicenseRequests.Status.WITHDRAWN;
        };
        Instant endsAt = stepped.endsAt(entry.recordedAt());
        try (PreparedStatement update = connection.prepareStatement("update license_state set state = ?, ends_at = ?,"
                + " last_alias = ?, last_position = ?, changed_at = ? where request = ?")) {
            update.setString(1, state.wireName());
            update.setObject(2, endsAt == null ? null : endsAt.atOffset(ZoneOffset.UTC));
            update.setObject(3, stepped.party().number());
            update.setLong(4, entry.position());
            update.setObject(5, entry.recordedAt().atOffset(ZoneOffset.UTC));
            update.setObject(6, stepped.request().number());
            update.executeUpdate();
        }
    }

    private static void insertStep(Connection connection, LedgerEntry entry, LicenseEntry license) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into license_step (position, request, alias, type, recorded_at) values (?, ?, ?, ?, ?)")) {
            insert.setLong(1, entry.position());
            insert.setObject(2, license.request().number());
            insert.setObject(3, license.party().number());
            insert.setString(4, license.type());
            insert.setObject(5, entry.recordedAt().atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    /** Returns no effects: a request changes no verdict. */
    @Override
    public List<Effect> effectsOf(Connection connection, List<LedgerEntry> entries) {
        return List.of();
    }

    @Override
    public List<String> tables() {
        return List.of("license_state", "license_step");
    }

    @Override
    public String part() {
        return "license requests: what the party wrote in them";
    }

    /** Erases what the party wrote. The works, and what the other side wrote, stay for the other side. */
    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select t.position from license_step t"
                + " join license_request r on r.id = t.request where (r.asker = ? and t.alias = r.asker_alias)"
                + " or (r.licensor = ? and t.alias = r.licensor_alias)")) {
            select.setObject(1, party.number());
            select.setObject(2, party.number());
            return ErasureListener.positions(select);
        }
    }
}
