package org.askfirst.registry.transparency;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Settings of the log. All nodes on one database share the same keys. */
@ConfigMapping(prefix = "askfirst.log")
interface LogConfig {
    /** The file of the private key that signs checkpoints. It is created at the first start and never replaced. */
    @WithDefault("data/log.key")
    Path keyFile();

    /** The file of the private key that signs receipts, created if it does not exist. Older keys still verify. */
    @WithDefault("data/receipt.key")
    Path receiptKeyFile();

    /** The log's name in its checkpoints, used at the first start. By default it is derived from the key. */
    Optional<String> origin();

    /** The witnesses that cosign checkpoints: for each its verifier key, a space, and its submission prefix. */
    Optional<List<String>> witnesses();

    /** Number of witnesses that must have cosigned a checkpoint before it is published; 0 to wait for none. */
    @WithDefault("0")
    int witnessQuorum();
}
