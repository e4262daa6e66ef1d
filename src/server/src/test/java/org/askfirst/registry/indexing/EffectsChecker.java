package org.askfirst.registry.indexing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.arc.Arc;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.askfirst.registry.ledger.LedgerFollower;
import org.askfirst.registry.ledger.LedgerGroup;
import org.askfirst.registry.ledger.Projections;

/**
 * Proves that an index changes in the same way whether it follows the folds on this node, or reads the effects of
 * entries from the tables later.
 */
@ApplicationScoped
public class EffectsChecker implements LedgerFollower {
    private final Queue<LedgerGroup> groups = new ConcurrentLinkedQueue<>();

    @Override
    public void reached(long position) {
        // Entries of other nodes have no effects to compare with.
    }

    @Override
    public void appended(LedgerGroup group) {
        groups.add(group);
    }

    /** Compares all groups that were appended since the last check. */
    public static void check() {
        EffectsChecker checker = Arc.container().instance(EffectsChecker.class).get();
        Projections projections = Arc.container().instance(Projections.class).get();
        for (LedgerGroup group = checker.next(); group != null; group = checker.next()) {
            compare(group, projections);
        }
    }

    @org.jspecify.annotations.Nullable LedgerGroup next() {
        return groups.poll();
    }

    static void compare(LedgerGroup group, Projections projections) {
        try {
            assertEquals(
                    EntryChanges.of(group.entries(), group.effects()),
                    EntryChanges.of(group.entries(), projections.effectsOf(group.entries())),
                    "changes from the fold, and read again");
        } catch (SQLException unreadable) {
            throw new AssertionError("the tables cannot be read", unreadable);
        }
    }
}
