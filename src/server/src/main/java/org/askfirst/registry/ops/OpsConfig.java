package org.askfirst.registry.ops;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** Settings of the operator's key at the start. */
@ConfigMapping(prefix = "askfirst.operator")
interface OpsConfig {
    /** True to create a new operator key at this start and revoke the old one, if the old one was lost. */
    @WithDefault("false")
    boolean renewKey();

    /** The file to which a new operator's key is written. The service never reads it. */
    @WithDefault("data/operator.key")
    Path keyFile();
}
