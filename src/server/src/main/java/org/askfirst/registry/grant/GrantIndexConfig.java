package org.askfirst.registry.grant;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** Settings of the grants of licensees in memory. */
@ConfigMapping(prefix = "askfirst.grants")
interface GrantIndexConfig {
    /** Folder for files of keys. They have no names and are gone when the node stops. Each node needs its own. */
    @WithDefault("data/grants")
    Path folder();

    /** The greatest number of grants of all licensees together that a node keeps ready for lookups. */
    @WithDefault("200000")
    long most();
}
