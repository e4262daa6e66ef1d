package org.askfirst.registry.quota;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Number of works that one asker may look up in a minute, on one node. */
@ConfigMapping(prefix = "askfirst.quota")
interface QuotaConfig {
    /** Quota of an asker without a key, identified by its IP address. */
    @WithDefault("600000")
    int anonymous();

    /** Quota of a party, identified by its key. */
    @WithDefault("6000000")
    int keyed();
}
