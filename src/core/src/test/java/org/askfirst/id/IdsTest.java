package org.askfirst.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Ids: each has one text, and they sort by the time of their creation. */
class IdsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");

    @Test
    void anIdHasTheTextItAlwaysHad() {
        assertEquals("p_00000000000000000000000000", new PartyId(new UUID(0, 0)).toString());
        assertEquals("d_0000000000000000000000000z", new DeclarationId(new UUID(0, 31)).toString());
        assertEquals("d_7zzzzzzzzzzzzzzzzzzzzzzzzz", new DeclarationId(new UUID(-1, -1)).toString());
        assertEquals("p_0000000000000g000000000000", new PartyId(new UUID(1, 0)).toString());
    }

    @Test
    void everyIdComesBackFromItsText() {
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            UUID number = new UUID(random.nextLong(), random.nextLong());
            assertEquals(Optional.of(new PartyId(number)), PartyId.parse(new PartyId(number).toString()));
            assertEquals(
                    Optional.of(new DeclarationId(number)), DeclarationId.parse(new DeclarationId(number).toString()));
        }
    }

    @Test
    void whatIsNoIdIsNone() {
        for (String text : new String[] {
            "",
            "p_",
            "d_00000000000000000000000000",
            "p_0000000000000000000000000",
            "p_000000000000000000000000000",
            "p_0000000000000000000000000i",
            "p_0000000000000000000000000A",
            "p_80000000000000000000000000",
            "p_0000000000000000000000000\u0660",
            "P_00000000000000000000000000"
        }) {
            assertEquals(Optional.empty(), PartyId.parse(text), text);
        }
        assertEquals(Optional.empty(), DeclarationId.parse("p_00000000000000000000000000"));
    }

    @Test
    void idsSortByTheTimeTheyWereMadeIn() {
        SecureRandom random = new SecureRandom();
        String before = "";
        for (int i = 0; i < 100; i++) {
            Clock clock = Clock.fixed(NOW.plus(Duration.ofMillis(i)), ZoneOffset.UTC);
            UUID id = new TimeOrderedIds(clock, random).next();
            assertEquals(7, id.version());
            assertEquals(2, id.variant());
            String text = new DeclarationId(id).toString();
            assertTrue(text.compareTo(before) > 0, text + " after " + before);
            before = text;
        }
    }

    @Test
    void idsOfOneMillisecondDiffer() {
        TimeOrderedIds ids = new TimeOrderedIds(Clock.fixed(NOW, ZoneOffset.UTC), new SecureRandom());
        Set<UUID> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            assertTrue(seen.add(ids.next()));
        }
    }
}
