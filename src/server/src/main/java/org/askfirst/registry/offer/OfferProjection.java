package org.askfirst.registry.offer;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.OfferEntry;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.ledger.ActRule;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.Projection;
import org.askfirst.registry.ledger.Proposal;

/**
 * Folds offers into the table {@code offer}, and decides under the ledger's lock whether one may be changed. The offers
 * of a party end when its account is erased.
 */
@ApplicationScoped
class OfferProjection implements ActRule, Projection, ErasureListener {
    /** The number of offers that a party can have in force. Lookups read them, so it is bounded. */
    static final int MAX_OFFERS = 100;

    @Override
    public Stage stage() {
        return Stage.STATE;
    }

    @Override
    public void admit(Connection connection, List<Proposal> open) throws SQLException {
        for (Proposal proposal : open) {
            if (proposal.entry() instanceof OfferEntry entry) {
                admit(connection, proposal, entry);
            }
        }
    }

    private static void admit(Connection connection, Proposal proposal, OfferEntry entry) throws SQLException {
        if (entry instanceof OfferEntry.OfferStated stated && !stated.amends()) {
            if (OfferStore.count(connection, stated.party()) >= MAX_OFFERS) {
                proposal.refuse(Problem.NOTHING_TO_CHANGE.because(
                        "A party can have " + MAX_OFFERS + " offers in force; withdraw one of them, or amend one"));
            }
            return;
        }
        Offer offer = OfferStore.find(connection, entry.offer()).orElse(null);
        if (offer == null) {
            proposal.refuse(Problem.NOT_FOUND.because("There is no such offer"));
        } else if (!offer.party().equals(entry.party())) {
            proposal.refuse(Problem.FORBIDDEN.because("Only the party that published an offer may change it"));
        } else if (!offer.isInForce()) {
            proposal.refuse(Problem.NOTHING_TO_CHANGE.because("The offer is withdrawn; publish a new one"));
        }
    }

    @Override
    public List<Effect> fold(Connection connection, List<LedgerEntry> entries) throws SQLException {
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof OfferEntry offer) {
                long first = OfferStore.end(connection, offer.offer(), entry.position());
                if (offer instanceof OfferEntry.OfferStated stated) {
                    OfferStore.insert(connection, entry, stated, first == 0 ? entry.position() : first);
                }
            } else if (entry.entry() instanceof AccountEntry.Erased erased) {
                OfferStore.endAll(connection, erased.party(), entry.position());
            }
        }
        return List.of();
    }

    /** Returns no effects: no verdict depends on an offer. */
    @Override
    public List<Effect> effectsOf(Connection connection, List<LedgerEntry> entries) {
        return List.of();
    }

    @Override
    public List<String> tables() {
        return List.of("offer");
    }

    @Override
    public String part() {
        return "offers: the texts in the terms of the party's offers";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        return OfferStore.positions(connection, party);
    }
}
