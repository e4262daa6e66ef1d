package org.askfirst.registry.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;

/**
 * Bounds the number of meters of HTTP requests: a path counts under its template in the contract or as {@code OTHER},
 * and so does a method that HTTP does not define.
 *
 * <p>Without it, each refused path and each invented method would be a meter of its own. Micrometer stops at 100 paths,
 * so that a stranger could switch the metrics off.
 */
class RequestMeters {
    private static final String OTHER = "OTHER";
    private static final String HTTP = "http.server.";

    /** Texts that the framework uses instead of a path. */
    private static final Set<String> NO_PATH = Set.of("/", "root", "NOT_FOUND", "REDIRECTION", "UNKNOWN", "CORS");

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY");

    @Produces
    @Singleton
    MeterFilter boundedRequests() {
        return bounded(ContractPaths.read());
    }

    static MeterFilter bounded(ContractPaths paths) {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.getName().startsWith(HTTP) ? RequestMeters.map(id, paths) : id;
            }
        };
    }

    private static Meter.Id map(Meter.Id id, ContractPaths paths) {
        List<Tag> tags = id.getTags().stream()
                .map(tag -> switch (tag.getKey()) {
                    case "uri" -> Tag.of("uri", path(tag.getValue(), paths));
                    case "method" -> METHODS.contains(tag.getValue()) ? tag : Tag.of("method", OTHER);
                    default -> tag;
                })
                .toList();
        return id.replaceTags(Tags.of(tags));
    }

    private static String path(String path, ContractPaths paths) {
        return NO_PATH.contains(path) ? path : paths.template(path).orElse(OTHER);
    }
}
