package org.askfirst.registry.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Retry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rules of budgets, with the default settings. */
class PurseTest {
    private static final Instant OPENED = Instant.parse("2026-11-29T08:12:06.5Z");
    private static final String ADDRESS = "192.0.2.1";
    private static final BudgetLimits LIMITS = new BudgetLimits(
            new SmallRyeConfigBuilder().withMapping(BudgetConfig.class).build().getConfigMapping(BudgetConfig.class));

    private final Map<PartyId, BudgetStore.PartyAccount> accounts = new HashMap<>();
    private final Map<BudgetStore.AddressCharge, Long> ofAddress = new HashMap<>();

    private static BudgetStore.DayAddress stored(Instant now) {
        return new BudgetStore.DayAddress(LocalDate.parse(now.toString().substring(0, 10)), "00".repeat(32));
    }

    private PartyId party(@Nullable Long granted, Map<Budget, BudgetStore.Spent> spent) {
        PartyId party = new PartyId(UUID.randomUUID());
        accounts.put(party, new BudgetStore.PartyAccount(OPENED, granted, spent));
        return party;
    }

    private PartyId party() {
        return party(null, Map.of());
    }

    private Purse at(Instant now) {
        return new Purse(LIMITS, now, accounts, Map.of(ADDRESS, stored(now)), ofAddress);
    }

    private static ProblemException refusal(Purse purse, Budget budget, long amount, @Nullable PartyId party) {
        ProblemException refusal =
                assertThrows(ProblemException.class, () -> purse.take(new Cost(budget, amount), party, ADDRESS));
        assertEquals(Problem.BUDGET_SPENT, refusal.problem());
        return refusal;
    }

    private static Instant retryAt(ProblemException refusal) {
        Retry retry = Objects.requireNonNull(refusal.retry());
        assertTrue(retry.seconds() > 0, refusal::detail);
        return retry.at();
    }

    private static Purse.Charge takes(Purse purse, Budget budget, long amount, @Nullable PartyId party) {
        return purse.take(new Cost(budget, amount), party, ADDRESS);
    }

    @Test
    void aPartyDeclaresTenThousandWorksOnItsFirstDayAndAThousandOnLaterOnes() {
        PartyId party = party();
        Purse first = at(OPENED.plus(Duration.ofHours(23)));
        takes(first, Budget.WORKS, 9_999, party);
        ProblemException refusal = refusal(first, Budget.WORKS, 2, party);
        assertTrue(refusal.detail().contains("declared 9999 works of the 10000"), refusal::detail);
        assertTrue(refusal.detail().contains("1 are left, and this needs 2"), refusal::detail);
        assertEquals(Instant.parse("2026-11-30T08:12:07Z"), retryAt(refusal));
        takes(first, Budget.WORKS, 1, party);
        refusal(first, Budget.WORKS, 1, party);

        Purse second = at(OPENED.plus(Duration.ofHours(24)));
        takes(second, Budget.WORKS, 1_000, party);
        assertEquals(Instant.parse("2026-12-01T08:12:07Z"), retryAt(refusal(second, Budget.WORKS, 1, party)));
    }

    @Test
    void onlyTheSpendingOfTheSameDayCounts() {
        Map<Budget, BudgetStore.Spent> spent = new EnumMap<>(Budget.class);
        spent.put(Budget.WORKS, new BudgetStore.Spent(3, 999));
        PartyId party = party(null, spent);
        refusal(at(OPENED.plus(Duration.ofDays(3))), Budget.WORKS, 2, party);
        takes(at(OPENED.plus(Duration.ofDays(4))), Budget.WORKS, 2, party);
        // Another node, whose clock is a little ahead, has begun the next day.
        refusal(at(OPENED.plus(Duration.ofDays(3)).minusSeconds(1)), Budget.WORKS, 9_002, party);
    }

    @Test
    void theFirstActOfADayIsGrantedEvenIfItIsTooLarge() {
        PartyId party = party(5L, Map.of());
        Purse purse = at(OPENED);
        takes(purse, Budget.WORKS, 7, party);
        refusal(purse, Budget.WORKS, 1, party);
        refusal(at(OPENED), Budget.WORKS, 1, party(0L, Map.of()));
    }

    @Test
    void thePartiesOfAnAddressDeclareTwentyThousandWorksTogether() {
        Purse purse = at(OPENED);
        takes(purse, Budget.WORKS, 10_000, party());
        takes(purse, Budget.WORKS, 9_999, party());
        PartyId third = party();
        ProblemException refusal = refusal(purse, Budget.WORKS, 2, third);
        assertTrue(refusal.detail().contains("declared 19999 works of the 20000 for today"), refusal::detail);
        assertEquals(Instant.parse("2026-11-30T00:00:00Z"), retryAt(refusal));
        takes(purse, Budget.WORKS, 1, third);
        // The operator knows this one.
        PartyId raised = party(50_000L, Map.of());
        Purse.Charge charge = takes(purse, Budget.WORKS, 40_000, raised);
        assertNull(charge.address());
        assertEquals(40_000, charge.amount());
    }

    @Test
    void anotherAddressIsNotLimitedByThisOne() {
        ofAddress.put(new BudgetStore.AddressCharge(stored(OPENED), Budget.WORKS), 20_000L);
        PartyId party = party();
        refusal(at(OPENED), Budget.WORKS, 1, party);
        Purse.Charge elsewhere = at(OPENED).take(new Cost(Budget.WORKS, 1), party, "");
        assertEquals(party, Objects.requireNonNull(elsewhere.party()).party());
    }

    @Test
    void anAddressBeginsTwentyRecoveries() {
        Purse purse = at(OPENED);
        takes(purse, Budget.RECOVERIES, 20, null);
        ProblemException refusal = refusal(purse, Budget.RECOVERIES, 1, null);
        assertTrue(refusal.detail().contains("This address has begun 20 recoveries of the 20"), refusal::detail);
        assertEquals(Instant.parse("2026-11-30T00:00:00Z"), retryAt(refusal));
    }

    @Test
    void everyBudgetHasALimit() {
        Map<Budget, Long> ofParty = Map.of(
                Budget.CLAIMS, 50L, Budget.OFFERS, 100L, Budget.DISPUTES, 10L, Budget.CHANGES, 50L, Budget.FILES, 600L);
        Map<Budget, Long> ofAddresses = Map.of(
                Budget.PARTIES,
                20L,
                Budget.RECOVERIES,
                20L,
                Budget.WORKS,
                20_000L,
                Budget.CLAIMS,
                200L,
                Budget.OFFERS,
                400L,
                Budget.DISPUTES,
                20L,
                Budget.FILES,
                2_000L);
        ofParty.forEach((budget, limit) -> {
            Purse purse = at(OPENED);
            PartyId party = party();
            takes(purse, budget, limit, party);
            refusal(purse, budget, 1, party);
        });
        ofAddresses.forEach((budget, limit) -> {
            Purse purse = at(OPENED);
            ofAddress.clear();
            takes(purse, budget, limit, null);
            refusal(purse, budget, 1, null);
        });
    }
}
