package org.askfirst.registry.operator;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.Positions;
import org.askfirst.id.PartyId;
import org.askfirst.registry.budget.Budget;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Stance;

/**
 * Figures by which the operator notices abuse. They look at the newest {@value #MOST_ENTRIES} entries of the last 24
 * hours and at no more than {@value #MOST_BYTES} bytes of them, so that they are cheap on a registry of any size.
 */
@ApplicationScoped
class Watch {
    static final int MOST_ENTRIES = 5_000;
    private static final int MOST_BYTES = 1 << 25;
    private static final int BLOCK_BYTES = 1 << 18;
    private static final int BLOCK = 500;
    private static final int SHOWN = 20;

    /** Number of subjects whose sites and prefixes are searched. */
    private static final int MOST_SUBJECTS = 10_000;

    /** Number of subjects searched for one party, so that whoever declares much does not hide the others. */
    static final int MOST_SUBJECTS_OF_A_PARTY = 100;

    private static final long LEAST_WORKS = 500;
    private static final long LEAST_PERMISSIONS = 50;
    private static final long LEAST_OVERLAPS = 1;
    private static final long LEAST_SIGN_UPS = 5;

    private final LedgerStore ledger;
    private final DataSource dataSource;
    private final Clock clock;

    Watch(LedgerStore ledger, DataSource dataSource, Clock clock) {
        this.ledger = ledger;
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /** {@code AlarmCount}: a party and a number. */
    record PartyCount(String party, long count) {}

    /**
     * {@code NetworkCount}: the sign-ups of a network address today.
     *
     * @param network the beginning of the salted hash, which tells addresses apart for this day
     */
    record NetworkCount(String network, long count) {}

    /**
     * {@code Alarms}.
     *
     * @param entries the number of entries that were looked at
     * @param works parties that declared at least 500 works, most first
     * @param overlaps parties that declared something below a site or a prefix that another party has proved
     * @param permissions parties that made at least 50 permissions
     * @param signUps network addresses from which at least 5 parties were opened today
     */
    record Alarms(
            Instant since,
            int entries,
            List<PartyCount> works,
            List<PartyCount> overlaps,
            List<PartyCount> permissions,
            List<NetworkCount> signUps) {}

    Alarms alarms() throws SQLException {
        Instant now = clock.instant();
        Instant since = now.minus(Duration.ofDays(1));
        LedgerStore.Head head = ledger.head();
        long position = Math.max(ledger.headAt(since).position(), head.position() - MOST_ENTRIES);
        Figures figures = new Figures();
        for (long bytes = 0; position < head.position() && bytes < MOST_BYTES; ) {
            List<LedgerEntry> block = ledger.after(position, BLOCK, BLOCK_BYTES);
            for (LedgerEntry entry : block) {
                figures.add(entry);
                bytes += entry.canonical().length();
                position = entry.position();
            }
            if (block.isEmpty()) {
                break;
            }
        }
        try (Connection connection = dataSource.getConnection()) {
            return new Alarms(
                    since,
                    figures.entries,
                    most(figures.works, LEAST_WORKS),
                    most(figures.overlaps(connection), LEAST_OVERLAPS),
                    most(figures.permissions, LEAST_PERMISSIONS),
                    signUps(connection, LocalDate.ofInstant(now, ZoneOffset.UTC)));
        }
    }

    private static List<PartyCount> most(Map<PartyId, Long> counts, long least) {
        return counts.entrySet().stream()
                .filter(count -> count.getValue() >= least)
                .sorted(Map.Entry.<PartyId, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(count -> count.getKey().toString()))
                .limit(SHOWN)
                .map(count -> new PartyCount(count.getKey().toString(), count.getValue()))
                .toList();
    }

    private static List<NetworkCount> signUps(Connection connection, LocalDate today) throws SQLException {
        List<NetworkCount> networks = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select encode(substring(address for 6), 'hex'), spent from budget_address where day = ? and kind = ?"
                        + " and spent >= ? order by spent desc limit " + SHOWN)) {
            select.setObject(1, today);
            select.setString(2, Budget.PARTIES.key());
            select.setLong(3, LEAST_SIGN_UPS);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    networks.add(new NetworkCount(row.getString(1), row.getLong(2)));
                }
            }
        }
        return networks;
    }

    /** Counts by party. */
    private static final class Figures {
        private final Map<PartyId, Long> works = new HashMap<>();
        private final Map<PartyId, Long> permissions = new HashMap<>();
        private final Map<PartyId, Set<Subject>> subjects = new HashMap<>();
        private int entries;
        private int collected;

        void add(LedgerEntry entry) {
            entries++;
            PartyId party = entry.entry().party();
            if (entry.entry() instanceof DeclarationEntry.Stated stated) {
                List<Subject> named = stated.content().subjects();
                works.merge(party, (long) named.size(), Long::sum);
                if (stated.content().stances().stated().values().stream().anyMatch(one -> one != Stance.RESERVED)) {
                    permissions.merge(party, 1L, Long::sum);
                }
                collect(party, named);
            } else if (entry.entry() instanceof DeclarationEntry.Listed listed) {
                works.merge(party, (long) listed.added().size(), Long::sum);
                collect(party, listed.added());
            }
        }

        private void collect(PartyId party, List<Subject> named) {
            Set<Subject> kept = subjects.computeIfAbsent(party, any -> new HashSet<>());
            for (Subject subject : named) {
                if (collected == MOST_SUBJECTS || kept.size() == MOST_SUBJECTS_OF_A_PARTY) {
                    return;
                }
                if (kept.add(subject)) {
                    collected++;
                }
            }
        }

        /** Returns the number of subjects of each party to which, or to a site or prefix above, only others have proof. */
        Map<PartyId, Long> overlaps(Connection connection) throws SQLException {
            Map<PartyId, List<Set<SubjectKey>>> keys = new HashMap<>();
            Set<SubjectKey> all = new HashSet<>();
            subjects.forEach((party, named) -> named.forEach(subject -> {
                Expansion expansion = subject.expand();
                Set<SubjectKey> above = new HashSet<>();
                for (int i = 0; i < expansion.size(); i++) {
                    above.add(expansion.key(i));
                }
                all.addAll(above);
                keys.computeIfAbsent(party, any -> new ArrayList<>()).add(above);
            }));
            Map<SubjectKey, Set<PartyId>> proved = proved(connection, all);
            Map<PartyId, Long> overlaps = new HashMap<>();
            keys.forEach((party, each) -> {
                for (Set<SubjectKey> above : each) {
                    Set<PartyId> holders = new HashSet<>();
                    above.forEach(key -> holders.addAll(proved.getOrDefault(key, Set.of())));
                    if (!holders.isEmpty() && !holders.contains(party)) {
                        overlaps.merge(party, 1L, Long::sum);
                    }
                }
            });
            return overlaps;
        }

        private static Map<SubjectKey, Set<PartyId>> proved(Connection connection, Set<SubjectKey> keys)
                throws SQLException {
            Map<SubjectKey, Set<PartyId>> proved = new HashMap<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "select key, party from party_control where key = any(?) and until_position = "
                            + Positions.NO_END)) {
                select.setArray(1, SqlArray.bytes(connection, keys.stream().map(SubjectKey::toBytes)));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        proved.computeIfAbsent(SubjectKey.of(row.getBytes(1)), any -> new HashSet<>())
                                .add(new PartyId(row.getObject(2, UUID.class)));
                    }
                }
            }
            return proved;
        }
    }
}
