package org.askfirst.registry.ops;

import io.quarkus.runtime.configuration.MemorySize;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Default;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.askfirst.registry.embedded.EmbeddedDatabase;
import org.askfirst.registry.ledger.AppendObstacle;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * Refuses writes while the disk of the embedded database has less free space than the low-water mark, and reports that
 * the node is not ready. PostgreSQL needs the rest to write its log and to end cleanly. Below a higher mark, only parties
 * about which nothing is proved are refused.
 */
@Readiness
@Default
@ApplicationScoped
class FreeSpace implements AppendObstacle, HealthCheck {
    private static final long VALID_NANOS = 250_000_000;
    private static final long UNKNOWN = -1;

    private final long lowWater;
    private final long lowWaterOfUnproved;
    private final @Nullable Path folder;
    private volatile Reading last = new Reading(Long.MAX_VALUE, System.nanoTime() - VALID_NANOS);

    /** Free bytes, and the time at which they were read. */
    private record Reading(long bytes, long at) {}

    FreeSpace(
            @ConfigProperty(name = "askfirst.storage.low-water", defaultValue = "256M") MemorySize lowWater,
            @ConfigProperty(name = "askfirst.storage.low-water-of-unproved", defaultValue = "1G")
                    MemorySize lowWaterOfUnproved) {
        this.lowWater = lowWater.asLongValue();
        this.lowWaterOfUnproved = lowWaterOfUnproved.asLongValue();
        EmbeddedDatabase embedded = Main.database();
        this.folder = embedded == null ? null : embedded.folder();
    }

    @Override
    public @Nullable String reason() {
        long free = free();
        return free == UNKNOWN || free >= lowWater ? null : "The storage of the registry is full; nothing was recorded";
    }

    @Override
    public @Nullable String reasonForUnproved() {
        long free = free();
        return free == UNKNOWN || free >= lowWaterOfUnproved
                ? null
                : "The storage of the registry is nearly full, and the rest is kept for parties that have proved control"
                        + " of a site or are known; nothing was recorded";
    }

    private long free() {
        Path disk = folder;
        if (disk == null) {
            return UNKNOWN;
        }
        Reading read = last;
        if (System.nanoTime() - read.at() >= VALID_NANOS) {
            try {
                read = new Reading(Files.getFileStore(disk).getUsableSpace(), System.nanoTime());
            } catch (IOException unreadable) {
                // For example, no file descriptor is left. Then the database decides if there is room.
                read = new Reading(UNKNOWN, System.nanoTime());
            }
            last = read;
        }
        return read.bytes();
    }

    @Override
    public HealthCheckResponse call() {
        String reason = reason();
        var response = HealthCheckResponse.named("storage").status(reason == null);
        if (folder != null) {
            response.withData("freeBytes", free()).withData("lowWaterBytes", lowWater);
        }
        return reason == null
                ? response.build()
                : response.withData("reason", "less space is free than the low-water mark")
                        .build();
    }
}
