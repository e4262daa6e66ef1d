package org.askfirst.registry.asked;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.datasketches.frequencies.LongsSketch;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.index.Match;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.mirror.Mirror;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.statement.DeclaredWorks;
import org.askfirst.subject.Subject;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Adds stored chunks to the tables of counts, a part in each transaction, on one node at a time.
 *
 * <p>A part and the mark of how far the chunk was read are one transaction, so each cell is added once, whatever node
 * dies. After a part the thread pauses three times as long as the part took. While chunks are large, because somebody
 * looks up very many works, it pauses 19 times as long: the database is then busy for others, and counts may be late.
 */
@ApplicationScoped
class TallyFold {
    private static final Logger LOG = Logger.getLogger(TallyFold.class);

    /** "ASKCOUNT" in ASCII: the lock of everything that changes the tables of counts. */
    private static final long LOCK = 0x4153_4b43_4f55_4e54L;

    /** Cells of one part. */
    private static final int CELLS = 5_000;

    /** Bytes of a chunk from which on it counts as large. */
    private static final int LARGE = 1 << 19;

    private static final int PAUSE = 3;
    private static final int LONG_PAUSE = 19;
    private static final int PERIOD_MILLIS = 1_000;
    private static final long CLEANING_NANOS = TimeUnit.HOURS.toNanos(1);

    /** Counters of the sketch of a month. */
    private static final int SKETCH_SIZE = 1 << 16;

    /** Months before the present one whose works are kept. */
    static final int MONTHS = 13;

    private final DataSource dataSource;
    private final Clock clock;
    private final Thread thread = new Thread(this::run, "asked-fold");
    private long cleanedAt = System.nanoTime() - CLEANING_NANOS;
    private volatile boolean stopping;

