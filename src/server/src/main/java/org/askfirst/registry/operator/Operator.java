package org.askfirst.registry.operator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.ControlEntry;
import org.askfirst.entry.TrustEntry;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.ApiKey;
import org.askfirst.registry.party.Parties;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.ControlMethod;
import org.askfirst.verdict.PartyDecision;
import org.jspecify.annotations.Nullable;

/** Whoever runs this registry: has a key of its own, and every act of it is an entry of the ledger. */
@ApplicationScoped
public class Operator {
    private final Ledger ledger;
    private final Parties parties;
    private final EntityManager entities;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Operator(Ledger ledger, Parties parties, EntityManager entities, Clock clock) {
        this.ledger = ledger;
        this.parties = parties;
        this.entities = entities;
        this.clock = clock;
    }

    /**
     * Makes the operator's key if there is none, or a new one in place of the old.
     *
     * @param renew whether to revoke the key there is
     * @return the key, which is nowhere else; empty if there is one already
     */
    @Transactional
    public Optional<String> makeKey(boolean renew) {
        // Nodes that start together must not make a key each.
        entities.createNativeQuery("lock table party_operator_key in exclusive mode")
                .executeUpdate();
        if (!renew && OperatorKeyRow.count("revokedAt is null") > 0) {
            return Optional.empty();
        }
        OperatorKeyRow.update("revokedAt = ?1 where revokedAt is null", clock.instant());
        ApiKey key = ApiKey.make(ApiKey.OPERATOR_PREFIX, random);
        OperatorKeyRow row = new OperatorKeyRow();
        row.hash = key.hash();
        row.createdAt = clock.instant();
        row.persist();
        return Optional.of(key.text());
    }

    /**
     * The operator's authority.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#UNAUTHENTICATED}, or {@link Problem#FORBIDDEN} to
     *     anybody else
     */
    Authority authority(@Nullable String authorization) throws SQLException {
        ApiKey key = Parties.key(authorization);
        if (key.text().startsWith(ApiKey.PARTY_PREFIX)) {
            parties.caller(authorization);
            throw Problem.FORBIDDEN.because("Only the operator may do that");
        }
        if (OperatorKeyRow.count("hash = ?1 and revokedAt is null", key.hash()) == 0) {
            throw Parties.unknownKey();
        }
        return key.authority();
    }

    /** Records that the operator saw proof that the party controls the subject. */
    Proposal.Outcome prove(Authority authority, PartyId party, Subject subject, String reason) {
        return act(
                authority,
                party,
                reason,
                commitment -> new ControlEntry.ControlProved(party, subject, ControlMethod.OPERATOR, commitment));
    }

    /** Records that a proof of control, whoever gave it, does not count any more. */
    Proposal.Outcome endProof(Authority authority, PartyId party, Subject subject, String reason) {
        return act(authority, party, reason, commitment -> new ControlEntry.ControlRevoked(party, subject, commitment));
    }

    /** Records what the operator decides of the party. */
    Proposal.Outcome rule(
            Authority authority, PartyId party, PartyDecision ruling, List<SubjectScheme> kinds, String reason) {
        return act(
                authority,
                party,
                reason,
                commitment -> new TrustEntry.PartyStatusDecided(ruling, party, kinds, commitment));
    }

    /** Hands the party's account over to the successor that it named. */
    Proposal.Outcome handOver(Authority authority, PartyId party, PartyId successor, String reason) {
        return act(authority, party, reason, commitment -> new AccountEntry.Succeeded(party, successor, commitment));
    }

    private Proposal.Outcome act(
            Authority authority, PartyId party, String reason, Proposal.CommittedEntry withCommitment) {
        if (parties.find(party).isEmpty()) {
            throw Problem.INVALID_REQUEST.at("/party", Reason.UNKNOWN_PARTY, "there is no such party");
        }
        Confidential confidential = Confidential.ofReason(reason);
        return Ledger.await(ledger.propose(Proposal.confidential(confidential, authority, withCommitment)));
    }
}
