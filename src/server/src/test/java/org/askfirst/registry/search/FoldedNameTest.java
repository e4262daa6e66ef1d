package org.askfirst.registry.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FoldedNameTest {
    private static String fold(String name) {
        return FoldedName.of(name).text();
    }

    @ParameterizedTest
    @CsvSource({
        "달 토끼, 달토끼",
        "「달토끼」, 달토끼",
        "Ｍｏｏｎ　Rabbit, moonrabbit",
        "STRASSE, straße",
        "Café, cafe",
        "ΟΔΟΣ, οδος",
        "ｶﾞ, ガ",
        "a\u202Eb\u200Bc, abc",
        "🐇️ moon, 🐇moon",
        "?!, ?!"
    })
    void twoSpellingsAreEqual(String one, String other) {
        assertEquals(fold(other), fold(one));
        assertFalse(fold(one).isEmpty());
    }

    @Test
    void decomposedHangulIsEqual() {
        assertEquals("달토끼", fold(Normalizer.normalize("달 토끼", Normalizer.Form.NFD)));
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\u200B\u202E", "\u3164", "\u0001"})
    void nothingVisibleIsEmpty(String name) {
        assertTrue(FoldedName.of(name).isEmpty());
    }

    @Test
    void aLongNameIsCut() {
        assertEquals(FoldedName.MAX_POINTS, fold("가".repeat(10_000)).length());
        assertEquals(2 * FoldedName.MAX_POINTS, fold("🐇".repeat(400)).length());
    }

    @Test
    void aNameHasTheGramsThatItsWordsRequire() {
        Set<Integer> stored = new HashSet<>();
        FoldedName.of("봄의 끝, 달토끼").addGrams(FoldedName.Kind.WORK, stored);
        for (String asked : List.of("달 토끼", "봄의", "끝 토끼", "봄", "봄의끝달토끼", "의끝")) {
            assertTrue(stored.containsAll(FoldedName.of(asked).requiredGrams(FoldedName.Kind.WORK)), asked);
        }
        assertFalse(stored.containsAll(FoldedName.of("끝").requiredGrams(FoldedName.Kind.WORK)), "not the beginning");
        assertFalse(stored.containsAll(FoldedName.of("봄의").requiredGrams(FoldedName.Kind.PARTY)), "another kind");
    }

    @Test
    void oneWrongCharacterLeavesOneThirdUnchanged() {
        Set<Integer> stored = new HashSet<>();
        FoldedName.of("달빛아래토끼").addGrams(FoldedName.Kind.WORK, stored);
        assertTrue(FoldedName.of("달빛아래토기").thirds(FoldedName.Kind.WORK).stream().anyMatch(stored::containsAll));
        assertTrue(FoldedName.of("달토끼").thirds(FoldedName.Kind.WORK).isEmpty(), "too short");
    }

    @Test
    void likenessComparesEachTextAndAllTogether() {
        FoldedName asked = FoldedName.of("moon rabbit");
        assertEquals(1000, asked.likeness(List.of("moonrabbit")));
        assertEquals(1000, asked.likeness(List.of("other", "moonrabbit")));
        assertNotEquals(0, asked.likeness(List.of("moonrabbits")));
        assertEquals(0, asked.likeness(List.of("춤")));
    }

    @Test
    void equalTextsOfTwoKindsDiffer() {
        FoldedName name = FoldedName.of("하늘");
        assertNotEquals(name.exact(FoldedName.Kind.WORK), name.exact(FoldedName.Kind.PARTY));
    }
}
