package org.askfirst.registry.budget;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Retry;
import org.jspecify.annotations.Nullable;

/**
 * The rest of the budgets of some parties and addresses at one moment. It is read once, and every {@link #take} reduces it. The
 * caller sees to it that nobody else changes the stored state meanwhile.
 */
final class Purse {
    private static final Duration DAY = Duration.ofDays(1);
    private static final String MORE = ", or at once if you prove control of a site or a body vouches for the party;"
            + " the operator can allow more";

    private final BudgetLimits limits;
    private final Instant now;
    private final Map<PartyId, BudgetStore.PartyAccount> accounts;
    private final Map<String, BudgetStore.DayAddress> addresses;
    private final Map<BudgetStore.AddressCharge, Long> spentByAddresses;
    private final Map<BudgetStore.PartyCharge, Long> spentByParties = new HashMap<>();

    Purse(
            BudgetLimits limits,
            Instant now,
            Map<PartyId, BudgetStore.PartyAccount> accounts,
            Map<String, BudgetStore.DayAddress> addresses,
            Map<BudgetStore.AddressCharge, Long> spentByAddresses) {
        this.limits = limits;
        this.now = now;
        this.accounts = accounts;
        this.addresses = addresses;
        this.spentByAddresses = spentByAddresses;
    }

    /** Reads the state of parties and addresses. An empty address is not known, and is not limited. */
    static Purse read(
            Connection connection,
            BudgetStore store,
            BudgetLimits limits,
            Set<PartyId> parties,
            Set<String> addresses,
            Instant now)
            throws SQLException {
        Map<String, BudgetStore.DayAddress> stored = new HashMap<>();
        for (String address : addresses) {
            if (!address.isEmpty()) {
                stored.put(address, store.address(address, now));
            }
        }
        BudgetStore.State state = store.read(connection, parties, stored.values());
        return new Purse(limits, now, state.accounts(), stored, state.ofAddresses());
    }

    /**
     * An amount that was taken, to be stored.
     *
     * @param party null if no party is limited
     * @param address null if no address is limited
     */
    record Charge(BudgetStore.@Nullable PartyCharge party, BudgetStore.@Nullable AddressCharge address, long amount) {}

    /**
     * Takes an amount, as {@link #require} allows.
     *
     * @throws ProblemException {@link Problem#BUDGET_SPENT} if less is left; then nothing is taken
     */
    Charge take(Cost cost, @Nullable PartyId party, String address) {
        Charge charge = require(cost, party, address);
        if (charge.party() != null) {
            spentByParties.merge(charge.party(), cost.amount(), Long::sum);
        }
        if (charge.address() != null) {
            spentByAddresses.merge(charge.address(), cost.amount(), Long::sum);
        }
        return charge;
    }

    /**
     * Returns the charge of an amount, without taking it. The first act of a day is granted even if it exceeds the
     * limit, so that no act is too large for ever.
     *
     * @param party null if there is none yet
     * @throws ProblemException {@link Problem#BUDGET_SPENT} if less is left
     */
    Charge require(Cost cost, @Nullable PartyId party, String address) {
        Budget budget = cost.budget();
        BudgetStore.PartyAccount account = party == null ? null : accounts.get(party);
        Long granted = account == null || budget != Budget.WORKS ? null : account.granted();
        BudgetStore.PartyCharge partyCharge = null;
        if (account != null && party != null) {
            long day = Math.max(0, Duration.between(account.openedAt(), now).toDays());
            partyCharge = new BudgetStore.PartyCharge(party, budget, day);
            long limit = granted == null ? limits.ofParty(budget, day) : granted;
            long spent = spentByParties.getOrDefault(
                    partyCharge, account.spent(budget).on(day));
            spentByParties.put(partyCharge, spent);
            if (exceeds(spent, cost.amount(), limit)) {
                throw spent(
                        budget,
                        "This party has " + budget.spent(spent) + " of the " + limit + " for this day"
                                + rest(limit - spent, cost),
                        account.openedAt().plus(DAY.multipliedBy(day + 1)));
            }
        }
        BudgetStore.DayAddress stored = addresses.get(address);
        BudgetStore.AddressCharge addressCharge = null;
        if (stored != null && granted == null) {
            addressCharge = new BudgetStore.AddressCharge(stored, budget);
            long limit = limits.ofAddress(budget);
            long spent = spentByAddresses.getOrDefault(addressCharge, 0L);
            if (exceeds(spent, cost.amount(), limit)) {
                LocalDate tomorrow = stored.day().plusDays(1);
                throw spent(
                        budget,
                        (isOfAddress(budget)
                                        ? "This address has "
                                        : "The parties of this address about which nothing is proved have together ")
                                + budget.spent(spent) + " of the " + limit + " for today" + rest(limit - spent, cost),
                        tomorrow.atStartOfDay(ZoneOffset.UTC).toInstant());
            }
        }
        return new Charge(partyCharge, addressCharge, cost.amount());
    }

    /** Returns true for what somebody does who has no key. */
    private static boolean isOfAddress(Budget budget) {
        return switch (budget) {
            case PARTIES, RECOVERIES, LINKS, MESSAGES -> true;
            default -> false;
        };
    }

    private static boolean exceeds(long spent, long amount, long limit) {
        return limit <= 0 || (spent > 0 && amount > limit - spent);
    }

    private static String rest(long left, Cost cost) {
        return left <= 0 ? "" : "; " + left + " are left, and this needs " + cost.amount();
    }

    private ProblemException spent(Budget budget, String detail, Instant until) {
        String more = isOfAddress(budget) ? ", or ask the operator" : MORE;
        Retry retry = Retry.at(until, now);
        return Problem.BUDGET_SPENT.until(detail + "; go on at " + retry.at() + more, retry);
    }
}
