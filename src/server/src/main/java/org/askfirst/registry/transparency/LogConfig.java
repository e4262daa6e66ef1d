package org.askfirst.registry.transparency;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of the log. All nodes on one database share the same keys. */
@ConfigMapping(prefix = "askfirst.log")
interface LogConfig {
    /** The private key that signs checkpoints: made at first start, and from then on never replaced. */
    @WithDefault("data/log.key")
    Path keyFile();

    /** The private key that signs receipts: made if it is not there; its predecessors go on verifying. */
    @WithDefault("data/receipt.key")
    Path receiptKeyFile();

    /** The log's name in its checkpoints, for the first start; without it, one made from the key. */
    Optional<String> origin();
}
