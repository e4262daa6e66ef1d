package org.askfirst.registry.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.sql.DataSource;
import org.askfirst.entry.Confidential;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.jspecify.annotations.Nullable;

/** The log of the operator's acts, from the entries that they recorded. */
@ApplicationScoped
class ActLog {
    private final DataSource dataSource;
    private final LedgerStore ledger;

    ActLog(DataSource dataSource, LedgerStore ledger) {
        this.dataSource = dataSource;
        this.ledger = ledger;
    }

    /**
     * {@code OperatorAct}.
     *
     * @param operators the names of the keys; empty for an act of an earlier release, or if they were erased
     * @param reason null if it was erased
     * @param entry the entry as it was hashed
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ActView(
            long position,
            Instant recordedAt,
            String type,
            String party,
            List<String> operators,
            @Nullable String reason,
            @JsonRawValue String entry) {
        static ActView of(LedgerEntry entry) {
            Confidential confidential = entry.confidential();
            return new ActView(
                    entry.position(),
                    entry.recordedAt(),
                    entry.entry().type(),
                    entry.entry().party().toString(),
                    confidential == null ? List.of() : confidential.operators(),
                    confidential == null ? null : confidential.reason(),
                    entry.canonical());
        }
    }

    /** {@code OperatorActPage}: acts, newest first. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ActPage(List<ActView> acts, @Nullable Long next) {}

    /** Returns the acts before the position, newest first. */
    ActPage before(long position, int limit) throws SQLException {
        List<Long> positions = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select position from operator_act where position < ? order by position desc limit ?")) {
            select.setLong(1, position);
            select.setInt(2, limit + 1);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    positions.add(row.getLong(1));
                }
            }
        }
        boolean more = positions.size() > limit;
        List<Long> shown = more ? positions.subList(0, limit) : positions;
        List<ActView> acts = ledger.at(shown).stream()
                .sorted(Comparator.comparingLong(LedgerEntry::position).reversed())
                .map(ActView::of)
                .toList();
        return new ActPage(acts, more ? shown.get(limit - 1) : null);
    }
}
