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

/** All projections, folded together; and the erasure that follows an entry which closes a party. */
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
     * Folds the entries, and erases where they say so: after everything in front of the erasure, and before anything
     * behind it.
     *
     * @return their effects, in the order of positions
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

    /** The effects of entries that were folded before, on this node or on another, in the order of positions. */
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

    /** The tables of all projections. */
    List<String> tables() {
        return projections.stream()
                .flatMap(projection -> projection.tables().stream())
                .toList();
    }
}
