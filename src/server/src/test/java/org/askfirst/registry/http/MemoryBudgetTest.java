package org.askfirst.registry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.junit.jupiter.api.Test;

/** Long bodies share a part of the heap. */
class MemoryBudgetTest {
    private static final int MIB = 1 << 20;

    @Test
    void whatDoesNotFitIsRefusedUntilOthersHaveEnded() {
        MemoryBudget budget = new MemoryBudget(2L * MIB * MemoryBudget.BYTES_FOR_A_BYTE);
        assertTrue(budget.take(0, MIB));
        assertTrue(budget.take(0, MIB));
        assertFalse(budget.take(0, 1));
        assertEquals(2L * MIB * MemoryBudget.BYTES_FOR_A_BYTE, budget.taken());
        budget.giveBack(MIB);
        assertTrue(budget.take(MIB, MIB));
        budget.giveBack(2 * MIB);
        assertEquals(0, budget.taken());
    }

    /** On a small heap too, the longest body is answered if it is alone. */
    @Test
    void oneBodyAloneIsAlwaysGranted() {
        MemoryBudget budget = new MemoryBudget(MIB);
        long already = 0;
        for (int i = 0; i < 32; i++) {
            assertTrue(budget.take(already, MIB));
            already += MIB;
        }
        assertFalse(budget.take(0, 1));
        budget.giveBack(already);
        assertEquals(0, budget.taken());
    }

    @Test
    void aBodyTakesMemoryAsItIsRead() throws IOException {
        MemoryBudget budget = new MemoryBudget(2L * MIB * MemoryBudget.BYTES_FOR_A_BYTE);
        ProblemException tooLarge = Problem.TOO_LARGE.because("too long");
        BudgetedBody first =
                new BudgetedBody(new ByteArrayInputStream(new byte[2 * MIB]), budget, MIB, 3 * MIB, tooLarge);
        assertEquals(2 * MIB, first.readAllBytes().length);
        assertEquals((long) MIB * MemoryBudget.BYTES_FOR_A_BYTE, budget.taken());
        BudgetedBody second =
                new BudgetedBody(new ByteArrayInputStream(new byte[3 * MIB]), budget, MIB, 3 * MIB, tooLarge);
        assertEquals(
                Problem.UNAVAILABLE,
                assertThrows(ProblemException.class, second::readAllBytes).problem());
        second.giveBack();
        first.giveBack();
        assertEquals(0, budget.taken());
        BudgetedBody third =
                new BudgetedBody(new ByteArrayInputStream(new byte[4 * MIB]), budget, MIB, 3 * MIB, tooLarge);
        assertEquals(
                Problem.TOO_LARGE,
                assertThrows(ProblemException.class, third::readAllBytes).problem());
    }
}
