package org.askfirst.figures;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.askfirst.declaration.Entry;
import org.askfirst.ledger.LedgerEntry;
import org.askfirst.ledger.LedgerProjection;

/** Counts what is declared and withdrawn on each day, in UTC. */
@ApplicationScoped
class DayProjection implements LedgerProjection {
    @Override
    public void fold(Connection connection, List<LedgerEntry> entries) throws SQLException {
        Map<LocalDate, long[]> days = new TreeMap<>();
        for (LedgerEntry entry : entries) {
            boolean declares = entry.entry() instanceof Entry.Stated stated && !stated.amends();
            boolean withdraws = entry.entry() instanceof Entry.Withdrawn;
            if (declares || withdraws) {
                long[] counts = days.computeIfAbsent(
                        entry.recordedAt().atOffset(ZoneOffset.UTC).toLocalDate(), day -> new long[2]);
                counts[declares ? 0 : 1]++;
            }
        }
        if (days.isEmpty()) {
            return;
        }
        try (PreparedStatement add = connection.prepareStatement(
                "insert into statistics_day as d (day, declared, withdrawn)"
                        + " values (?, ?, ?) on conflict (day) do update"
                        + " set declared = d.declared + excluded.declared, withdrawn = d.withdrawn + excluded.withdrawn")) {
            for (Map.Entry<LocalDate, long[]> day : days.entrySet()) {
                add.setObject(1, day.getKey());
                add.setLong(2, day.getValue()[0]);
                add.setLong(3, day.getValue()[1]);
                add.executeUpdate();
            }
        }
    }

    @Override
    public List<String> tables() {
        return List.of("statistics_day");
    }
}
