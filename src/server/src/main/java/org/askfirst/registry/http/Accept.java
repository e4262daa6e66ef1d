package org.askfirst.registry.http;

import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses a request whose header {@code Accept} excludes the answer. The framework does not know {@code q=0}, and it
 * does not check paths that read several media types.
 */
@Singleton
class Accept {
    private static final String QUALITY = "q";

    private final Map<Method, List<MediaType>> offeredByMethod = new ConcurrentHashMap<>();

    @ServerRequestFilter
    void check(ResourceInfo resource, HttpHeaders headers) {
        // Most programs name one of these, or nothing, and need no parsing.
        List<String> values = headers.getRequestHeader(HttpHeaders.ACCEPT);
        if (values.isEmpty() || (values.size() == 1 && values.get(0).equals(MediaType.WILDCARD))) {
            return;
        }
        List<MediaType> accepted = headers.getAcceptableMediaTypes();
        if (accepted.isEmpty() || (accepted.size() == 1 && accepted.get(0).equals(MediaType.WILDCARD_TYPE))) {
            return;
        }
        List<MediaType> offered = offeredByMethod.computeIfAbsent(
                resource.getResourceMethod(),
                method -> Endpoints.produces(method).stream()
                        .map(MediaType::valueOf)
                        .toList());
        if (!offered.isEmpty() && offered.stream().noneMatch(type -> isAccepted(type, accepted))) {
            throw refusal(Endpoints.produces(resource.getResourceMethod()));
        }
    }

    static ProblemException refusal(List<String> offered) {
        return Problem.NOT_ACCEPTABLE.because(
                offered.isEmpty()
                        ? "None of the media types in Accept is offered here; see /openapi.yaml"
                        : "None of the media types in Accept is offered here; this path offers "
                                + String.join(", ", offered));
    }

    /** Returns true if the most specific range that includes the type does not have the quality 0. */
    static boolean isAccepted(MediaType offered, List<MediaType> accepted) {
        int mostSpecific = -1;
        boolean isAccepted = false;
        for (MediaType range : accepted) {
            int specific = specificity(range);
            if (range.isCompatible(offered) && specific >= mostSpecific) {
                boolean isWanted =
                        !range.getParameters().getOrDefault(QUALITY, "1").matches("0(\\.0*)?");
                isAccepted = isWanted || (specific == mostSpecific && isAccepted);
                mostSpecific = specific;
            }
        }
        return isAccepted;
    }

    private static int specificity(MediaType range) {
        if (range.isWildcardType()) {
            return 0;
        }
        return range.isWildcardSubtype() ? 1 : 2;
    }
}