    TallyFold(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /** Starts when the service is reachable, so that commands do not run it. */
    void start(@ObservesAsync HttpServerStart event, Mirror mirror) {
        if (!mirror.isOn() && thread.getState() == Thread.State.NEW) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    void stop(@Observes @Priority(50) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        thread.interrupt();
        thread.join(2L * PERIOD_MILLIS);
    }

    private void run() {
        while (!stopping) {
            try {
                long began = System.nanoTime();
                int bytes = fold();
                if (bytes > 0) {
                    TimeUnit.NANOSECONDS.sleep((System.nanoTime() - began) * (bytes >= LARGE ? LONG_PAUSE : PAUSE));
                } else {
                    if (began - cleanedAt >= CLEANING_NANOS) {
                        cleanedAt = began;
                        clean();
                    }
                    Thread.sleep(PERIOD_MILLIS);
                }
            } catch (InterruptedException interrupted) {
                // Only stop() interrupts, after it has set the flag that ends the loop.
                LOG.debug("The counts of lookups were interrupted to stop");
            } catch (SQLException | RuntimeException failure) {
                if (!stopping) {
                    LOG.warn("The counts of lookups could not be added up; retrying", failure);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PERIOD_MILLIS);
        } catch (InterruptedException interrupted) {
            LOG.debug("The counts of lookups were interrupted to stop");
        }
    }

    /** Waits until nobody else changes the tables of counts, until the end of the transaction. */
    static void lock(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("select pg_advisory_xact_lock(?)")) {
            lock.setLong(1, LOCK);
            lock.execute();
        }
    }

    private static boolean tryLock(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("select pg_try_advisory_xact_lock(?)")) {
            lock.setLong(1, LOCK);
            try (ResultSet row = lock.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /**
     * Adds the next part. Returns the size of its chunk in bytes, at least 1; 0 if no chunk waits, or if another node
     * adds.
     */
    int fold() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                int bytes = tryLock(connection) ? foldNext(connection) : 0;
                connection.commit();
                return bytes;
            } catch (SQLException | RuntimeException failure) {
                connection.rollback();
                throw failure;
            }
        }
    }

    /** A chunk that is not completely added. */
    private record Open(
            long id,
            LocalDate day,
            Instant since,
            Instant until,
            ByteBuffer cells,
            int folded,
            @Nullable String sketch,
            long uncounted) {}

    private int foldNext(Connection connection) throws SQLException {
        Open open = open(connection);
        if (open == null) {
            return 0;
        }
        if (open.folded == 0) {
            addSketch(connection, open);
            addUncounted(connection, open);
        }
        Chunk.Reader reader = new Chunk.Reader(open.cells, open.folded);
        Part part = new Part(open);
        boolean more = true;
        for (int i = 0; i < CELLS && more; i++) {
            more = reader.next(part::read);
        }
        part.add(connection);
        try (PreparedStatement update = connection.prepareStatement(
                more
                        ? "update asked_chunk set folded = ? where id = ?"
                        : "update asked_chunk set folded = ?, done_at = ?, cells = '', sketch = null where id = ?")) {
            update.setInt(1, more ? reader.place() : 0);
            if (!more) {
                update.setObject(2, clock.instant().atOffset(ZoneOffset.UTC));
            }
            update.setLong(more ? 2 : 3, open.id);
            update.executeUpdate();
        }
        return Math.max(1, open.cells.remaining());
    }

    private static @Nullable Open open(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select id, day, since, until, cells, folded,"
                        + " sketch, uncounted from asked_chunk where done_at is null order by id limit 1");
                ResultSet row = select.executeQuery()) {
            return row.next()
                    ? new Open(
                            row.getLong(1),
                            row.getObject(2, LocalDate.class),
                            row.getObject(3, OffsetDateTime.class).toInstant(),
                            row.getObject(4, OffsetDateTime.class).toInstant(),
                            ByteBuffer.wrap(row.getBytes(5)),
                            row.getInt(6),
                            row.getString(7),
                            row.getLong(8))
                    : null;
        }
    }

    private static LocalDate monthOf(LocalDate day) {
        return day.withDayOfMonth(1);
    }

    private static void addSketch(Connection connection, Open open) throws SQLException {
        if (open.sketch == null) {
            return;
        }
        LongsSketch whole = sketch(connection, monthOf(open.day));
        LongsSketch merged =
                (whole == null ? new LongsSketch(SKETCH_SIZE) : whole).merge(LongsSketch.getInstance(open.sketch));
        try (PreparedStatement set = connection.prepareStatement("insert into asked_sketch (month, sketch)"
                + " values (?, ?) on conflict (month) do update set sketch = excluded.sketch")) {
            set.setObject(1, monthOf(open.day));
            set.setString(2, merged.serializeToString());
            set.executeUpdate();
        }
    }

    /** Returns the sketch of the works of the month that were not counted one by one; null if each was. */
    static @Nullable LongsSketch sketch(Connection connection, LocalDate month) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select sketch from asked_sketch where month = ?")) {
            select.setObject(1, month);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? LongsSketch.getInstance(row.getString(1)) : null;
            }
        }
    }

    private static void addUncounted(Connection connection, Open open) throws SQLException {
        if (open.uncounted == 0) {
            return;
        }
        try (PreparedStatement add = connection.prepareStatement("insert into asked_uncounted as a (day, lookups)"
                + " values (?, ?) on conflict (day) do update set lookups = a.lookups + excluded.lookups")) {
            add.setObject(1, open.day);
            add.setLong(2, open.uncounted);
            add.executeUpdate();
        }
    }

    /** A count of something by somebody. */
    private record Counted(UUID of, UUID asker) {
        static final Comparator<Counted> ORDER =
                Comparator.comparing(Counted::of).thenComparing(Counted::asker);
    }

    private record CountedWork(UUID party, UUID declaration, long work, UUID asker) {
        static final Comparator<CountedWork> ORDER = Comparator.comparing(CountedWork::declaration)
                .thenComparing(CountedWork::work)
                .thenComparing(CountedWork::asker);
    }

    private record Cell(long position, long work, UUID asker) {
        static final Comparator<Cell> ORDER =
                Comparator.comparing(Cell::position).thenComparing(Cell::work).thenComparing(Cell::asker);
    }

    /** The cells of one part, added up. */
    private static final class Part {
        private final Open open;
        private final Map<Cell, Long> cells = new TreeMap<>(Cell.ORDER);

        Part(Open open) {
            this.open = open;
        }

        void read(long position, long work, UUID asker, long lookups) {
            cells.merge(new Cell(position, work, asker), lookups, Long::sum);
        }

        void add(Connection connection) throws SQLException {
            if (cells.isEmpty()) {
                return;
            }
            Map<Long, DeclarationId> declarations = LedgerStore.declarations(
                    connection,
                    new HashSet<>(cells.keySet().stream().map(Cell::position).toList()));
            Map<DeclarationId, DeclaredWorks.Declarer> declarers =
                    DeclaredWorks.declarers(connection, new HashSet<>(declarations.values()));
            Map<DeclaredWorks.Work, String> spelled = DeclaredWorks.subjects(connection, otherSpellings(declarations));
            Set<UUID> accounts = accounts(connection, declarers.values());
            Map<Counted, Long> ofDeclarations = new TreeMap<>(Counted.ORDER);
            Map<Counted, Long> ofParties = new TreeMap<>(Counted.ORDER);
            Map<CountedWork, Long> ofWorks = new TreeMap<>(CountedWork.ORDER);
            cells.forEach((cell, lookups) -> {
                DeclarationId declaration = declarations.get(cell.position);
                if (declaration == null) {
                    return;
                }
                DeclaredWorks.Declarer declarer = declarers.get(declaration);
                if (declarer == null || !accounts.contains(declarer.party().number())) {
                    return;
                }
                UUID asker = cell.asker.equals(Asker.SELF) || accounts.contains(cell.asker) ? cell.asker : Asker.NOBODY;
                if (cell.work == 0) {
                    ofDeclarations.merge(new Counted(declaration.number(), asker), lookups, Long::sum);
                    ofParties.merge(new Counted(declarer.party().number(), asker), lookups, Long::sum);
                    return;
                }
                String subject = spelled.get(new DeclaredWorks.Work(declaration, cell.work));
                long work = subject == null ? cell.work & ~Match.OTHER_SUBJECT : workOf(subject);
                ofWorks.merge(
                        new CountedWork(declarer.party().number(), declaration.number(), work, asker),
                        lookups,
                        Long::sum);
            });
            addDeclarations(connection, ofDeclarations);
            addParties(connection, ofParties);
            addWorks(connection, ofWorks);
        }

        /** Returns the works that were found under another spelling. The others are known by their own keys. */
        private Set<DeclaredWorks.Work> otherSpellings(Map<Long, DeclarationId> declarations) {
            Set<DeclaredWorks.Work> works = new HashSet<>();
            for (Cell cell : cells.keySet()) {
                DeclarationId declaration = declarations.get(cell.position);
                if (declaration != null && (cell.work & Match.OTHER_SUBJECT) != 0) {
                    works.add(new DeclaredWorks.Work(declaration, cell.work));
                }
            }
            return works;
        }

        private static long workOf(String subject) {
            try {
                return Match.work(Subject.parse(subject).expand(), 0, false);
            } catch (ProblemException impossible) {
                throw new IllegalStateException("the registry stored the subject " + subject, impossible);
            }
        }

        /** Returns those of the askers and declarers whose accounts are not erased. */
        private Set<UUID> accounts(Connection connection, Collection<DeclaredWorks.Declarer> declarers)
                throws SQLException {
            Set<PartyId> parties = new HashSet<>();
            cells.keySet().forEach(cell -> parties.add(new PartyId(cell.asker)));
            declarers.forEach(declarer -> parties.add(declarer.party()));
            Set<UUID> accounts = new HashSet<>();
            Parties.profiles(connection, parties).forEach((party, profile) -> {
                if (profile.name() != null) {
                    accounts.add(party.number());
                }
            });
            return accounts;
        }

        private void addDeclarations(Connection connection, Map<Counted, Long> counts) throws SQLException {
            // A lookup came at some time between the two. The first is no later, and the last no earlier.
            try (PreparedStatement add = connection.prepareStatement("insert into asked_declaration as a"
                    + " (declaration, asker, lookups, day, first_at, last_at)"
                    + " select c.*, ?::date, ?::timestamptz, ?::timestamptz"
                    + " from unnest(?::uuid[], ?::uuid[], ?::bigint[]) as c"
                    + " on conflict (declaration, day, asker) do update set lookups = a.lookups + excluded.lookups,"
                    + " first_at = least(a.first_at, excluded.first_at),"
                    + " last_at = greatest(a.last_at, excluded.last_at)")) {
                add.setObject(1, open.day);
                add.setObject(2, open.until.atOffset(ZoneOffset.UTC));
                add.setObject(3, open.since.atOffset(ZoneOffset.UTC));
                set(add, 4, connection, counts);
                add.executeUpdate();
            }
        }

        private void addParties(Connection connection, Map<Counted, Long> counts) throws SQLException {
            try (PreparedStatement add = connection.prepareStatement("insert into asked_party as a"
                    + " (party, asker, lookups, day) select c.*, ?::date"
                    + " from unnest(?::uuid[], ?::uuid[], ?::bigint[]) as c"
                    + " on conflict (party, day, asker) do update set lookups = a.lookups + excluded.lookups")) {
                add.setObject(1, open.day);
                set(add, 2, connection, counts);
                add.executeUpdate();
            }
        }

        private static void set(PreparedStatement add, int from, Connection connection, Map<Counted, Long> counts)
                throws SQLException {
            add.setArray(from, SqlArray.ids(connection, counts.keySet().stream().map(Counted::of)));
            add.setArray(
                    from + 1, SqlArray.ids(connection, counts.keySet().stream().map(Counted::asker)));
            add.setArray(from + 2, SqlArray.longs(connection, counts.values().stream()));
        }

        private void addWorks(Connection connection, Map<CountedWork, Long> counts) throws SQLException {
            List<CountedWork> works = List.copyOf(counts.keySet());
            try (PreparedStatement add = connection.prepareStatement("insert into asked_work as a"
                    + " (party, declaration, work, asker, lookups, month) select c.*, ?::date"
                    + " from unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::uuid[], ?::bigint[]) as c"
                    + " on conflict (declaration, month, work, asker) do update"
                    + " set lookups = a.lookups + excluded.lookups")) {
                add.setObject(1, monthOf(open.day));
                add.setArray(2, SqlArray.ids(connection, works.stream().map(CountedWork::party)));
                add.setArray(3, SqlArray.ids(connection, works.stream().map(CountedWork::declaration)));
                add.setArray(4, SqlArray.longs(connection, works.stream().map(CountedWork::work)));
                add.setArray(5, SqlArray.ids(connection, works.stream().map(CountedWork::asker)));
                add.setArray(6, SqlArray.longs(connection, counts.values().stream()));
                add.executeUpdate();
            }
        }
    }

    /** Deletes what is older than the pages show: works after 13 months, and added chunks after a day. */
    void clean() throws SQLException {
        Instant now = clock.instant();
        LocalDate oldest = monthOf(LocalDate.ofInstant(now, ZoneOffset.UTC)).minusMonths(MONTHS);
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            lock(connection);
            for (String table : List.of("asked_work", "asked_sketch")) {
                try (PreparedStatement delete =
                        connection.prepareStatement("delete from " + table + " where month < ?")) {
                    delete.setObject(1, oldest);
                    delete.executeUpdate();
                }
            }
            try (PreparedStatement delete = connection.prepareStatement("delete from asked_chunk where done_at < ?")) {
                delete.setObject(1, now.minus(Duration.ofDays(1)).atOffset(ZoneOffset.UTC));
                delete.executeUpdate();
            }
            connection.commit();
        }
    }
}
