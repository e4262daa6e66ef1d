package org.askfirst.registry.journey;

import org.junit.jupiter.api.Assumptions;

/** Leaves a test out only where everybody sees it. */
final class Loudly {
    private Loudly() {}

    /** Leaves the test out, saying so, unless that holds. */
    static void assume(boolean holds, String otherwise) {
        if (!holds) {
            System.err.println("NOT TESTED: " + otherwise);
        }
        Assumptions.assumeTrue(holds, otherwise);
    }
}
