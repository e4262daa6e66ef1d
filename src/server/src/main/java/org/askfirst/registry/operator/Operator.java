package org.askfirst.registry.operator;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.ControlEntry;
import org.askfirst.entry.TrustEntry;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.budget.Budgets;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.Parties;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.ControlMethod;
import org.askfirst.verdict.PartyDecision;
import org.jspecify.annotations.Nullable;

/** The acts of the operator of this registry. Each act about a right is an entry of the ledger. */
@ApplicationScoped
public class Operator {
    private final Ledger ledger;
    private final Parties parties;
    private final Budgets budgets;

    Operator(Ledger ledger, Parties parties, Budgets budgets) {
        this.budgets = budgets;
        this.ledger = ledger;
        this.parties = parties;
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

    /** Refuses a transfer that the ledger would refuse. Records nothing. */
    void rehearseTransfer(Authority authority, PartyId party, PartyId successor) {
        requireParty(party);
        Ledger.await(ledger.propose(Proposal.of(new AccountEntry.Succeeded(party, successor, null), authority)
                .with(Proposal.Request.PLAIN.rehearsing(true))));
    }

    /** Transfers the party's account to the successor that the party named. */
    Proposal.Outcome transferAccount(Authority authority, PartyId party, PartyId successor, String reason) {
        return act(authority, party, reason, commitment -> new AccountEntry.Succeeded(party, successor, commitment));
    }

    /**
     * Sets the works that the party may declare on each day. It concerns no right, so it is a row of the budgets, with
     * its reason and the name of the key, and no entry.
     *
     * @param works null to restore the default
     * @return the time at which it was set
     */
    Instant setBudget(Authority authority, PartyId party, @Nullable Long works, String reason) throws SQLException {
        requireParty(party);
        return budgets.grant(party, works, reason, authority.operators().get(0));
    }

    /** Records an act about a party, with its reason and the names of the keys. */
    Proposal.Outcome act(Authority authority, PartyId party, String reason, Proposal.CommittedEntry withCommitment) {
        requireParty(party);
        Confidential confidential = Confidential.ofReason(reason, authority.operators());
        return Ledger.await(ledger.propose(Proposal.confidential(confidential, authority, withCommitment)));
    }

    private void requireParty(PartyId party) {
        if (parties.find(party).isEmpty()) {
            throw Problem.INVALID_REQUEST.at("/party", Reason.UNKNOWN_PARTY, "there is no such party");
        }
    }
}
