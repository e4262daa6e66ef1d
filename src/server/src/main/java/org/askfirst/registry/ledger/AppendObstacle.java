package org.askfirst.registry.ledger;

import org.jspecify.annotations.Nullable;

/** A condition of this node under which nothing may be appended, for example a full disk. Asking does not block. */
public interface AppendObstacle {
    /** Returns the reason for people; null if nothing prevents appends. */
    @Nullable String reason();

    /**
     * Returns the reason why parties about which nothing is proved may not append, although others may; null if nothing
     * prevents them.
     */
    default @Nullable String reasonForUnproved() {
        return reason();
    }
}
