package org.askfirst.party;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.askfirst.declaration.Entry;
import org.askfirst.ledger.Authority;
import org.askfirst.ledger.LedgerEntry;
import org.askfirst.ledger.LedgerProjection;
import org.askfirst.ledger.LedgerStore;
import org.askfirst.ledger.Proposal;
import org.askfirst.ledger.SqlArray;
import org.askfirst.problem.Problem;

/**
 * Folds proofs of control and erasures, and decides under the ledger's lock which key may do what.
 *
 * <p>A party's key speaks for that party alone; the operator's key records proofs and nothing else.
 */
@ApplicationScoped
@Priority(ControlProjection.BEFORE_OTHERS)
class ControlProjection implements LedgerProjection {
    static final int BEFORE_OTHERS = 1000;

    /** The position at which something ends that has not ended. */
    static final long FOR_EVER = Long.MAX_VALUE;

    private final LedgerStore ledger;

    ControlProjection(LedgerStore ledger) {
        this.ledger = ledger;
    }

    @Override
    public void authorise(Connection connection, List<Proposal> open) throws SQLException {
        Set<Authority> asked = new HashSet<>();
        open.forEach(proposal -> asked.add(proposal.authority()));
        List<byte[]> hashes = asked.stream().map(Authority::keyHash).toList();
        Map<Authority, UUID> parties = new HashMap<>();
        Set<Authority> operators = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select hash, party from party_key where hash = any(?) and revoked_at is null"
                        + " union all select hash, null from party_operator_key"
                        + " where hash = any(?) and revoked_at is null")) {
            select.setArray(1, SqlArray.bytes(connection, hashes.stream()));
            select.setArray(2, SqlArray.bytes(connection, hashes.stream()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Authority authority = Authority.of(row.getBytes(1));
                    UUID party = row.getObject(2, UUID.class);
                    if (party == null) {
                        operators.add(authority);
                    } else {
                        parties.put(authority, party);
                    }
                }
            }
        }
        for (Proposal proposal : open) {
            Authority authority = proposal.authority();
            boolean known = operators.contains(authority) || parties.containsKey(authority);
            boolean may = proposal.entry() instanceof Entry.ControlProved
                    ? operators.contains(authority)
                    : proposal.entry().party().number().equals(parties.get(authority));
            if (!known) {
                proposal.refuse(Parties.unknownKey());
            } else if (!may) {
                proposal.refuse(Problem.FORBIDDEN.because("This key may not do that"));
            }
        }
    }

    @Override
    public void admit(Connection connection, List<Proposal> open) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select position from party_control"
                + " where key = ? and party = ? and until_position = " + FOR_EVER)) {
            for (Proposal proposal : open) {
                if (proposal.entry() instanceof Entry.ControlProved proved) {
                    select.setBytes(1, proved.subject().key().toBytes());
                    select.setObject(2, proved.party().number());
                    try (ResultSet row = select.executeQuery()) {
                        if (row.next()) {
                            proposal.standsAt(row.getLong(1));
                        }
                    }
                }
            }
        }
    }

    @Override
    public void fold(Connection connection, List<LedgerEntry> entries) throws SQLException {
        foldProofs(connection, entries);
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof Entry.Erased) {
                foldErasure(connection, entry);
            }
        }
    }

    private void foldErasure(Connection connection, LedgerEntry entry) throws SQLException {
        UUID party = entry.entry().party().number();
        try (PreparedStatement erase =
                        connection.prepareStatement("update party set name = null, contact = null where id = ?");
                PreparedStatement revoke = connection.prepareStatement(
                        "update party_key set revoked_at = ? where party = ? and revoked_at is null");
                PreparedStatement remember = connection.prepareStatement(
                        "insert into party_erasure (party, position) values (?, ?) on conflict do nothing");
                PreparedStatement reasons =
                        connection.prepareStatement("select position from party_control where party = ?")) {
            erase.setObject(1, party);
            erase.executeUpdate();
            revoke.setObject(1, entry.recordedAt().atOffset(ZoneOffset.UTC));
            revoke.setObject(2, party);
            revoke.executeUpdate();
            remember.setObject(1, party);
            remember.setLong(2, entry.position());
            remember.executeUpdate();
            reasons.setObject(1, party);
            List<Long> positions = new ArrayList<>();
            try (ResultSet row = reasons.executeQuery()) {
                while (row.next()) {
                    positions.add(row.getLong(1));
                }
            }
            ledger.erase(connection, positions);
            ledger.forgetSubmissions(connection, party);
        }
    }

    private static void foldProofs(Connection connection, List<LedgerEntry> entries) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into party_control"
                + " (key, party, position, recorded_at, subject, method) values (?, ?, ?, ?, ?, ?)")) {
            boolean any = false;
            for (LedgerEntry entry : entries) {
                if (entry.entry() instanceof Entry.ControlProved proved) {
                    insert.setBytes(1, proved.subject().key().toBytes());
                    insert.setObject(2, proved.party().number());
                    insert.setLong(3, entry.position());
                    insert.setObject(4, entry.recordedAt().atOffset(ZoneOffset.UTC));
                    insert.setString(5, proved.subject().canonical());
                    insert.setString(6, proved.method());
                    insert.addBatch();
                    any = true;
                }
            }
            if (any) {
                insert.executeBatch();
            }
        }
    }

    @Override
    public List<String> tables() {
        return List.of("party_control", "party_erasure");
    }
}
