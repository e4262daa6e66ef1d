package org.askfirst.bench.lookup;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongUnaryOperator;
import org.askfirst.bench.harness.Machine;

/** Something done again and again in one thread: how often a second of a processor. */
final class Rounds {
    private static final long WARM_UP_NANOS = 2_000_000_000L;
    private static final long ROUND_NANOS = 1_000_000_000L;
    private static final int ROUNDS = 5;

    private Rounds() {}

    /**
     * The median of five rounds; all of them go to the error output.
     *
     * @param block does a block of work, told its number, and says how much it was
     */
    static double perSecond(String name, LongUnaryOperator block) {
        long number = round(block, 0, WARM_UP_NANOS, null);
        long faults = Machine.faults();
        double[] rates = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            double[] rate = new double[1];
            number = round(block, number, ROUND_NANOS, rate);
            rates[i] = rate[0];
        }
        Arrays.sort(rates);
        System.err.printf(
                Locale.ROOT,
                "  %s: %,.0f a second (%,.0f to %,.0f), %,d page faults%n",
                name, rates[2], rates[0], rates[ROUNDS - 1], Machine.faults() - faults);
        return rates[ROUNDS / 2];
    }

    private static long round(LongUnaryOperator block, long from, long nanos, double[] rate) {
        long number = from;
        long done = 0;
        long start = System.nanoTime();
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        while (System.nanoTime() - start < nanos) {
            done += block.applyAsLong(number++);
        }
        if (rate != null) {
            rate[0] = done * 1e9 / (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu);
        }
        return number;
    }
}
