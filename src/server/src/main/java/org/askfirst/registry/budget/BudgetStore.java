package org.askfirst.registry.budget;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.measure.Measures;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.subject.Sha256;
import org.jspecify.annotations.Nullable;

/** The tables that count what is spent. They are shared by all nodes and survive restarts. */
@ApplicationScoped
class BudgetStore {
    private static final int SALT_BYTES = 16;
    private static final int MOST_PARTIES = 100_000;
    private static final String GRANTED = "granted";

    private final DataSource dataSource;
    private final Measures measures;
    private final BudgetConfig config;
    private final SecureRandom random = new SecureRandom();

    /** The time at which a party was opened never changes. */
    private final Cache<PartyId, Instant> openings =
            Caffeine.newBuilder().maximumSize(MOST_PARTIES).build();

    private volatile @Nullable Salt salt;

    BudgetStore(DataSource dataSource, Measures measures, BudgetConfig config) {
        this.measures = measures;
        this.config = config;
        this.dataSource = dataSource;
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Salt(LocalDate day, byte[] bytes) {}

    /** The last day on which something was spent, and how much. */
    record Spent(long day, long amount) {
        static final Spent NOTHING = new Spent(0, 0);

        /** Returns what is spent on the day. A day of which another node knows already has begun. */
        long on(long otherDay) {
            return day >= otherDay ? amount : 0;
        }
    }

    /**
     * The stored state of a party.
     *
     * @param granted the works a day that the operator has set; null if it has set none
     */
    record PartyAccount(Instant openedAt, @Nullable Long granted, Map<Budget, Spent> spent) {
        Spent spent(Budget budget) {
            return spent.getOrDefault(budget, Spent.NOTHING);
        }
    }

    /** An address on a day, as it is stored: its hash, 64 hexadecimal digits. */
    record DayAddress(LocalDate day, String hash) {
        byte[] bytes() {
            return HexFormat.of().parseHex(hash);
        }
    }

    /** An amount to add to what a party has spent on its day. */
    record PartyCharge(PartyId party, Budget budget, long day) {}

    /** An amount to add to what the parties of an address have spent. */
    record AddressCharge(DayAddress address, Budget budget) {}

    /**
     * The stored state of some parties and addresses.
     *
     * @param accounts the accounts of the parties that exist
     * @param ofAddresses what the parties of each address have spent, where they have spent anything
     */
    record State(Map<PartyId, PartyAccount> accounts, Map<AddressCharge, Long> ofAddresses) {}

    /**
     * Reads the state with one query, and another one for parties that this node sees for the first time.
     *
     * @param addresses all of one day
     */
    State read(Connection connection, Collection<PartyId> parties, Collection<DayAddress> addresses)
            throws SQLException {
        List<PartyId> unknown = parties.stream()
                .filter(party -> openings.getIfPresent(party) == null)
                .toList();
        if (!unknown.isEmpty()) {
            openings.putAll(Parties.openings(connection, unknown));
        }
        LocalDate day = addresses.isEmpty()
                ? LocalDate.EPOCH
                : addresses.iterator().next().day();
        Map<PartyId, Long> granted = new HashMap<>();
        Map<PartyId, Map<Budget, Spent>> spent = new HashMap<>();
        Map<AddressCharge, Long> ofAddresses = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement("select party, null::bytea, kind, day, spent"
                + " from budget_party where party = any(?)"
                + " union all select g.party, null, '" + GRANTED + "', 0, g.works"
                + " from unnest(?::uuid[]) as p (id) cross join lateral"
                + " (select party, works from budget_grant where party = p.id order by id desc limit 1) g"
                + " union all select null, address, kind, 0, spent from budget_address"
                + " where day = ? and address = any(?)")) {
            select.setArray(1, SqlArray.ids(connection, parties.stream().map(PartyId::number)));
            select.setArray(2, SqlArray.ids(connection, parties.stream().map(PartyId::number)));
            select.setObject(3, day);
            select.setArray(4, SqlArray.bytes(connection, addresses.stream().map(DayAddress::bytes)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    UUID party = row.getObject(1, UUID.class);
                    Budget budget = budget(row.getString(3));
                    Long amount = row.getObject(5, Long.class);
                    if (amount == null) {
                        continue;
                    }
                    if (party == null) {
                        DayAddress address = new DayAddress(day, HexFormat.of().formatHex(row.getBytes(2)));
                        if (budget != null) {
                            ofAddresses.put(new AddressCharge(address, budget), amount);
                        }
                    } else if (budget == null) {
                        granted.put(new PartyId(party), amount);
                    } else {
                        spent.computeIfAbsent(new PartyId(party), any -> new EnumMap<>(Budget.class))
                                .put(budget, new Spent(row.getLong(4), amount));
                    }
                }
            }
        }
        Map<PartyId, PartyAccount> accounts = new HashMap<>();
        for (PartyId party : parties) {
            Instant openedAt = openings.getIfPresent(party);
            if (openedAt != null) {
                accounts.put(
                        party,
                        new PartyAccount(
                                openedAt, granted(party, granted.get(party)), spent.getOrDefault(party, Map.of())));
            }
        }
        return new State(accounts, ofAddresses);
    }

    /** Returns the works a day that the operator has set for the party, by a budget or by a restriction. */
    private @Nullable Long granted(PartyId party, @Nullable Long set) {
        if (measures.restricts(party) == null) {
            return set;
        }
        long most = config.worksOfRestricted();
        return set == null ? most : Math.min(set, most);
    }

