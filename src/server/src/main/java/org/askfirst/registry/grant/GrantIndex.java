package org.askfirst.registry.grant;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.askfirst.entry.GrantEntry;
import org.askfirst.id.GrantId;
import org.askfirst.id.PartyId;
import org.askfirst.index.AskerGrants;
import org.askfirst.license.LicenseTerms;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.files.PrivateFiles;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerFollower;
import org.askfirst.registry.ledger.LedgerGroup;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/**
 * The grants of each licensee, for lookups with its key, as of any position.
 *
 * <p>The grants of a licensee are read from the tables at its first lookup, and are then kept current. The node knows up
 * to which position it has read the events of grants. A lookup at a later position reads the newer events first, so it
 * never misses a grant, a revocation or a supersession. A licensee with very many works gets 503 while its
 * grants are being read. Askers without grants cost a look into a map.
 */
@Singleton
public class GrantIndex implements LedgerFollower {
    /** Time that a lookup waits for the grants of its asker. */
    private static final long WAIT_SECONDS = 5;

    private static final int MOST_TERMS = 20_000;
    private static final Duration KEEP = Duration.ofHours(6);

    private final DataSource dataSource;
    private final LedgerStore ledger;
    private final GrantStore store;
    private final GrantIndexConfig config;
    private final ExecutorService loader = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "grant-loader");
        thread.setDaemon(true);
        return thread;
    });

    /** The parties that have ever received a grant. */
    private final Set<PartyId> licensees = ConcurrentHashMap.newKeySet();

    private final Cache<PartyId, Loaded> loaded;
    private final Map<PartyId, Future<Loaded>> loading = new HashMap<>();
    private final Cache<GrantId, LicenseTerms> terms = Caffeine.newBuilder()
            .maximumSize(MOST_TERMS)
            .expireAfterWrite(Duration.ofMinutes(5))
            .build();

    /** All events of grants up to this position have been read. */
    private volatile long readUpTo;

    /**
     * The grants of a licensee.
     *
     * @param upTo the position up to which their events are included; later ones may be
     */
    private record Loaded(AskerGrants grants, long upTo) {}

    GrantIndex(DataSource dataSource, LedgerStore ledger, GrantStore store, GrantIndexConfig config) {
        this.dataSource = dataSource;
        this.ledger = ledger;
        this.store = store;
        this.config = config;
        this.loaded = Caffeine.newBuilder()
                .maximumWeight(config.most())
                .weigher((PartyId party, Loaded one) -> 1 + one.grants().size())
                .expireAfterAccess(KEEP)
                .build();
    }

    /** Does nothing: lookups read newer events themselves. */
    @Override
    public void reached(long position) {}

    /** Skips groups without grants, so that lookups need no query after them. */
    @Override
    public void appended(LedgerGroup group) {
        List<LedgerEntry> entries = group.entries();
        synchronized (this) {
            if (entries.get(0).position() == readUpTo + 1
                    && entries.stream().noneMatch(entry -> entry.entry() instanceof GrantEntry)) {
                readUpTo = entries.get(entries.size() - 1).position();
            }
        }
    }

    /**
     * Returns the grants of an asker if no query is needed; otherwise null. Does not block.
     *
     * @param asker null without a key
     * @param position the position of the lookup
     */
    public @Nullable AskerGrants cached(@Nullable PartyId asker, long position) {
        if (asker == null) {
            return AskerGrants.NONE;
        }
        if (readUpTo < position) {
            return null;
        }
        if (!licensees.contains(asker)) {
            return AskerGrants.NONE;
        }
        Loaded ready = loaded.getIfPresent(asker);
        return ready == null ? null : ready.grants();
    }

    /**
     * Returns the grants of an asker, complete up to the position.
     *
     * @param asker null without a key
     * @throws ProblemException {@link Problem#UNAVAILABLE} if they are still being read
     */
    public AskerGrants of(@Nullable PartyId asker, long position) throws SQLException {
        AskerGrants ready = cached(asker, position);
        if (ready != null || asker == null) {
            return ready == null ? AskerGrants.NONE : ready;
        }
        if (readUpTo < position) {
            readEvents(position);
        }
        ready = cached(asker, position);
        return ready == null ? load(asker) : ready;
    }

    private AskerGrants load(PartyId asker) throws SQLException {
        Future<Loaded> reading;
        synchronized (loading) {
            reading = loading.computeIfAbsent(asker, one -> loader.submit(() -> loadNow(one)));
        }
        try {
            return reading.get(WAIT_SECONDS, TimeUnit.SECONDS).grants();
        } catch (TimeoutException still) {
            throw Problem.UNAVAILABLE.because("The registry is reading your grants; try again in a moment");
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof SQLException sql) {
                throw sql;
            }
            throw new IllegalStateException("the grants of an asker cannot be read", failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Problem.UNAVAILABLE.because("The registry is stopping");
        }
    }

    private Loaded loadNow(PartyId asker) throws SQLException, IOException {
        try {
            Loaded read;
            try (Connection connection = dataSource.getConnection()) {
                begin(connection);
                try {
                    long head = ledger.head(connection).position();
                    read = new Loaded(add(AskerGrants.NONE, rows(connection, asker, 0, head), connection), head);
                } finally {
                    end(connection);
                }
            }
            synchronized (this) {
                // Events may have been read for others meanwhile, and skipped for this asker.
                if (read.upTo() < readUpTo) {
                    try (Connection connection = dataSource.getConnection()) {
                        begin(connection);
                        try {
                            read = apply(asker, read, connection, readUpTo);
                        } finally {
                            end(connection);
                        }
                    }
                }
                loaded.put(asker, read);
                return read;
            }
        } finally {
            synchronized (loading) {
                loading.remove(asker);
            }
        }
    }

    private static void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    }

    private static void end(Connection connection) throws SQLException {
        connection.rollback();
        connection.setReadOnly(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    }

    /** Reads the events up to the end of the ledger, and applies them to the licensees that are ready. */
    private synchronized void readEvents(long position) throws SQLException {
        if (readUpTo >= position) {
            return;
        }
        try (Connection connection = dataSource.getConnection()) {
            begin(connection);
            try {
                long head = ledger.head(connection).position();
                Set<PartyId> changed = new HashSet<>();
                try (PreparedStatement select = connection.prepareStatement("select distinct r.licensee"
                        + " from grant_event e join grant_record r on r.id = e.grant_id where e.position > ?")) {
                    select.setLong(1, readUpTo);
                    try (ResultSet row = select.executeQuery()) {
                        while (row.next()) {
                            changed.add(new PartyId(row.getObject(1, UUID.class)));
                        }
                    }
                }
                for (PartyId licensee : changed) {
                    Loaded before = loaded.getIfPresent(licensee);
                    if (before != null) {
                        loaded.put(licensee, apply(licensee, before, connection, head));
                    }
                }
                licensees.addAll(changed);
                readUpTo = head;
            } catch (IOException full) {
                throw new IllegalStateException("the keys of grants cannot be written", full);
            } finally {
                end(connection);
            }
        }
    }

    private Loaded apply(PartyId licensee, Loaded before, Connection connection, long upTo)
            throws SQLException, IOException {
        AskerGrants grants = before.grants();
        for (Ended ended : endings(connection, licensee, before.upTo(), upTo)) {
            AskerGrants.Given given = grants.find(ended.grant());
            if (given != null) {
                grants = grants.replacing(given.ended(ended.ending()));
            }
        }
        grants = add(grants, rows(connection, licensee, before.upTo(), upTo), connection);
        return new Loaded(grants, upTo);
    }

    private record Row(UUID id, AskerGrants.Given given, long schemes) {}

    private record Ended(GrantId grant, AskerGrants.Ending ending) {}

    private AskerGrants add(AskerGrants before, List<Row> rows, Connection connection)
            throws SQLException, IOException {
        if (rows.isEmpty()) {
            return before;
        }
        PrivateFiles.createFolder(config.folder());
        try (AskerGrants.Builder builder = new AskerGrants.Builder(before, config.folder())) {
            for (Row row : rows) {
                builder.add(row.given());
                GrantStore.readKeys(connection, row.id(), keys -> builder.add(keys, row.schemes()));
            }
            return builder.finish();
        }
    }

    /** Returns the grants that were given after one position and up to another, with all that ended them up to it. */
    private static List<Row> rows(Connection connection, PartyId licensee, long after, long upTo) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("select r.id, r.licensor, r.everything, r.schemes,"
                + " r.terms, e.position, e.valid_from, e.valid_to from grant_record r"
                + " join grant_event e on e.grant_id = r.id and e.kind = 'given'"
                + " where r.licensee = ? and e.position > ? and e.position <= ? order by e.position")) {
            select.setObject(1, licensee.number());
            select.setLong(2, after);
            select.setLong(3, upTo);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Set<Use> leaves = LicenseTerms.parse(row.getString(5)).leaves();
                    UUID id = row.getObject(1, UUID.class);
                    rows.add(new Row(
                            id,
                            new AskerGrants.Given(
                                    new GrantId(id),
                                    new PartyId(row.getObject(2, UUID.class)),
                                    row.getBoolean(3),
                                    leaves,
                                    new Period(SqlColumns.momentOrNull(row, 7), SqlColumns.momentOrNull(row, 8)),
                                    row.getLong(6),
                                    List.of()),
                            row.getLong(4)));
                }
            }
        }
        Map<GrantId, List<AskerGrants.Ending>> endings = new HashMap<>();
        for (Ended ended : endings(connection, licensee, after, upTo)) {
            endings.computeIfAbsent(ended.grant(), id -> new ArrayList<>()).add(ended.ending());
        }
        return rows.stream()
                .map(row -> {
                    AskerGrants.Given given = row.given();
                    for (AskerGrants.Ending ending : endings.getOrDefault(given.id(), List.of())) {
                        given = given.ended(ending);
                    }
                    return new Row(row.id(), given, row.schemes());
                })
                .toList();
    }

    private static List<Ended> endings(Connection connection, PartyId licensee, long after, long upTo)
            throws SQLException {
        List<Ended> endings = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("select e.grant_id, e.position, e.ends_at"
                + " from grant_event e join grant_record r on r.id = e.grant_id where r.licensee = ?"
                + " and e.kind = 'ended' and e.position > ? and e.position <= ? order by e.position")) {
            select.setObject(1, licensee.number());
            select.setLong(2, after);
            select.setLong(3, upTo);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Instant at = SqlColumns.moment(row, 3);
                    endings.add(new Ended(
                            new GrantId(row.getObject(1, UUID.class)), new AskerGrants.Ending(row.getLong(2), at)));
                }
            }
        }
        return endings;
    }

    /** Returns the terms of grants if all are in memory; otherwise null. Does not block. */
    public @Nullable Map<GrantId, LicenseTerms> cachedTerms(Collection<GrantId> grants) {
        Map<GrantId, LicenseTerms> found = terms.getAllPresent(grants);
        return found.size() == Set.copyOf(grants).size() ? found : null;
    }

    /** Returns the terms of grants. */
    public Map<GrantId, LicenseTerms> terms(Collection<GrantId> grants) throws SQLException {
        if (grants.isEmpty()) {
            return Map.of();
        }
        Map<GrantId, LicenseTerms> cached = cachedTerms(grants);
        if (cached != null) {
            return cached;
        }
        Map<GrantId, LicenseTerms> read = store.terms(grants);
        terms.putAll(read);
        return read;
    }

    /** Forgets everything, as a restart does. For tests. */
    synchronized void forget() {
        loaded.invalidateAll();
        terms.invalidateAll();
        licensees.clear();
        readUpTo = 0;
    }
}
