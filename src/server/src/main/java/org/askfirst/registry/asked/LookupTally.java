package org.askfirst.registry.asked;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.askfirst.index.Match;

/**
 * Counts lookups in memory. Lookups of all threads add to it, and {@link TallyWriter} takes what was counted.
 *
 * <p>Counts are in stripes. A thread takes a free stripe for a block of items, and counts without a lock, and without
 * objects, for each item. It waits only if more threads count at the same instant than there are stripes. Memory is
 * bounded: if all tables are full and wait to be stored, works are counted by sketches, and totals use the rest of each
 * table. Only after that are totals counted without their declarations, and the answer says so.
 */
@Singleton
public class LookupTally {
    /** Number of full tables that may wait to be stored. Each has less than 800 KB. */
    static final int MAX_WAITING = 32;

    private static final int MAX_STRIPES = 64;

    private final Clock clock;
    private final boolean enabled;
    private final Stripe[] stripes;
    private final ConcurrentLinkedQueue<CellTable> full = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean exactWorks = true;
    private volatile Runnable whenFull = () -> {};

    @Inject
    LookupTally(Clock clock, AskedConfig config) {
        this(clock, config.count());
    }

    LookupTally(Clock clock, boolean enabled) {
        this.clock = clock;
        this.enabled = enabled;
        int count = Integer.highestOneBit(
                Math.min(MAX_STRIPES, 4 * Runtime.getRuntime().availableProcessors()));
        this.stripes = new Stripe[count];
        LocalDate today = today();
        for (int i = 0; i < count; i++) {
            stripes[i] = new Stripe(today);
        }
    }

    /** Sets what runs when a table is full. It runs on the thread of a lookup, and must not wait. */
    void whenFull(Runnable task) {
        whenFull = task;
    }

    /** Sets whether works are counted one by one. If not, they go to sketches, and totals stay as they are. */
    void exactWorks(boolean exact) {
        exactWorks = exact;
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    /** Returns the stripe for a block of items. The caller must close it, soon and on the same thread. */
    public Stripe open() {
        int first = (int) Thread.currentThread().getId() & (stripes.length - 1);
        for (int i = 0; i < stripes.length; i++) {
            Stripe stripe = stripes[(first + i) & (stripes.length - 1)];
            if (stripe.lock.tryLock()) {
                return stripe.begun();
            }
        }
        stripes[first].lock.lock();
        return stripes[first].begun();
    }

    /** The counts of some threads, one after another. */
    public final class Stripe implements AutoCloseable {
        private final ReentrantLock lock = new ReentrantLock();
        private CellTable table;

        private Stripe(LocalDate day) {
            this.table = new CellTable(day);
        }

        private Stripe begun() {
            LocalDate today = today();
            if (!today.equals(table.day())) {
                exchange(today);
            }
            return this;
        }

        /** Begins the next item. The matches of an item are counted once for each declaration and each work. */
        public void next() {
            // Only between items: a new table does not know what the item has already counted.
            if (table.isFull() && waiting.get() < MAX_WAITING) {
                exchange(table.day());
                whenFull.run();
            }
            table.next();
        }

        /**
         * Counts a match of the present item. A declaration that waits for a proof of control is not counted: others
         * must not learn who asks for a site by claiming it.
         */
        public void add(Match match, Asker asker) {
            if (enabled && !match.statement().pending()) {
                table.add(match.statedAt(), match.work(), asker.countedFor(match.statement()), exactWorks);
            }
        }

        private void exchange(LocalDate day) {
            if (!table.isEmpty()) {
                waiting.incrementAndGet();
                full.add(table);
            }
            table = new CellTable(day);
        }

        @Override
        public void close() {
            lock.unlock();
        }
    }

    /** Takes the full tables. */
    List<CellTable> takeFull() {
        List<CellTable> taken = new ArrayList<>();
        for (CellTable table = full.poll(); table != null; table = full.poll()) {
            waiting.decrementAndGet();
            taken.add(table);
        }
        return taken;
    }

    /** Takes everything that was counted. */
    List<CellTable> take() {
        for (Stripe stripe : stripes) {
            stripe.lock.lock();
            try {
                stripe.exchange(today());
            } finally {
                stripe.lock.unlock();
            }
        }
        return takeFull();
    }
}
