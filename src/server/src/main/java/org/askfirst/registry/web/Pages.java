package org.askfirst.registry.web;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.subject.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Serves the pages for people: one document at the address of every page, which its scripts fill, with headers that
 * restrict what the document may load.
 *
 * <p>A page loads nothing from other sites. The only inline script is the import map. The policy allows it by its hash,
 * which is computed from the served document, so the two cannot differ.
 */
@ApplicationScoped
class Pages {
    private static final String ROOT = "/META-INF/resources/";
    private static final int BEFORE_RESOURCES = 80;
    private static final int NOT_FOUND = 404;
    private static final Pattern PAGE = Pattern.compile(
            "/|/(declare|mine|check|crawlers|key|prove|members)|/recover(/r_[0-9a-f]{16})?|/bulk(/i_[0-9a-f]{32})?|/d/d_[0-9a-z]{26}(/amend)?");
    private static final Pattern API_PAGE = Pattern.compile("/docs/api/?");
    private static final Pattern CODE = Pattern.compile("/d/(d_[0-9a-z]{26})/qr\\.svg");

    /** Prefix of the API, which has no pages. */
    private static final String API = "/v1/";

    /**
     * Prefixes for programs. Under all others a person gets the document with status 404 for a page that does not
     * exist.
     */
    private static final List<String> PROGRAMS =
            List.of(API, "/log/", "/q/", "/api/", "/.well-known/", "/app/", "/_static/", "/webjars/");

    private static final Pattern INLINE_SCRIPT = Pattern.compile("<script[^>]*>([^<]+)</script>");
    private static final String COMMON_POLICY = "default-src 'none'; connect-src 'self'; img-src 'self' data:;"
            + " manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Document page = Document.of("index.html");
    private final Document apiPage = Document.of("api.html");

    /** A document and its Content-Security-Policy. */
    private record Document(String text, String policy) {
        static Document of(String name) {
            try (InputStream file = Pages.class.getResourceAsStream(ROOT + name)) {
                String text = new String(
                        Objects.requireNonNull(file, "the page is not packed with the application")
                                .readAllBytes(),
                        StandardCharsets.UTF_8);
                StringBuilder scripts = new StringBuilder("; script-src 'self'");
                for (Matcher inline = INLINE_SCRIPT.matcher(text); inline.find(); ) {
                    scripts.append(" 'sha256-").append(sha256(inline.group(1))).append('\'');
                }
                return new Document(text, COMMON_POLICY + scripts + "; style-src 'self'; worker-src 'self'");
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private static String sha256(String text) {
            return Base64.getEncoder().encodeToString(Sha256.of(text));
        }
    }

    void register(@Observes Filters filters) {
        filters.register(this::serve, BEFORE_RESOURCES);
    }

    private void serve(RoutingContext exchange) {
        String path = exchange.normalizedPath();
        boolean reads = HttpMethod.GET.equals(exchange.request().method())
                || HttpMethod.HEAD.equals(exchange.request().method());
        if (!reads || path.startsWith(API)) {
            exchange.next();
            return;
        }
        Matcher code = CODE.matcher(path);
        if (PAGE.matcher(path).matches() || path.equals("/index.html")) {
            send(exchange, page, 200);
        } else if (API_PAGE.matcher(path).matches()) {
            send(exchange, apiPage, 200);
        } else if (code.matches()) {
            sendCode(exchange, code.group(1));
        } else if (isForPeople(exchange, path)) {
            send(exchange, page, NOT_FOUND);
        } else {
            addHeaders(exchange, path);
            exchange.next();
        }
    }

    private static boolean isForPeople(RoutingContext exchange, String path) {
        String accept = exchange.request().getHeader(HttpHeaders.ACCEPT);
        boolean isFile = path.lastIndexOf('.') > path.lastIndexOf('/');
        return accept != null
                && accept.contains(MediaType.TEXT_HTML)
                && !isFile
                && PROGRAMS.stream().noneMatch(path::startsWith);
    }

    private static void send(RoutingContext exchange, Document document, int status) {
        HttpServerResponse response = exchange.response();
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html;charset=UTF-8")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader("Content-Security-Policy", document.policy())
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin");
        if (HttpMethod.HEAD.equals(exchange.request().method())) {
            response.end();
        } else {
            response.end(document.text());
        }
    }

    private static void sendCode(RoutingContext exchange, String declaration) {
        String address =
                exchange.request().scheme() + "://" + exchange.request().authority() + "/d/" + declaration;
        exchange.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "image/svg+xml")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(QrCode.of(address).toSvg());
    }

    /**
     * Adds caching headers. Our own scripts keep their names when a release changes them, so browsers must revalidate
     * them. Files of libraries never change.
     */
    private static void addHeaders(RoutingContext exchange, String path) {
        String caching = caching(path);
        if (caching != null) {
            exchange.addHeadersEndHandler(end -> exchange.response()
                    .putHeader(HttpHeaders.CACHE_CONTROL, caching)
                    .putHeader("X-Content-Type-Options", "nosniff"));
        }
    }

    private static @Nullable String caching(String path) {
        if (path.startsWith("/app/")) {
            return "no-cache";
        }
        return path.startsWith("/_static/") || path.startsWith("/webjars/")
                ? "public, max-age=31536000, immutable"
                : null;
    }
}
