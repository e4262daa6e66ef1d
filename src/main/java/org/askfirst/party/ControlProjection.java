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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.askfirst.declaration.ControlMethod;
import org.askfirst.declaration.Entry;
import org.askfirst.declaration.PartyId;
import org.askfirst.declaration.Positions;
import org.askfirst.declaration.RecoveryStep;
import org.askfirst.ledger.Authority;
import org.askfirst.ledger.LedgerEntry;
import org.askfirst.ledger.LedgerProjection;
import org.askfirst.ledger.LedgerStore;
import org.askfirst.ledger.Proposal;
import org.askfirst.ledger.SqlArray;
import org.askfirst.problem.Problem;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Folds proofs of control and erasures, and decides under the ledger's lock which key may do what.
 *
 * <p>A party's key speaks for that party alone, and proves nothing for it; the operator's key records proofs and nothing
 * else; the registry itself records what it looked for.
 */
@ApplicationScoped
@Priority(ControlProjection.BEFORE_OTHERS)
class ControlProjection implements LedgerProjection {
    static final int BEFORE_OTHERS = 1000;

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
            boolean known = authority.equals(Authority.REGISTRY)
                    || operators.contains(authority)
                    || parties.containsKey(authority);
            boolean may = mayBy(proposal.entry(), authority, operators.contains(authority), parties.get(authority));
            if (!known) {
                proposal.refuse(Parties.unknownKey());
            } else if (!may) {
                proposal.refuse(Problem.FORBIDDEN.because("This key may not do that"));
            }
        }
    }

    private static boolean mayBy(Entry entry, Authority authority, boolean operator, @Nullable UUID party) {
        if (entry instanceof Entry.ControlProved proved) {
            PartyId by = proved.by();
            if (by != null) {
                return by.number().equals(party);
            }
            return proved.method().isLookedFor() ? authority.equals(Authority.REGISTRY) : operator;
        }
        if (entry instanceof Entry.ControlLapsed) {
            return operator
                    || authority.equals(Authority.REGISTRY)
                    || entry.party().number().equals(party);
        }
        if (entry instanceof Entry.RecoveryChanged changed && changed.step() != RecoveryStep.STOPPED) {
            PartyId by = changed.by();
            return by == null
                    ? authority.equals(Authority.REGISTRY)
                    : by.number().equals(party);
        }
        if (entry instanceof Entry.Ruled || entry instanceof Entry.Succeeded) {
            return operator;
        }
        return entry.party().number().equals(party);
    }

    @Override
    public void admit(Connection connection, List<Proposal> open) throws SQLException {
        for (Proposal proposal : open) {
            if (proposal.entry() instanceof Entry.ControlProved proved) {
                Optional<Standing> standing = standing(connection, proved.party(), proved.subject());
                if (isErased(connection, proved.party())) {
                    proposal.refuse(Problem.NOT_FOUND.because("There is no such party"));
                } else if (standing.isPresent()
                        && !proved.method().outweighs(standing.get().method())) {
                    proposal.standsAt(standing.get().position());
                }
            } else if (proposal.entry() instanceof Entry.ControlLapsed lapsed) {
                Optional<Standing> standing = standing(connection, lapsed.party(), lapsed.subject());
                boolean registry = proposal.authority().equals(Authority.REGISTRY);
                if (standing.isEmpty() || (registry && !standing.get().method().isLookedFor())) {
                    proposal.refuse(Problem.NOT_FOUND.because("There is no such proof of control"));
                }
            }
        }
    }

    /** A proof that stands, and where it was recorded. */
    private record Standing(long position, ControlMethod method) {}

    private static Optional<Standing> standing(Connection connection, PartyId party, Subject subject)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select position, method from party_control"
                + " where key = ? and party = ? and until_position = " + Positions.NO_END)) {
            select.setBytes(1, subject.key().toBytes());
            select.setObject(2, party.number());
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Standing(
                                row.getLong(1),
                                ControlMethod.named(row.getString(2)).orElseThrow()))
                        : Optional.empty();
            }
        }
    }

    private static boolean isErased(Connection connection, PartyId party) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select 1 from party_erasure where party = ?")) {
            select.setObject(1, party.number());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    @Override
    public void fold(Connection connection, List<LedgerEntry> entries) throws SQLException {
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof Entry.ControlProved proved) {
                endProof(connection, entry, proved.subject());
                insertProof(connection, entry, proved);
            } else if (entry.entry() instanceof Entry.ControlLapsed lapsed) {
                endProof(connection, entry, lapsed.subject());
            } else if (entry.entry() instanceof Entry.Erased) {
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
                PreparedStatement notices = connection.prepareStatement("delete from party_notice where party = ?");
                PreparedStatement reasons = connection.prepareStatement(
                        "select position from party_control where party = ? union select until_position"
                                + " from party_control where party = ? and until_position < " + Positions.NO_END)) {
            notices.setObject(1, party);
            notices.executeUpdate();
            erase.setObject(1, party);
            erase.executeUpdate();
            revoke.setObject(1, entry.recordedAt().atOffset(ZoneOffset.UTC));
            revoke.setObject(2, party);
            revoke.executeUpdate();
            remember.setObject(1, party);
            remember.setLong(2, entry.position());
            remember.executeUpdate();
            reasons.setObject(1, party);
            reasons.setObject(2, party);
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

    private static void endProof(Connection connection, LedgerEntry entry, Subject subject) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update party_control set until_position = ?"
                + " where key = ? and party = ? and until_position = " + Positions.NO_END)) {
            update.setLong(1, entry.position());
            update.setBytes(2, subject.key().toBytes());
            update.setObject(3, entry.entry().party().number());
            update.executeUpdate();
        }
    }

    private static void insertProof(Connection connection, LedgerEntry entry, Entry.ControlProved proved)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into party_control"
                + " (key, party, position, recorded_at, subject, method) values (?, ?, ?, ?, ?, ?)")) {
            insert.setBytes(1, proved.subject().key().toBytes());
            insert.setObject(2, proved.party().number());
            insert.setLong(3, entry.position());
            insert.setObject(4, entry.recordedAt().atOffset(ZoneOffset.UTC));
            insert.setString(5, proved.subject().canonical());
            insert.setString(6, proved.method().wireName());
            insert.executeUpdate();
        }
    }

    @Override
    public List<String> tables() {
        return List.of("party_control", "party_erasure");
    }
}
