package org.askfirst.registry.ledger;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.askfirst.id.DeclarationId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * The acts of one sender that are under way. An act that cannot share a group with an earlier one waits here, on the
 * sender's own thread. In the queue of the ledger it would hold up all other senders, one transaction for each act.
 *
 * <p>It keeps no act longer than the sender waits for the first one that is not settled. One thread uses it.
 */
public final class UnderWay {
    private final Map<Object, Proposal> lastByKey = new LinkedHashMap<>();

    /**
     * Waits until no change of the declaration is under way.
     *
     * @throws ProblemException {@link Problem#UNAVAILABLE} if the outcome of that change stays unknown
     */
    public void await(DeclarationId changed) {
        settle(lastByKey.get(changed));
    }

    /**
     * Waits until no act is under way that this act conflicts with. An act that repeats another does not wait, because
     * the ledger decides both together.
     *
     * @throws ProblemException {@link Problem#UNAVAILABLE} if the outcome of the other act stays unknown
     * @throws IllegalArgumentException if the entry has no canonical text
     */
    public void await(Proposal proposal) {
        proposal.prepare();
        for (Object key : proposal.conflictKeys()) {
            Proposal earlier = lastByKey.get(key);
            if (earlier != null && !proposal.repeats(earlier)) {
                settle(earlier);
            }
        }
    }

    /** Adds an act that the ledger has accepted. */
    public void add(Proposal proposal) {
        forgetDone();
        for (Object key : proposal.conflictKeys()) {
            // A key that is put again would keep its old place.
            lastByKey.remove(key);
            lastByKey.put(key, proposal);
        }
    }

    /** Returns the number of keys that it keeps. */
    int size() {
        return lastByKey.size();
    }

    private void forgetDone() {
        Iterator<Proposal> eldest = lastByKey.values().iterator();
        while (eldest.hasNext() && eldest.next().outcome().isDone()) {
            eldest.remove();
        }
    }

    private static void settle(@Nullable Proposal earlier) {
        if (earlier == null || earlier.outcome().isDone()) {
            return;
        }
        try {
            Ledger.await(earlier.outcome());
        } catch (ProblemException refused) {
            if (refused.problem() == Problem.UNAVAILABLE) {
                throw refused;
            }
        }
    }
}
