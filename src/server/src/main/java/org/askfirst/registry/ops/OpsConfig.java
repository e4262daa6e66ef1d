package org.askfirst.registry.ops;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the operator's key at the start. */
@ConfigMapping(prefix = "askfirst.operator")
interface OpsConfig {
    /** True to create a new operator key at this start and revoke the old one, if the old one was lost. */
    @WithDefault("false")
    boolean renewKey();
}
