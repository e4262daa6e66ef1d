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

/** Runs all that erases a party's data, in one order. */
@ApplicationScoped
public class Erasure {
    private final List<ErasureListener> listeners;

    Erasure(@All List<ErasureListener> listeners) {
        this.listeners = listeners.stream()
                .sorted(Comparator.comparing(ErasureListener::part))
                .toList();
    }

    /** The data that is erased, part by part, in the order in which it is. */
    public List<String> parts() {
        return listeners.stream().map(ErasureListener::part).toList();
    }

    /** Tells whether the entry closes its party, so that its data must be erased. */
    public static boolean isErasure(Entry entry) {
        return entry instanceof AccountEntry.Erased;
    }

    /**
     * Erases the party's data.
     *
     * @param connection of the transaction that records the erasure, or that folds it anew
     * @param at when the erasure was recorded
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

        /** Tells whether that act must wait for a later group; if not, it is taken into this one. */
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
