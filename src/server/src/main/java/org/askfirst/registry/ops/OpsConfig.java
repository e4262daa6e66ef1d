package org.askfirst.registry.ops;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of starting and stopping. */
@ConfigMapping(prefix = "askfirst.operator")
interface OpsConfig {
    /** Whether to make a new operator key at this start, and revoke the old one: for when it was lost. */
    @WithDefault("false")
    boolean renewKey();
}
