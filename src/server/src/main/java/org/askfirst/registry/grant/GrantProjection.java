package org.askfirst.registry.grant;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.askfirst.entry.GrantEntry;
import org.askfirst.id.GrantId;
import org.askfirst.id.PartyId;
import org.askfirst.license.LicenseTerms;
import org.askfirst.problem.Problem;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.ledger.ActRule;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.Projection;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.registry.trust.GroupStates;
import org.askfirst.registry.trust.PartyStates;
import org.jspecify.annotations.Nullable;

/** Folds entries of grants into {@code grant_event}, and decides under the ledger's lock whether one may be ended. */
@ApplicationScoped
class GrantProjection implements ActRule, Projection, ErasureListener {
    private final PartyStates states;
    private final Clock clock;

    GrantProjection(PartyStates states, Clock clock) {
        this.states = states;
        this.clock = clock;
    }

    @Override
    public Stage stage() {
        return Stage.STATE;
    }

    @Override
    public void admit(Connection connection, List<Proposal> open) throws SQLException {
        GroupStates parties = new GroupStates(connection, states);
        for (Proposal proposal : open) {
            if (proposal.entry() instanceof GrantEntry entry) {
                entry.handle(new Admission(connection, proposal, parties, clock.instant()));
            }
        }
    }

    private record Admission(Connection connection, Proposal proposal, GroupStates parties, Instant now)
            implements GrantEntry.Cases<SQLException> {
        @Override
        public void granted(GrantEntry.Granted granted) throws SQLException {
            parties.refuseSuspended(proposal);
            if (proposal.isOpen() && bounds(connection, granted.grant()) != null) {
                proposal.refuse(Problem.NOTHING_TO_CHANGE.because("This grant is given already"));
            }
            if (proposal.isOpen() && granted.supersedes() != null) {
                Instant from = granted.period().from();
                requireLonger(granted.supersedes(), from == null || from.isBefore(now) ? now : from);
            }
        }

        @Override
        public void grantRevoked(GrantEntry.Revoked revoked) throws SQLException {
            requireLonger(revoked.grant(), revoked.from() == null ? now : revoked.from());
        }

        /** Refuses the act unless the party gave the grant, and the grant is in force up to a later moment. */
        private void requireLonger(GrantId grant, Instant end) throws SQLException {
            Bounds bounds = bounds(connection, grant);
            if (bounds == null || !bounds.licensor().equals(proposal.entry().party())) {
                proposal.refuse(Problem.NOT_FOUND.because("You have given no such grant"));
            } else if (!end.isBefore(bounds.endsAt())) {
                proposal.refuse(Problem.NOTHING_TO_CHANGE.because("The grant ends at " + bounds.endsAt() + " already"));
            }
        }
    }

    /** The licensor and the end of a grant. */
    private record Bounds(PartyId licensor, Instant endsAt) {}

    private static @Nullable Bounds bounds(Connection connection, GrantId grant) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select g.licensor, least(g.valid_to,"
                + " (select min(e.ends_at) from grant_event e where e.grant_id = g.grant_id and e.kind = 'ended'))"
                + " from grant_event g where g.grant_id = ? and g.kind = 'given'")) {
            select.setObject(1, grant.number());
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? new Bounds(new PartyId(row.getObject(1, UUID.class)), SqlColumns.moment(row, 2))
                        : null;
            }
        }
    }

    @Override
    public List<Effect> fold(Connection connection, List<LedgerEntry> entries) throws SQLException {
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof GrantEntry grant) {
                grant.handle(new Fold(connection, entry));
            }
        }
        return List.of();
    }

    private record Fold(Connection connection, LedgerEntry entry) implements GrantEntry.Cases<SQLException> {
        @Override
        public void granted(GrantEntry.Granted granted) throws SQLException {
            Instant from = granted.period().from();
            GrantId before = granted.supersedes();
            insert(granted.grant(), "given", from, granted.period().to(), null, before);
            if (before != null) {
                boolean isLater = from != null && from.isAfter(entry.recordedAt());
                insert(before, "ended", null, null, isLater ? from : entry.recordedAt(), granted.grant());
            }
        }

        @Override
        public void grantRevoked(GrantEntry.Revoked revoked) throws SQLException {
            Instant from = revoked.from();
            insert(revoked.grant(), "ended", null, null, from == null ? entry.recordedAt() : from, null);
        }

        private void insert(
                GrantId grant,
                String kind,
                @Nullable Instant from,
                @Nullable Instant to,
                @Nullable Instant endsAt,
                @Nullable GrantId other)
                throws SQLException {
            try (PreparedStatement insert = connection.prepareStatement("insert into grant_event (position, grant_id,"
                    + " kind, licensor, recorded_at, valid_from, valid_to, ends_at, other)"
                    + " values (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
                insert.setLong(1, entry.position());
                insert.setObject(2, grant.number());
                insert.setString(3, kind);
                insert.setObject(4, entry.entry().party().number());
                set(insert, 5, entry.recordedAt());
                set(insert, 6, from);
                set(insert, 7, to);
                set(insert, 8, endsAt);
                insert.setObject(9, other == null ? null : other.number(), Types.OTHER);
                insert.executeUpdate();
            }
        }

        private static void set(PreparedStatement insert, int column, @Nullable Instant moment) throws SQLException {
            insert.setObject(
                    column, moment == null ? null : moment.atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE);
        }
    }

    /** Returns no effects: {@link GrantIndex} reads the tables itself. */
    @Override
    public List<Effect> effectsOf(Connection connection, List<LedgerEntry> entries) {
        return List.of();
    }

    @Override
    public List<String> tables() {
        return List.of("grant_event");
    }

    @Override
    public String part() {
        return "grants: the texts in their terms";
    }

    /** Erases what may name a person in the terms. The rest is a contract of the other side too, and stays. */
    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "select id, terms from grant_record" + " where (licensor = ? or licensee = ?) and not erased");
                PreparedStatement update = connection.prepareStatement(
                        "update grant_record set terms = ?, erased = true,"
                                + " salts = substring(salts from 1 for 32) || decode(repeat('00', 16), 'hex') where id = ?")) {
            select.setObject(1, party.number());
            select.setObject(2, party.number());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    LicenseTerms terms = LicenseTerms.parse(row.getString(2));
                    LicenseTerms open = terms.withoutConfidential();
                    if (!open.equals(terms)) {
                        update.setString(1, open.toJson());
                        update.setObject(2, row.getObject(1, UUID.class));
                        update.addBatch();
                    }
                }
            }
            update.executeBatch();
        }
        return List.of();
    }
}
