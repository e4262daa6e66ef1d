package org.askfirst.registry.asked;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the counts of lookups. */
@ConfigMapping(prefix = "askfirst.asked")
interface AskedConfig {
    /** False if this node counts no lookups. Then the answers about lookups miss those of this node. */
    @WithDefault("true")
    boolean count();

    /** Time between two stores of what was counted; a crash loses the counts of at most this time. */
    @WithDefault("5S")
    Duration store();

    /**
     * Bytes of stored counts that wait to be added up, on all nodes. Beyond it, works are counted by a sketch, and totals
     * stay exact.
     */
    @WithDefault("268435456")
    long backlog();
}
