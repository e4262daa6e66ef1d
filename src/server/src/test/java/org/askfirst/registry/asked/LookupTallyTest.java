package org.askfirst.registry.asked;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.datasketches.frequencies.LongsSketch;
import org.askfirst.id.PartyId;
import org.askfirst.index.Match;
import org.askfirst.testkit.TestClock;
import org.askfirst.verdict.ContestState;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.OnBehalfOf;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.Trust;
import org.askfirst.verdict.Use;
import org.junit.jupiter.api.Test;

/** The counter alone: what many threads, too many works and a change of the day do to it. */
class LookupTallyTest {
    private static final PartyId DECLARER = new PartyId(new UUID(9, 9));
    private static final PartyId MEMBER = new PartyId(new UUID(9, 8));
    private static final PartyId CRAWLER = new PartyId(new UUID(7, 7));
    private static final Asker NAMED = new Asker(CRAWLER, true);
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final TestClock clock = new TestClock(Clock.fixed(NOON, ZoneOffset.UTC));
    private final LookupTally tally = new LookupTally(clock, true);

    /** A count: everything that its table keeps apart. */
    private record Key(long position, long work, UUID asker) {}

    private static Match match(long position, long work) {
        return match(position, work, false);
    }

    private static Match match(long position, long work, boolean pending) {
        Statement statement = new Statement(
                DECLARER,
                Trust.ASSERTED,
                position,
                1,
                pending,
                Statement.Reach.WHOLE,
                Control.NONE,
                Stances.of(Map.of(Use.AI_TRAINING, Stance.RESERVED)),
                false,
                Period.ALWAYS,
                new OnBehalfOf(MEMBER.number(), false, Period.ALWAYS),
                ContestState.NONE);
        return new Match(statement, "isbn:9788936434120", true, position, 0, work);
    }

    private void item(Asker asker, Match... matches) {
        try (LookupTally.Stripe stripe = tally.open()) {
            stripe.next();
            for (Match match : matches) {
                stripe.add(match, asker);
            }
        }
    }

    private static Map<Key, Long> sums(List<CellTable> tables) {
        Map<Key, Long> sums = new HashMap<>();
        for (CellTable table : tables) {
            table.forEach(
                    (position, work, asker, lookups) -> sums.merge(new Key(position, work, asker), lookups, Long::sum));
        }
        return sums;
    }

    @Test
    void anItemIsCountedOnceForADeclarationAndOnceForEachWork() {
        item(NAMED, match(5, 2), match(5, 4), match(5, 2), match(6, 2));
        assertEquals(
                Map.of(
                        new Key(5, 0, CRAWLER.number()), 1L,
                        new Key(5, 2, CRAWLER.number()), 1L,
                        new Key(5, 4, CRAWLER.number()), 1L,
                        new Key(6, 0, CRAWLER.number()), 1L,
                        new Key(6, 2, CRAWLER.number()), 1L),
                sums(tally.take()));
        assertEquals(Map.of(), sums(tally.take()));
    }

    @Test
    void onlyKeysHaveANameAndThoseWhoLookAtTheirOwnAreApart() {
        item(Asker.ANONYMOUS, match(1, 2));
        item(new Asker(CRAWLER, false), match(1, 2));
        item(new Asker(DECLARER, true), match(1, 2));
        item(new Asker(MEMBER, false), match(1, 2));
        item(NAMED, match(1, 2));
        Map<Key, Long> sums = sums(tally.take());
        assertEquals(2, sums.get(new Key(1, 0, Asker.NOBODY)));
        assertEquals(2, sums.get(new Key(1, 0, Asker.SELF)));
        assertEquals(1, sums.get(new Key(1, 0, CRAWLER.number())));
    }

    @Test
    void nobodyLearnsWhoAsksForASiteByClaimingIt() {
        item(NAMED, match(1, 2, true));
        assertEquals(List.of(), tally.take());
    }

