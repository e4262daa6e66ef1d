package org.askfirst.registry.ledger;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.sql.DataSource;
import org.askfirst.registry.erasure.Erasure;

/** Folds all projections together, and runs the erasure after an entry that closes a party. */
@ApplicationScoped
public class Projections {
    private final DataSource dataSource;
    private final LedgerStore store;
    private final List<Projection> projections;
    private final Erasure erasure;

    Projections(DataSource dataSource, LedgerStore store, @All List<Projection> projections, Erasure erasure) {
        this.dataSource = dataSource;
        this.store = store;
        this.projections = projections;
        this.erasure = erasure;
    }

    /**
     * Folds the entries, and erases the data of a party right after the entry that closes it. Earlier entries are
     * folded before the erasure, later entries after it.
     *
     * @return the effects of the entries, in the order of positions
     */
    List<Effect> fold(Connection connection, List<LedgerEntry> entries) throws SQLException {
        List<Effect> effects = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < entries.size(); i++) {
            LedgerEntry entry = entries.get(i);
            if (Erasure.isErasure(entry.entry())) {
                foldAll(connection, entries.subList(from, i + 1), effects);
                from = i + 1;
                erase(connection, entry);
            }
        }
        foldAll(connection, entries.subList(from, entries.size()), effects);
        effects.sort(Comparator.comparingLong(Effect::position));
        return effects;
    }

    private void foldAll(Connection connection, List<LedgerEntry> entries, List<Effect> effects) throws SQLException {
        if (!entries.isEmpty()) {
            for (Projection projection : projections) {
                effects.addAll(projection.fold(connection, entries));
            }
        }
    }

    private void erase(Connection connection, LedgerEntry entry) throws SQLException {
        store.erase(connection, erasure.erase(connection, entry.entry().party(), entry.recordedAt()));
        store.forgetSubmissions(connection, entry.entry().party().number());
    }

    /** Returns the effects of entries that any node has folded before, in the order of positions. */
    public List<Effect> effectsOf(List<LedgerEntry> entries) throws SQLException {
        List<Effect> effects = new ArrayList<>();
        try (Connection connection = dataSource.getConnection()) {
            for (Projection projection : projections) {
                effects.addAll(projection.effectsOf(connection, entries));
            }
        }
        effects.sort(Comparator.comparingLong(Effect::position));
        return effects;
    }

    /** Returns the tables of all projections. */
    List<String> tables() {
        return projections.stream()
                .flatMap(projection -> projection.tables().stream())
                .toList();
    }
}
