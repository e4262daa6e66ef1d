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

/** The operator of this registry. It has its own key, and each of its acts is an entry of the ledger. */
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
     * Creates the operator's key.
     *
     * @param renew true to revoke the present key and replace it
     * @return the key, of which only the hash is stored; empty if there is a key already and {@code renew} is false
     */
    @Transactional
    public Optional<String> makeKey(boolean renew) {
        // Nodes that start at the same time must not create one key each.
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
     * Authenticates the operator.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#UNAUTHENTICATED} without a valid key, {@link
     *     Problem#FORBIDDEN} with the key of a party
     */
    Authority authority(@Nullable String authorization) throws SQLException {
        ApiKey key = Parties.key(authorization);
        if (key.text().startsWith(ApiKey.PARTY_PREFIX)) {
            parties.caller(authorization);
            throw Problem.FORBIDDEN.because("Only the operator may do this");
        }
        if (OperatorKeyRow.count("hash = ?1 and revokedAt is null", key.hash()) == 0) {
            throw Parties.unknownKey();
        }
        return key.authority();
    }

    /** Records that the operator has seen proof that the party controls the subject. */
    Proposal.Outcome recordControl(Authority authority, PartyId party, Subject subject, String reason) {
        return act(
                authority,
                party,
                reason,
                commitment -> new ControlEntry.ControlProved(party, subject, ControlMethod.OPERATOR, commitment));
    }

    /** Revokes a proof of control that anybody recorded. */
    Proposal.Outcome revokeControl(Authority authority, PartyId party, Subject subject, String reason) {
        return act(authority, party, reason, commitment -> new ControlEntry.ControlRevoked(party, subject, commitment));
    }

    /** Records a decision about the party. */
    Proposal.Outcome decide(
            Authority authority, PartyId party, PartyDecision decision, List<SubjectScheme> schemes, String reason) {
        return act(
                authority,
                party,
                reason,
                commitment -> new TrustEntry.PartyStatusDecided(decision, party, schemes, commitment));
    }

    /** Transfers the party's account to the successor that the party named. */
    Proposal.Outcome transferAccount(Authority authority, PartyId party, PartyId successor, String reason) {
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
