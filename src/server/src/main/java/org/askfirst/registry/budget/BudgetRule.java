package org.askfirst.registry.budget;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.ledger.ActRule;
import org.askfirst.registry.ledger.AppendObstacle;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.ledger.Sender;
import org.jspecify.annotations.Nullable;

/**
 * Refuses acts beyond the budgets of their parties and addresses.
 *
 * <p>It runs under the ledger's lock, so budgets are exact over all nodes. It costs a query and a statement for each
 * group of acts in which a party needs a budget, and nothing for other groups. Counts and acts are recorded in one
 * transaction.
 */
@ApplicationScoped
class BudgetRule implements ActRule, ErasureListener {
    private final BudgetStore store;
    private final BudgetLimits limits;
    private final Exemptions exemptions;
    private final List<AppendObstacle> obstacles;
    private final Clock clock;

    /** The charges of the acts of this group that were not refused. Only the appender uses it. */
    private final Map<Proposal, Purse.Charge> charges = new HashMap<>();

    BudgetRule(
            BudgetStore store,
            BudgetLimits limits,
            Exemptions exemptions,
            @All List<AppendObstacle> obstacles,
            Clock clock) {
        this.store = store;
        this.limits = limits;
        this.exemptions = exemptions;
        this.obstacles = obstacles;
        this.clock = clock;
    }

    @Override
    public Stage stage() {
        return Stage.BUDGETS;
    }

    @Override
    public void admit(Connection connection, List<Proposal> open) throws SQLException {
        charges.clear();
        Map<Proposal, Cost> costs = new HashMap<>();
        Set<PartyId> parties = new HashSet<>();
        for (Proposal proposal : open) {
            Cost cost = Cost.of(proposal);
            if (cost != null) {
                costs.put(proposal, cost);
                parties.add(proposal.entry().party());
            }
        }
        parties.removeAll(exemptions.among(connection, parties));
        Set<String> addresses = new HashSet<>();
        for (Proposal proposal : costs.keySet()) {
            if (parties.contains(proposal.entry().party())) {
                addresses.add(address(proposal));
            }
        }
        Purse purse =
                parties.isEmpty() ? null : Purse.read(connection, store, limits, parties, addresses, clock.instant());
        for (Proposal proposal : open) {
            Sender sender = proposal.authority().sender();
            ProblemException pause = sender == null ? null : sender.pause();
            Cost cost = costs.get(proposal);
            if (pause != null) {
                proposal.refuse(pause);
            } else if (cost != null
                    && purse != null
                    && parties.contains(proposal.entry().party())) {
                admit(connection, proposal, cost, purse, parties);
            }
        }
    }

    private void admit(Connection connection, Proposal proposal, Cost cost, Purse purse, Set<PartyId> parties)
            throws SQLException {
        PartyId party = proposal.entry().party();
        try {
            Budgets.requireRoom(obstacles);
            if (proposal.isRehearsal()) {
                purse.require(cost, party, address(proposal));
            } else {
                charges.put(proposal, purse.take(cost, party, address(proposal)));
            }
        } catch (ProblemException refusal) {
            if (exemptions.isExempt(connection, party)) {
                parties.remove(party);
                return;
            }
            Sender sender = proposal.authority().sender();
            if (sender != null && refusal.problem() == Problem.BUDGET_SPENT) {
                sender.pause(refusal);
            }
            proposal.refuse(refusal);
        }
    }

    private static String address(Proposal proposal) {
        Sender sender = proposal.authority().sender();
        return sender == null ? "" : sender.address();
    }

    @Override
    public void recorded(Connection connection, List<Proposal> accepted) throws SQLException {
        if (charges.isEmpty()) {
            return;
        }
        Map<BudgetStore.PartyCharge, Long> parties = new HashMap<>();
        Map<BudgetStore.AddressCharge, Long> addresses = new HashMap<>();
        for (Proposal proposal : accepted) {
            Purse.Charge charge = charges.get(proposal);
            if (charge != null) {
                add(parties, charge.party(), charge.amount());
                add(addresses, charge.address(), charge.amount());
            }
        }
        store.add(connection, parties, addresses);
    }

    private static <T> void add(Map<T, Long> sums, @Nullable T charge, long amount) {
        if (charge != null) {
            sums.merge(charge, amount, Long::sum);
        }
    }

    @Override
    public String part() {
        return "budget: what the party has spent, and the operator's reasons for its budget";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        store.erase(connection, party);
        return List.of();
    }
}
