package org.askfirst.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The stored form of stances. Tables and files have the numbers, so a changed number would change what parties
 * declared.
 */
class StancesTest {
    @Test
    void theNumbersOfUsesAndStancesAreTheseForEver() {
        List<String> uses = new ArrayList<>();
        for (Use use : Use.values()) {
            uses.add(use.number() + " " + use.wireName());
        }
        assertEquals(
                List.of(
                        "0 text-and-data-mining",
                        "1 data-analysis",
                        "2 ai-training",
                        "3 generative-ai-training",
                        "4 non-generative-ai-training",
                        "5 ai-input",
                        "6 ai-index",
                        "7 search-indexing"),
                uses);
        List<String> stances = new ArrayList<>();
        for (Stance stance : Stance.values()) {
            stances.add(stance.number() + " " + stance.wireName());
        }
        assertEquals(List.of("1 reserved", "2 permitted-with-terms", "3 permitted"), stances);
    }

    @Test
    void everyUseHasItsTwoBits() {
        assertEquals(
                0b01,
                Stances.of(Map.of(Use.TEXT_AND_DATA_MINING, Stance.RESERVED)).packed());
        assertEquals(
                0b11_0000, Stances.of(Map.of(Use.AI_TRAINING, Stance.PERMITTED)).packed());
        assertEquals(
                0b10_00_00_00_00_00_00_01,
                Stances.of(Map.of(
                                Use.TEXT_AND_DATA_MINING,
                                Stance.RESERVED,
                                Use.SEARCH_INDEXING,
                                Stance.PERMITTED_WITH_TERMS))
                        .packed());
    }

    @Test
    void everyCombinationComesBackFromItsBits() {
        for (int packed = 1; packed < 1 << 16; packed++) {
            Stances stances = Stances.fromPacked(packed);
            assertEquals(packed, stances.packed());
            assertEquals(stances, Stances.of(stances.stated()));
        }
    }

    @Test
    void aDeclarationSaysSomething() {
        assertThrows(IllegalArgumentException.class, () -> Stances.fromPacked(0));
        assertThrows(IllegalArgumentException.class, () -> Stances.of(Map.of()));
    }

    @Test
    void theNearestStatedUmbrellaSpeaks() {
        Stances stances =
                Stances.of(Map.of(Use.TEXT_AND_DATA_MINING, Stance.PERMITTED, Use.AI_TRAINING, Stance.RESERVED));
        assertEquals(Optional.of(Stance.RESERVED), stances.on(Use.GENERATIVE_AI_TRAINING));
        assertEquals(Optional.of(Stance.PERMITTED), stances.on(Use.AI_INDEX));
        assertEquals(Optional.empty(), stances.on(Use.SEARCH_INDEXING));
        assertEquals(Optional.empty(), stances.stated(Use.GENERATIVE_AI_TRAINING));
    }
}
