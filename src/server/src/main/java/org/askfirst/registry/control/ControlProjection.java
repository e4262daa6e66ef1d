package org.askfirst.registry.control;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.askfirst.entry.ControlEntry;
import org.askfirst.entry.Positions;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.ledger.ActRule;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.Projection;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.ControlMethod;

/** Folds proofs of control and their revocations, and refuses acts that change nothing. */
@ApplicationScoped
class ControlProjection implements ActRule, Projection, ErasureListener {

    @Override
    public Stage stage() {
        return Stage.STATE;
    }

    @Override
    public void admit(Connection connection, List<Proposal> open) throws SQLException {
        for (Proposal proposal : open) {
            if (proposal.entry() instanceof ControlEntry entry) {
                entry.handle(new Admission(connection, proposal));
            }
        }
    }

    private record Admission(Connection connection, Proposal proposal) implements ControlEntry.Cases<SQLException> {
        @Override
        public void controlProved(ControlEntry.ControlProved proved) throws SQLException {
            Optional<ProofInForce> proof = inForce(connection, proved.party(), proved.subject());
            if (isErased(connection, proved.party())) {
                proposal.refuse(Problem.NOT_FOUND.because("There is no such party"));
            } else if (proof.isPresent()
                    && !proved.method().outweighs(proof.get().method())) {
                proposal.answerWith(proof.get().position());
            }
        }

        @Override
        public void controlRevoked(ControlEntry.ControlRevoked revoked) throws SQLException {
            Optional<ProofInForce> proof = inForce(connection, revoked.party(), revoked.subject());
            boolean registry = proposal.authority().equals(Authority.REGISTRY);
            if (proof.isEmpty() || (registry && !proof.get().method().isCheckedByRegistry())) {
                proposal.refuse(Problem.NOT_FOUND.because("There is no such proof of control"));
            }
        }
    }

    /** A proof that is in force, with the position of its entry. */
    private record ProofInForce(long position, ControlMethod method) {}

    private static Optional<ProofInForce> inForce(Connection connection, PartyId party, Subject subject)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select position, method from party_control"
                + " where key = ? and party = ? and until_position = " + Positions.NO_END)) {
            select.setBytes(1, subject.key().toBytes());
            select.setObject(2, party.number());
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new ProofInForce(
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
    public List<Effect> fold(Connection connection, List<LedgerEntry> entries) throws SQLException {
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof ControlEntry control) {
                control.handle(new Fold(connection, entry));
            }
        }
        return List.of();
    }

    private record Fold(Connection connection, LedgerEntry entry) implements ControlEntry.Cases<SQLException> {
        @Override
        public void controlProved(ControlEntry.ControlProved proved) throws SQLException {
            endProof(connection, entry, proved.subject());
            insertProof(connection, entry, proved);
        }

        @Override
        public void controlRevoked(ControlEntry.ControlRevoked revoked) throws SQLException {
            endProof(connection, entry, revoked.subject());
        }
    }

    /** Returns no effects, because an entry about control states everything that it changes. */
    @Override
    public List<Effect> effectsOf(Connection connection, List<LedgerEntry> entries) {
        return List.of();
    }

    @Override
    public String part() {
        return "control: the evidence of proofs, and the reasons for revocations";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select position from party_control where party = ? union"
                        + " select until_position from party_control where party = ? and until_position < "
                        + Positions.NO_END)) {
            select.setObject(1, party.number());
            select.setObject(2, party.number());
            return ErasureListener.positions(select);
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

    private static void insertProof(Connection connection, LedgerEntry entry, ControlEntry.ControlProved proved)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into party_control"
                + " (key, party, position, recorded_at, subject, method, body) values (?, ?, ?, ?, ?, ?, ?)")) {
            PartyId body = proved.by();
            insert.setBytes(1, proved.subject().key().toBytes());
            insert.setObject(2, proved.party().number());
            insert.setLong(3, entry.position());
            insert.setObject(4, entry.recordedAt().atOffset(ZoneOffset.UTC));
            insert.setString(5, proved.subject().canonical());
            insert.setString(6, proved.method().wireName());
            insert.setObject(7, body == null ? null : body.number());
            insert.executeUpdate();
        }
    }

    @Override
    public List<String> tables() {
        return List.of("party_control");
    }
}