    private static @Nullable Budget budget(String key) {
        for (Budget budget : Budget.values()) {
            if (budget.key().equals(key)) {
                return budget;
            }
        }
        return null;
    }

    /** Adds to what parties and addresses have spent, with one statement. */
    void add(Connection connection, Map<PartyCharge, Long> parties, Map<AddressCharge, Long> addresses)
            throws SQLException {
        List<PartyCharge> ofParties = List.copyOf(parties.keySet());
        List<AddressCharge> ofAddresses = List.copyOf(addresses.keySet());
        LocalDate day = ofAddresses.isEmpty()
                ? LocalDate.EPOCH
                : ofAddresses.get(0).address().day();
        try (PreparedStatement insert = connection.prepareStatement("with of_parties as ("
                + "insert into budget_party as b (party, kind, day, spent)"
                + " select * from unnest(?::uuid[], ?::text[], ?::bigint[], ?::bigint[])"
                + " as n (party, kind, day, spent) order by 1, 2"
                + " on conflict (party, kind) do update set day = greatest(b.day, excluded.day),"
                + " spent = excluded.spent + case when b.day >= excluded.day then b.spent else 0 end)"
                + " insert into budget_address as b (day, address, kind, spent)"
                + " select ?::date, * from unnest(?::bytea[], ?::text[], ?::bigint[])"
                + " as n (address, kind, spent) order by 2, 3"
                + " on conflict (day, address, kind) do update set spent = b.spent + excluded.spent")) {
            insert.setArray(
                    1,
                    SqlArray.ids(
                            connection,
                            ofParties.stream().map(charge -> charge.party().number())));
            insert.setArray(
                    2,
                    SqlArray.texts(
                            connection,
                            ofParties.stream().map(charge -> charge.budget().key())));
            insert.setArray(3, SqlArray.longs(connection, ofParties.stream().map(PartyCharge::day)));
            insert.setArray(4, SqlArray.longs(connection, ofParties.stream().map(parties::get)));
            insert.setObject(5, day);
            insert.setArray(
                    6,
                    SqlArray.bytes(
                            connection,
                            ofAddresses.stream().map(charge -> charge.address().bytes())));
            insert.setArray(
                    7,
                    SqlArray.texts(
                            connection,
                            ofAddresses.stream().map(charge -> charge.budget().key())));
            insert.setArray(8, SqlArray.longs(connection, ofAddresses.stream().map(addresses::get)));
            insert.executeUpdate();
        }
    }

    /**
     * Locks what a party and an address have spent on a budget until the end of the transaction. Without this, two
     * requests could spend the same rest.
     */
    void lock(Connection connection, String who) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select pg_advisory_xact_lock(hashtextextended(?, 0))")) {
            select.setString(1, "budget " + who);
            select.execute();
        }
    }

    /** Sets the works a day of a party; null restores the default. */
    void grant(PartyId party, @Nullable Long works, String reason, String operator, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "insert into budget_grant (party, works, reason, operator, granted_at) values (?, ?, ?, ?, ?)")) {
            insert.setObject(1, party.number());
            insert.setObject(2, works, java.sql.Types.BIGINT);
            insert.setString(3, reason);
            insert.setString(4, operator);
            insert.setObject(5, now.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    /** Erases the reasons of the operator, and what the party has spent. */
    void erase(Connection connection, PartyId party) throws SQLException {
        for (String sql : List.of(
                "update budget_grant set reason = null where party = ?", "delete from budget_party where party = ?")) {
            try (PreparedStatement erase = connection.prepareStatement(sql)) {
                erase.setObject(1, party.number());
                erase.executeUpdate();
            }
        }
    }

    /** Returns the address as it is stored on the day of {@code now}. */
    DayAddress address(String address, Instant now) throws SQLException {
        LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
        byte[] hash = Sha256.of(salt(day), address.getBytes(StandardCharsets.UTF_8));
        return new DayAddress(day, HexFormat.of().formatHex(hash));
    }

    /** Returns the salt of the day. Whoever creates a new one deletes the rows of the days before. */
    private byte[] salt(LocalDate day) throws SQLException {
        Salt known = salt;
        if (known != null && known.day().equals(day)) {
            return known.bytes();
        }
        // A connection of its own: the salt must not depend on the transaction of the caller.
        try (Connection connection = dataSource.getConnection()) {
            byte[] found = find(connection, day);
            if (found == null) {
                byte[] fresh = new byte[SALT_BYTES];
                random.nextBytes(fresh);
                try (PreparedStatement insert = connection.prepareStatement(
                        "insert into party_opening_salt (day, salt) values (?, ?) on conflict do nothing")) {
                    insert.setObject(1, day);
                    insert.setBytes(2, fresh);
                    insert.executeUpdate();
                }
                for (String table : List.of("budget_address", "party_opening", "party_opening_salt")) {
                    try (PreparedStatement delete =
                            connection.prepareStatement("delete from " + table + " where day < ?")) {
                        delete.setObject(1, day);
                        delete.executeUpdate();
                    }
                }
                found = find(connection, day);
                found = found == null ? fresh : found;
            }
            salt = new Salt(day, found);
            return found;
        }
    }

    private static byte @Nullable [] find(Connection connection, LocalDate day) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select salt from party_opening_salt where day = ?")) {
            select.setObject(1, day);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getBytes(1) : null;
            }
        }
    }
}
