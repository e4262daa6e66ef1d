package org.askfirst.registry.mirror;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Settings of a mirror. */
@ConfigMapping(prefix = "askfirst.mirror")
interface MirrorConfig {
    /** The folder of a snapshot: an address, or a directory. If it is set, this node is a mirror. */
    Optional<String> source();

    /** The verifier key of the log of the mirrored registry. A mirror does not start without it. */
    Optional<String> key();

    /** The folder of the copy. Each mirror needs its own. */
    @WithDefault("data/mirror")
    Path folder();

    /** The time between two updates of the copy. */
    @WithDefault("20S")
    Duration every();
}
