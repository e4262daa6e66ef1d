package org.askfirst.bench.append;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.askfirst.bench.harness.Server;
import org.askfirst.entry.Content;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.Terms;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Sha256;
import org.askfirst.subject.Subject;
import org.askfirst.tlog.MerkleTree;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;

/**
 * The way without groups: a transaction for each declaration, straight by JDBC, with as few round trips as it can.
 *
 * <p>It takes the lock, reads all that decides, writes all rows and commits. It computes before the lock everything that
 * does not depend on it.
 */
final class Naive implements Repeated {
    /** Its database, beside the service's own on the same PostgreSQL. */
    static final String DATABASE = "naive";

    private static final Path MIGRATIONS = Path.of("src/server/src/main/resources/db/migration");

    /** As {@code LedgerStore.LOCK}. */
    private static final long LOCK = 0x4153_4b46_4952_5354L;

    private final Connection connection;
    private final PreparedStatement lock;
    private final PreparedStatement read;
    private final PreparedStatement write;
    private final PartyId party;
    private final byte[] keyHash;
    private final AtomicLong last;

    /** A database with one party. */
    record Database(Server service, PartyId party, byte[] keyHash) {}

    /** Creates the database, by the migrations of the service. */
    static Database create(Server service) throws IOException, SQLException {
        try (Connection any = service.connect();
                Statement statement = any.createStatement()) {
            statement.execute("create database " + DATABASE);
        }
        PartyId party = new PartyId(UUID.randomUUID());
        byte[] keyHash = Sha256.of("a key");
        try (Connection connection = service.connect(DATABASE);
                Statement statement = connection.createStatement();
                Stream<Path> files = Files.list(MIGRATIONS)) {
            for (Path file : files.sorted(Comparator.comparingInt(Naive::version)).toList()) {
                statement.execute(Files.readString(file));
            }
            statement.execute(
                    "insert into party (id, kind, opened_at) values ('" + party.number() + "', 'society', now())");
            statement.execute("insert into party_key (id, party, hash, created_at) values ('k', '" + party.number()
                    + "', '\\x" + HexFormat.of().formatHex(keyHash) + "', now())");
        }
        return new Database(service, party, keyHash);
    }

    /** The number of a migration: 12 for {@code V12__name.sql}. */
    private static int version(Path migration) {
        return Integer.parseInt(migration.getFileName().toString().replaceFirst("^V([0-9]+)__.*", "$1"));
    }

    /**
     * Connects.
     *
     * @param last the number of the last work that was declared
     */
    Naive(Database database, AtomicLong last) throws IOException, SQLException {
        this.party = database.party();
        this.keyHash = database.keyHash();
        this.last = last;
        connection = database.service().connect(DATABASE);
        try (Statement statement = connection.createStatement()) {
            // As the service: the planner must not read whole tables because it has no statistics of them yet.
            statement.execute("set enable_seqscan = off; set enable_bitmapscan = off;"
                    + " set plan_cache_mode = force_generic_plan");
        }
        connection.setAutoCommit(false);
        lock = connection.prepareStatement("select pg_advisory_xact_lock(" + LOCK + ")");
        read = connection.prepareStatement("select"
                + " (select party from party_key where hash = ? and revoked_at is null),"
                + " (select position from standing_declaration"
                + "  where party = ? and fingerprint = ? and not withdrawn),"
                + " e.position, e.recorded_at"
                + " from (select 1) as one left join"
                + " (select position, recorded_at from ledger_entry order by position desc limit 1) e on true");
        write = connection.prepareStatement("with p as (select ?::bigint as position),"
                + " entry as (insert into ledger_entry (position, recorded_at, canonical, leaf_hash)"
                + " select position, ?, ?, ? from p),"
                + " declaration as (insert into standing_declaration"
                + " (id, party, declared_at, position, withdrawn, fingerprint)"
                + " select ?, ?, position, position, false, ? from p)"
                + " insert into standing_statement (key, position, declaration, party, subject, stances, address)"
                + " select ?, position, ?, ?, ?, ?, false from p");
    }

    @Override
    public void once() throws SQLException {
        Subject subject = Subject.parse("url:" + Append.url(last.incrementAndGet()));
        Content content = new Content(
                List.of(subject),
                Stances.of(Map.of(Use.named("text-and-data-mining").orElseThrow(), Stance.RESERVED)),
                Terms.NONE,
                Period.ALWAYS,
                null);
        UUID id = new UUID((System.currentTimeMillis() << 16) | 0x7000, UUID.randomUUID().getLeastSignificantBits());
        DeclarationEntry.Stated entry = new DeclarationEntry.Stated(false, false, new DeclarationId(id), party, content, false, null);
        byte[] fingerprint = entry.fingerprint(null);
        byte[] key = subject.key().toBytes();

        lock.execute();
        read.setBytes(1, keyHash);
        read.setObject(2, party.number());
        read.setBytes(3, fingerprint);
        long position = 1;
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        try (ResultSet row = read.executeQuery()) {
            row.next();
            if (row.getObject(1) == null || row.getObject(2) != null) {
                throw new IllegalStateException("the key is unknown, or the work is declared already");
            }
            if (row.getObject(3) != null) {
                position = row.getLong(3) + 1;
                Instant previous = row.getObject(4, OffsetDateTime.class).toInstant();
                now = now.isAfter(previous) ? now : previous.plus(1, ChronoUnit.MICROS);
            }
        }
        String canonical = entry.canonical(now);
        write.setLong(1, position);
        write.setObject(2, now.atOffset(ZoneOffset.UTC));
        write.setString(3, canonical);
        write.setBytes(4, MerkleTree.leafHash(canonical.getBytes(StandardCharsets.UTF_8)).bytes());
        write.setObject(5, id);
        write.setObject(6, party.number());
        write.setBytes(7, fingerprint);
        write.setBytes(8, key);
        write.setObject(9, id);
        write.setObject(10, party.number());
        write.setString(11, subject.canonical());
        write.setInt(12, content.stances().packed());
        write.executeUpdate();
        connection.commit();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
