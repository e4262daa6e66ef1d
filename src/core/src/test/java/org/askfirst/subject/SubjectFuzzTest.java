package org.askfirst.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.EnumSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The short fuzz run of every build; the long one is {@code bench/run subject fuzz}. */
class SubjectFuzzTest {
    @Test
    void nothingButProblemsComesOutOfDamagedInputs() {
        SubjectFuzz fuzz = new SubjectFuzz();
        fuzz.run(1, 200_000);
        assertEquals(
                EnumSet.allOf(SubjectScheme.class),
                EnumSet.copyOf(fuzz.parsed().keySet()),
                "the generator must reach every scheme");
    }

    /** Quadratic cost would take minutes for half a million characters. */
    @Test
    void longInputsTakeLinearTime() {
        Spellings spellings = new Spellings(new SplittableRandom(2));
        SubjectFuzz fuzz = new SubjectFuzz();
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            for (int length : new int[] {1_000, 8_000, 30_000, 500_000}) {
                for (int i = 0; i < 200; i++) {
                    fuzz.check(spellings.repeated(length));
                }
            }
        });
    }
}
