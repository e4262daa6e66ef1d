package org.askfirst.registry.budget;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.ledger.AppendObstacle;
import org.jspecify.annotations.Nullable;

/**
 * Takes from budgets what is no act of the ledger, and sets the budget of a party. {@link BudgetRule} takes for acts of
 * the ledger.
 */
@ApplicationScoped
public class Budgets {
    private final DataSource dataSource;
    private final BudgetStore store;
    private final BudgetLimits limits;
    private final Exemptions exemptions;
    private final List<AppendObstacle> obstacles;
    private final Clock clock;

    Budgets(
            DataSource dataSource,
            BudgetStore store,
            BudgetLimits limits,
            Exemptions exemptions,
            @All List<AppendObstacle> obstacles,
            Clock clock) {
        this.dataSource = dataSource;
        this.store = store;
        this.limits = limits;
        this.exemptions = exemptions;
        this.obstacles = obstacles;
        this.clock = clock;
    }

    /**
     * Takes one from the budget of the party and of the address, durably. A party about which something is proved has
     * what it needs.
     *
     * @param party null if it does not exist yet
     * @param address the address by which limits tell askers apart
     * @throws ProblemException {@link Problem#BUDGET_SPENT} if nothing is left, {@link Problem#UNAVAILABLE} if the room
     *     that remains is kept for others; then nothing is taken
     */
    public void take(Budget budget, @Nullable PartyId party, String address) throws SQLException {
        take(budget, 1, party, address);
    }

    /**
     * Takes several from the budget of the party and of the address at once, as {@link #take(Budget, PartyId, String)}
     * takes one. If so many are not left, nothing is taken.
     *
     * @param amount at least 1
     */
    public void take(Budget budget, long amount, @Nullable PartyId party, String address) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                take(connection, new Cost(budget, amount), party, address);
                connection.commit();
            } finally {
                connection.rollback();
            }
        }
    }

    private void take(Connection connection, Cost cost, @Nullable PartyId party, String address) throws SQLException {
        if (party != null && exemptions.among(connection, Set.of(party)).contains(party)) {
            return;
        }
        try {
            requireRoom(obstacles);
            if (party != null) {
                store.lock(connection, party.toString());
            }
            store.lock(connection, address);
            Set<PartyId> parties = party == null ? Set.of() : Set.of(party);
            Purse purse = Purse.read(connection, store, limits, parties, Set.of(address), clock.instant());
            Purse.Charge charge = purse.take(cost, party, address);
            store.add(
                    connection,
                    charge.party() == null ? Map.of() : Map.of(charge.party(), charge.amount()),
                    charge.address() == null ? Map.of() : Map.of(charge.address(), charge.amount()));
        } catch (ProblemException refusal) {
            if (party == null || !exemptions.isExempt(connection, party)) {
                throw refusal;
            }
        }
    }

    /** Refuses parties about which nothing is proved if the room that remains is kept for others. */
    static void requireRoom(List<AppendObstacle> obstacles) {
        obstacles.stream()
                .map(AppendObstacle::reasonForUnproved)
                .filter(Objects::nonNull)
                .findFirst()
                .ifPresent(reason -> {
                    throw Problem.UNAVAILABLE.withoutEffect(reason);
                });
    }

    /**
     * Sets the works that a party may declare on each day, its first included, whatever the address. The operator decides.
     *
     * @param works 0 or more; null restores the default
     * @param operator the name of the key that decides
     * @return the time at which it was set
     */
    public Instant grant(PartyId party, @Nullable Long works, String reason, String operator) throws SQLException {
        Instant now = clock.instant();
        store.grant(party, works, reason, operator, now);
        return now;
    }
}
