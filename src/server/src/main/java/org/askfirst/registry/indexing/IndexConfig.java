package org.askfirst.registry.indexing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** Settings of the lookup index. */
@ConfigMapping(prefix = "askfirst.index")
interface IndexConfig {
    /**
     * Folder of the index files. Each node needs its own; it is never shared. If files are lost, the index is rebuilt
     * from the database.
     */
    @WithDefault("data/index")
    Path folder();

    /** False in the commands that answer no lookups and so need no index. Then a serving node can keep it open. */
    @WithDefault("true")
    boolean open();
}
