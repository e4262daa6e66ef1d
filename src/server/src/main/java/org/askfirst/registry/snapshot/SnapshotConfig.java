package org.askfirst.registry.snapshot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** Settings of the snapshot. */
@ConfigMapping(prefix = "askfirst.snapshot")
interface SnapshotConfig {
    /** True if this node writes the snapshot and serves it. Only one of several nodes does. */
    @WithDefault("true")
    boolean publish();

    /** The folder of the files. It can be copied to an object store, or served by any web server. */
    @WithDefault("data/snapshot")
    Path folder();

    /** The time between two complete releases. */
    @WithDefault("24H")
    Duration releaseEvery();

    /** The time between two catalogues, each with the changes since the one before. */
    @WithDefault("60S")
    Duration every();

    /** The time from the writing of a catalogue on in which clients may answer from the files. */
    @WithDefault("24H")
    Duration validFor();
}
