package org.askfirst.registry.search;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.Work;
import org.askfirst.id.PartyId;
import org.askfirst.registry.erasure.Erasure;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerFollower;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.mirror.Mirror;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.statement.StatementStore;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the table of names that can be searched. It follows the ledger from its own position, so that an append never
 * waits for it, and a new name is found about a second later.
 *
 * <p>The erasure of a party deletes its rows in its own transaction. If the follower has read a title of the party just
 * before and writes it just after, it deletes the row again when it reaches the entry of the erasure. Nobody has seen
 * the row: each result is read from the ledger before it is shown. One node at a time follows.
 */
@ApplicationScoped
public class NameIndex implements LedgerFollower, ErasureListener {
    private static final Logger LOG = Logger.getLogger(NameIndex.class);

    /** "ASKNAMES" in ASCII. */
    private static final long LOCK = 0x4153_4b4e_414d_4553L;

    private static final int BLOCK = 500;
    private static final int BLOCK_BYTES = 4 << 20;
    private static final int PERIOD_MILLIS = 1_000;
    private static final int MAX_CREATORS = 20;
    private static final int MAX_CREATOR_POINTS = 50;

    private final DataSource dataSource;
    private final LedgerStore ledger;
    private final Semaphore wakeUps = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "search-index");
    private volatile boolean stopping;

    NameIndex(DataSource dataSource, LedgerStore ledger) {
        this.dataSource = dataSource;
        this.ledger = ledger;
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

    @Override
    public void reached(long position) {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    private void run() {
        while (!stopping) {
            try {
                long began = System.nanoTime();
                if (follow() > 0) {
                    // The pause leaves half of the time to others, so that an import does not wait for the index.
                    TimeUnit.NANOSECONDS.sleep(System.nanoTime() - began);
                } else {
                    wakeUps.tryAcquire(PERIOD_MILLIS, TimeUnit.MILLISECONDS);
                    wakeUps.drainPermits();
                }
            } catch (InterruptedException interrupted) {
                // Only stop() interrupts, after it has set the flag that ends the loop.
                LOG.debug("The search index was interrupted to stop");
            } catch (SQLException | RuntimeException failure) {
                if (!stopping) {
                    LOG.warn("The search index could not follow the ledger; retrying", failure);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PERIOD_MILLIS);
        } catch (InterruptedException interrupted) {
            LOG.debug("The search index was interrupted to stop");
        }
    }

    /** Applies the next block of entries. Returns their number; 0 if there are none, or if another node follows. */
    private int follow() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                int applied = tryLock(connection) ? applyNext(connection) : 0;
                connection.commit();
                return applied;
            } catch (SQLException | RuntimeException failure) {
                connection.rollback();
                throw failure;
            }
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

    private static void lock(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("select pg_advisory_xact_lock(?)")) {
            lock.setLong(1, LOCK);
            lock.execute();
        }
    }

    private int applyNext(Connection connection) throws SQLException {
        List<LedgerEntry> entries = ledger.after(progress(connection), BLOCK, BLOCK_BYTES);
        if (!entries.isEmpty()) {
            apply(connection, entries);
            setProgress(connection, entries.get(entries.size() - 1).position());
        }
        return entries.size();
    }

    private static long progress(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select position from search_progress");
                ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static void setProgress(Connection connection, long position) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("insert into search_progress (position)"
                + " values (?) on conflict (id) do update set position = excluded.position")) {
            update.setLong(1, position);
            update.executeUpdate();
        }
    }

    /** Returns the position of the last entry whose names can be found. */
    public long position() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return progress(connection);
        }
    }

    /**
     * A name to store.
     *
     * @param since the position of the first entry about the party; 0 for a declaration, whose row tells it
     */
    private record Name(FoldedName.Kind kind, UUID party, long since, String title, List<String> creators) {}

    private static void apply(Connection connection, List<LedgerEntry> entries) throws SQLException {
        Map<UUID, @Nullable Name> names = new LinkedHashMap<>();
        List<PartyId> erased = new ArrayList<>();
        for (LedgerEntry entry : entries) {
            if (Erasure.isErasure(entry.entry())) {
                erased.add(entry.entry().party());
            }
            Confidential confidential = entry.confidential();
            if (entry.entry() instanceof DeclarationEntry change && change.isInHistory()) {
                Work work =
                        change instanceof DeclarationEntry.Stated && confidential != null ? confidential.work() : null;
                names.put(
                        change.declaration().number(),
                        work == null
                                ? null
                                : new Name(
                                        FoldedName.Kind.WORK,
                                        entry.entry().party().number(),
                                        0,
                                        work.title(),
                                        work.creators()));
            } else if (entry.entry() instanceof AccountEntry.Described described) {
                String name = confidential == null ? null : confidential.name();
                UUID party = described.party().number();
                Name earlier = names.get(party);
                long since = earlier == null ? entry.position() : earlier.since();
                names.put(party, name == null ? null : new Name(FoldedName.Kind.PARTY, party, since, name, List.of()));
            }
        }
        if (!names.isEmpty()) {
            Map<UUID, Long> before = delete(connection, names.keySet());
            before.putAll(StatementStore.firstPositions(connection, names.keySet()));
            insert(connection, names, before);
        }
        for (PartyId party : erased) {
            deleteOf(connection, party);
        }
    }

    /** Deletes the rows, and returns the positions of their first entries. */
    private static Map<UUID, Long> delete(Connection connection, Set<UUID> ids) throws SQLException {
        Map<UUID, Long> since = new HashMap<>();
        try (PreparedStatement delete = connection.prepareStatement("delete from search_name where id in"
                + " (select id from search_name where id = any(?) order by id for update)"
                + " returning id, since")) {
            delete.setArray(1, SqlArray.ids(connection, ids.stream()));
            try (ResultSet row = delete.executeQuery()) {
                while (row.next()) {
                    since.put(row.getObject(1, UUID.class), row.getLong(2));
                }
            }
        }
        return since;
    }

    private static void insert(Connection connection, Map<UUID, @Nullable Name> names, Map<UUID, Long> before)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into search_name"
                + " (id, kind, party, since, title, creators, exact, grams) values (?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (Map.Entry<UUID, @Nullable Name> one : names.entrySet()) {
                Name name = one.getValue();
                FoldedName title = name == null ? null : FoldedName.of(name.title());
                if (name == null || title == null || title.isEmpty()) {
                    continue;
                }
                Set<Integer> grams = new LinkedHashSet<>();
                title.addGrams(name.kind(), grams);
                List<String> creators = new ArrayList<>();
                for (String each : name.creators()) {
                    FoldedName creator = FoldedName.of(each, MAX_CREATOR_POINTS);
                    if (!creator.isEmpty() && creators.size() < MAX_CREATORS) {
                        creator.addGrams(name.kind(), grams);
                        creators.add(creator.text());
                    }
                }
                insert.setObject(1, one.getKey());
                insert.setInt(2, name.kind().number());
                insert.setObject(3, name.party());
                insert.setLong(4, before.getOrDefault(one.getKey(), name.since()));
                insert.setString(5, title.text());
                insert.setString(6, String.join("\n", creators));
                insert.setLong(7, title.exact(name.kind()));
                insert.setArray(8, SqlArray.of(connection, "integer", grams));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    @Override
    public String part() {
        return "search: the party's name, and the titles and creators of its declarations";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        deleteOf(connection, party);
        return List.of();
    }

    /** Deletes the names of the party, and of its declarations. All deletions lock rows in one order. */
    private static void deleteOf(Connection connection, PartyId party) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from search_name where id in"
                + " (select id from search_name where party = ? order by id for update)")) {
            delete.setObject(1, party.number());
            delete.executeUpdate();
        }
    }

    /** Empties the table and reads the whole ledger again. */
    public void rebuild(LongConsumer progress) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                lock(connection);
                statement.execute("truncate search_name");
                setProgress(connection, 0);
                while (applyNext(connection) > 0) {
                    progress.accept(progress(connection));
                }
                connection.commit();
            } catch (SQLException | RuntimeException failure) {
                connection.rollback();
                throw failure;
            }
        }
    }

    /**
     * Reads the ledger again as far as the table has followed it, into a temporary table, and compares the two. It
     * changes nothing.
     *
     * @return the number of rows that only one of the two has
     */
    public long differences(LongConsumer progress) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("set transaction isolation level repeatable read");
                long reached = progress(connection);
                // A temporary table hides the table of the same name, so the copy is written.
                statement.execute("create temporary table search_name_of_before on commit drop as"
                        + " select * from search_name");
                statement.execute(
                        "create temporary table search_name (like search_name, primary key (id))" + " on commit drop");
                long position = 0;
                while (position < reached) {
                    long until = Math.min(reached, position + BLOCK);
                    apply(
                            connection,
                            ledger.at(
                                    connection,
                                    LongStream.rangeClosed(position + 1, until)
                                            .boxed()
                                            .toList()));
                    position = until;
                    progress.accept(position);
                }
                try (ResultSet row = statement.executeQuery("select count(*) from ("
                        + "(table pg_temp.search_name except all table search_name_of_before) union all"
                        + " (table search_name_of_before except all table pg_temp.search_name)) as different")) {
                    row.next();
                    return row.getLong(1);
                }
            } finally {
                connection.rollback();
            }
        }
    }
}
