package org.askfirst.registry.quota;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Number of works that one asker may look up in a minute, on one node. */
@ConfigMapping(prefix = "askfirst.quota")
interface QuotaConfig {
    /** Quota of an asker without a key, identified by its IP address. */
    @WithDefault("600000")
    int anonymous();

    /** Quota of a party, identified by its key. */
    @WithDefault("6000000")
    int keyed();

    /** Contacts that an asker without a key sees in 24 hours. */
    @WithDefault("500")
    int contacts();

    /** Contacts that a party sees in 24 hours, identified by its key. */
    @WithDefault("5000")
    int contactsKeyed();

    /** Time for which one stream of lines waits for its quota, in all, before it ends. */
    @WithDefault("5M")
    Duration patience();
}
