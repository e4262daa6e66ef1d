package org.askfirst.registry.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Decodes request bodies in gzip and zstd, and refuses other codings with the list of those that are read (RFC 9110,
 * section 15.5.16). Every limit of a resource counts decoded bytes.
 */
@Singleton
class CodedBodies {
    private static final String ACCEPT_ENCODING = "Accept-Encoding";

    private final long maxBody;

    CodedBodies(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize maxBody) {
        this.maxBody = maxBody.asLongValue();
    }

    @ServerRequestFilter
    void decode(ContainerRequestContext request, RoutingContext exchange) {
        List<String> values = exchange.request().headers().getAll(HttpHeaders.CONTENT_ENCODING);
        if (values.isEmpty() || !hasBody(exchange.request())) {
            return;
        }
        String coding = String.join(",", values).strip().toLowerCase(Locale.ROOT);
        switch (coding) {
            case "", "identity" -> {
                // The body is plain.
            }
            case "gzip", "x-gzip" -> decode(request, exchange, DecodedBody.ofGzip(request.getEntityStream(), maxBody));
            case "zstd" -> {
                if (!ContentCodings.hasZstd()) {
                    throw refused(exchange, "gzip, identity");
                }
                decode(request, exchange, DecodedBody.ofZstd(request.getEntityStream(), maxBody));
            }
            default -> throw refused(exchange, ContentCodings.hasZstd() ? "gzip, zstd, identity" : "gzip, identity");
        }
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? request.headers().contains("Transfer-Encoding") : !length.equals("0");
    }

    /** Replaces the body. A decoder holds native memory until it is closed, and a close waits for a read. */
    private static void decode(ContainerRequestContext request, RoutingContext exchange, InputStream decoded) {
        request.setEntityStream(decoded);
        exchange.addEndHandler(end -> exchange.vertx().executeBlocking(() -> {
            decoded.close();
            return decoded;
        }));
    }

    private static ProblemException refused(RoutingContext exchange, String codings) {
        exchange.response().putHeader(ACCEPT_ENCODING, codings);
        return Problem.UNSUPPORTED_MEDIA_TYPE.because(
                "The registry does not read this Content-Encoding; use one of " + codings);
    }
}
