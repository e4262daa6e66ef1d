package org.askfirst.registry.statistics;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.Projection;

/** Counts the declarations and withdrawals of each day, in UTC. */
@ApplicationScoped
class DailyTotalsProjection implements Projection {
    @Override
    public List<Effect> fold(Connection connection, List<LedgerEntry> entries) throws SQLException {
        Map<LocalDate, Day> days = new TreeMap<>();
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof DeclarationEntry declaration) {
                declaration.handle(days.computeIfAbsent(
                        entry.recordedAt().atOffset(ZoneOffset.UTC).toLocalDate(), date -> new Day()));
            }
        }
        days.values().removeIf(Day::isEmpty);
        if (!days.isEmpty()) {
            add(connection, days);
        }
        return List.of();
    }

    private static final class Day implements DeclarationEntry.Cases<RuntimeException> {
        private long declared;
        private long withdrawn;

        @Override
        public void stated(DeclarationEntry.Stated stated) {
            declared += stated.amends() ? 0 : 1;
        }

        @Override
        public void withdrawn(DeclarationEntry.Withdrawn entry) {
            withdrawn++;
        }

        @Override
        public void listed(DeclarationEntry.Listed listed) {
            // A repertoire is counted once, when it is declared.
        }

        boolean isEmpty() {
            return declared + withdrawn == 0;
        }
    }

    private static void add(Connection connection, Map<LocalDate, Day> days) throws SQLException {
        try (PreparedStatement add = connection.prepareStatement(
                "insert into statistics_day as d (day, declared, withdrawn)"
                        + " values (?, ?, ?) on conflict (day) do update"
                        + " set declared = d.declared + excluded.declared, withdrawn = d.withdrawn + excluded.withdrawn")) {
            for (Map.Entry<LocalDate, Day> day : days.entrySet()) {
                add.setObject(1, day.getKey());
                add.setLong(2, day.getValue().declared);
                add.setLong(3, day.getValue().withdrawn);
                add.executeUpdate();
            }
        }
    }

    /** Returns no effects: no follower reads the counts. */
    @Override
    public List<Effect> effectsOf(Connection connection, List<LedgerEntry> entries) {
        return List.of();
    }

    @Override
    public List<String> tables() {
        return List.of("statistics_day");
    }
}
