package org.askfirst.registry.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AsOfTest {
    private static final int MICROSECONDS = 1_000_000;

    @Test
    void aMomentIsWrittenAsInstantsAre() {
        Random random = new Random(20261130);
        int[] fractions = {0, 1, 10, 120, 1_000, 123_000, 100_000, 999_999};
        for (int i = 0; i < 10_000; i++) {
            long second = i % 3 == 0 ? 1_800_000_000L : random.nextLong(0, 253_402_300_799L);
            int micros = i % 2 == 0 ? fractions[random.nextInt(fractions.length)] : random.nextInt(MICROSECONDS);
            Instant moment = Instant.ofEpochSecond(second, micros * 1_000L);
            assertEquals(i + "@" + moment, new AsOf(i, moment, null).toString());
        }
    }
}
