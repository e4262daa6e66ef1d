package org.askfirst.registry.erasure;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.Entry;
import org.askfirst.id.PartyId;

/** Runs all {@link ErasureListener}s, in a fixed order. */
@ApplicationScoped
public class Erasure {
    private final List<ErasureListener> listeners;

    Erasure(@All List<ErasureListener> listeners) {
        this.listeners = listeners.stream()
                .sorted(Comparator.comparing(ErasureListener::part))
                .toList();
    }

    /** Returns the names of the erased parts, in the order of erasure. */
    public List<String> parts() {
        return listeners.stream().map(ErasureListener::part).toList();
    }

    /** Returns true if the entry closes its party, so that the party's data must be erased. */
    public static boolean isErasure(Entry entry) {
        return entry instanceof AccountEntry.Erased;
    }

    /**
     * Erases the party's data.
     *
     * @param connection the connection of the transaction that records the erasure, or that folds it again
     * @param at the time of the entry that records the erasure
     * @return the positions of the entries whose confidential part must be deleted
     */
    public Set<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        Set<Long> positions = new TreeSet<>();
        for (ErasureListener listener : listeners) {
            positions.addAll(listener.erase(connection, party, at));
        }
        return positions;
    }

    /**
     * The parties that one group of entries closes.
     *
     * <p>Acts of a closed party are decided in a later group: by then its keys are revoked, and they are refused.
     */
    public static final class ClosedParties {
        private final Set<PartyId> closed = new HashSet<>();

        /** Returns true if the act must wait for a later group; otherwise the act joins this group. */
        public boolean mustWait(Entry entry) {
            if (closed.contains(entry.party())) {
                return true;
            }
            if (isErasure(entry)) {
                closed.add(entry.party());
            }
            return false;
        }
    }
}
