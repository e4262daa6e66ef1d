package org.askfirst.registry.http;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;

/** Checks the header {@code Accept} at paths that read several media types, where the framework does not check it. */
public final class Accept {
    private static final String QUALITY = "q";

    private Accept() {}

    /**
     * Refuses a request whose {@code Accept} excludes {@code mediaType}.
     *
     * @throws ProblemException {@link Problem#NOT_ACCEPTABLE}
     */
    public static void require(HttpHeaders headers, String mediaType) {
        MediaType offered = MediaType.valueOf(mediaType);
        for (MediaType accepted : headers.getAcceptableMediaTypes()) {
            String quality = accepted.getParameters().getOrDefault(QUALITY, "1");
            if (accepted.isCompatible(offered) && !quality.matches("0(\\.0*)?")) {
                return;
            }
        }
        throw Problem.NOT_ACCEPTABLE.because("None of the media types in Accept is offered here; see /openapi.yaml");
    }
}