    @Test
    void noCountIsLostAmongThreads() throws Exception {
        int threads = 8;
        int items = 40_000;
        ExecutorService pool = Executors.newFixedThreadPool(threads + 1);
        List<CellTable> taken = new ArrayList<>();
        try {
            List<Future<Map<Key, Long>>> counted = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                Random random = new Random(thread);
                Callable<Map<Key, Long>> work = () -> {
                    Map<Key, Long> own = new HashMap<>();
                    for (int i = 0; i < items; i++) {
                        long position = 1L + random.nextInt(300);
                        long one = 2 + 2L * random.nextInt(50);
                        item(NAMED, match(position, one));
                        own.merge(new Key(position, 0, CRAWLER.number()), 1L, Long::sum);
                        own.merge(new Key(position, one, CRAWLER.number()), 1L, Long::sum);
                    }
                    return own;
                };
                counted.add(pool.submit(work));
            }
            Map<Key, Long> expected = new HashMap<>();
            while (!counted.stream().allMatch(Future::isDone)) {
                taken.addAll(tally.take());
            }
            for (Future<Map<Key, Long>> own : counted) {
                own.get().forEach((key, lookups) -> expected.merge(key, lookups, Long::sum));
            }
            taken.addAll(tally.take());
            assertEquals(new TreeMap<>(byText(expected)), new TreeMap<>(byText(sums(taken))));
            assertTrue(taken.stream().allMatch(table -> table.sketch() == null && table.uncounted() == 0));
        } finally {
            pool.shutdownNow();
        }
    }

    private static Map<String, Long> byText(Map<Key, Long> sums) {
        Map<String, Long> texts = new HashMap<>();
        sums.forEach((key, lookups) -> texts.put(key.toString(), lookups));
        return texts;
    }

    @Test
    void aFloodOfWorksIsBoundedAndTotalsStayExact() {
        int works = (LookupTally.MAX_WAITING + 2) * CellTable.MAX_WORKS;
        int declarations = 100;
        long often = 4_000_000_000L;
        int visits = 20_000;
        for (int i = 0; i < works; i++) {
            item(NAMED, match(1 + i % declarations, 2 + 2L * i));
        }
        for (int i = 0; i < visits; i++) {
            item(NAMED, match(1, often));
        }
        List<CellTable> tables = tally.take();
        long total = 0;
        long exact = 0;
        for (Map.Entry<Key, Long> one : sums(tables).entrySet()) {
            total += one.getKey().work() == 0 ? one.getValue() : 0;
            exact += one.getKey().work() == 0 ? 0 : one.getValue();
        }
        assertEquals(works + visits, total, "every lookup is in the total of its declaration");
        assertTrue(exact < total, "the flood was larger than the memory");
        long cells = tables.stream().mapToLong(CellTable::size).sum();
        assertTrue(cells <= (LookupTally.MAX_WAITING + 1L) * CellTable.MAX_TOTALS, cells + " cells");
        Chunk chunk = Chunk.of(new UUID(1, 1), 1, tables, NOON, NOON);
        LongsSketch sketch = LongsSketch.getInstance(Objects.requireNonNull(chunk.sketch()));
        assertEquals(total - exact, sketch.getStreamLength(), "the sketch has what has no place");
        long key = CellTable.sketched(1, often);
        assertTrue(sketch.getLowerBound(key) <= visits && visits <= sketch.getUpperBound(key), sketch.toString());
        assertEquals(0, chunk.uncounted());
    }

    @Test
    void totalsWithoutAPlaceAreCountedAsSuch() {
        int declarations = (LookupTally.MAX_WAITING + 2) * CellTable.MAX_TOTALS;
        for (int i = 1; i <= declarations; i++) {
            item(Asker.ANONYMOUS, match(i, 2));
        }
        List<CellTable> tables = tally.take();
        long total = sums(tables).entrySet().stream()
                .filter(one -> one.getKey().work() == 0)
                .mapToLong(Map.Entry::getValue)
                .sum();
        long uncounted = tables.stream().mapToLong(CellTable::uncounted).sum();
        assertTrue(uncounted > 0);
        assertEquals(declarations, total + uncounted);
    }

    @Test
    void worksGoToTheSketchIfTheDatabaseHasNoRoomForThem() {
        tally.exactWorks(false);
        item(NAMED, match(3, 2));
        CellTable table = tally.take().get(0);
        assertEquals(Map.of(new Key(3, 0, CRAWLER.number()), 1L), sums(List.of(table)));
        LongsSketch sketch = table.sketch();
        assertNotNull(sketch);
        assertEquals(1, sketch.getEstimate(CellTable.sketched(3, 3)), "another spelling is the same work");
    }

    @Test
    void aLookupBelongsToItsDay() {
        item(NAMED, match(1, 2));
        clock.forward(Duration.ofHours(12));
        item(NAMED, match(1, 2));
        assertEquals(
                List.of("2026-11-22", "2026-11-23"),
                tally.take().stream().map(table -> table.day().toString()).toList());
    }

    @Test
    void aChunkHasEveryCellAndIsReadFromAnyPlace() {
        for (int i = 1; i <= 1_000; i++) {
            item(i % 3 == 0 ? Asker.ANONYMOUS : NAMED, match(i * 1_000_003L, i % 5 == 0 ? Long.MIN_VALUE : i * 2L));
        }
        List<CellTable> tables = tally.take();
        Chunk chunk = Chunk.of(new UUID(1, 1), 1, tables, NOON, NOON.plusSeconds(5));
        assertNull(chunk.sketch());
        Map<Key, Long> read = new HashMap<>();
        int place = 0;
        boolean more = true;
        while (more) {
            Chunk.Reader reader = new Chunk.Reader(chunk.cells(), place);
            for (int i = 0; i < 7 && more; i++) {
                more = reader.next((position, work, asker, lookups) ->
                        read.merge(new Key(position, work, asker), lookups, Long::sum));
            }
            place = reader.place();
        }
        assertEquals(sums(tables), read);
    }
}
