package org.askfirst.registry.quota;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How many works may be asked about in a minute, on one node. */
@ConfigMapping(prefix = "askfirst.quota")
interface QuotaConfig {
    /** By an asker without a key, known by its address. */
    @WithDefault("600000")
    int anonymous();

    /** By a party, known by its key. */
    @WithDefault("6000000")
    int keyed();
}
