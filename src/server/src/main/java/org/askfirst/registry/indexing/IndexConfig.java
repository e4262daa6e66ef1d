package org.askfirst.registry.indexing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** Settings of the lookup index. */
@ConfigMapping(prefix = "askfirst.index")
interface IndexConfig {
    /** Where its files are; a node's own, never shared. What is lost there is made again from the ledger. */
    @WithDefault("data/index")
    Path folder();
}
