package org.askfirst.registry.web;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.registry.http.Conditional;
import org.askfirst.registry.http.Endpoints;
import org.askfirst.registry.http.PublicAddress;
import org.askfirst.registry.http.PublicConfig;
import org.jspecify.annotations.Nullable;

/**
 * Serves the texts that describe this registry: the formats, the problems, and the files that programs look for at
 * well-known addresses.
 */
@ApplicationScoped
class Documents {
    /** Before {@link Pages}, which answers all other paths. */
    private static final int BEFORE_PAGES = 90;

    private static final String TEXT = "text/plain;charset=UTF-8";
    private static final String MARKDOWN = "text/markdown;charset=UTF-8";
    private static final String CACHE = "public, max-age=300";
    private static final int NOT_MODIFIED = 304;
    private static final Pattern FILE = Pattern.compile("/docs/((?:formats/)?[a-z-]+(?:\\.ko)?\\.md)");

    /** RFC 9116 recommends less than a year. */
    private static final Duration EXPIRY = Duration.ofDays(180);

    /** The project's own form for private reports, which SECURITY.md names. */
    private static final URI PROJECT_CONTACT =
            URI.create("https://github.com/askfirst/askfirst/security/advisories/new");

    private static final String ROBOTS = """
            # Crawlers may read everything here, and should ask before they collect works elsewhere: /crawlers
            User-agent: *
            Allow: /
            """;

    private static final String MANIFEST = """
            {"name": "먼저 물어보세요 · Ask First", "short_name": "먼저 물어보세요", "lang": "ko", "start_url": "/",
             "display": "browser", "background_color": "#fbf9f4", "theme_color": "#a8321a",
             "icons": [{"src": "/app/seal.svg", "type": "image/svg+xml", "sizes": "any"},
               {"src": "/icon-192.png", "type": "image/png", "sizes": "192x192"},
               {"src": "/icon-512.png", "type": "image/png", "sizes": "512x512"}]}
            """;

    /** The pages that search engines find by the sitemap. */
    private static final List<String> LISTED = List.of(
            "/",
            "/declare",
            "/check",
            "/bulk",
            "/crawlers",
            "/about",
            "/faq",
            "/operator",
            "/terms",
            "/privacy",
            "/status",
            "/docs/api");

    private final PublicAddress address;
    private final PublicConfig config;
    private final Clock clock;
    private final ProblemPages problems = new ProblemPages();

    Documents(PublicAddress address, PublicConfig config, Clock clock) {
        this.address = address;
        this.config = config;
        this.clock = clock;
    }

    void register(@Observes Filters filters) {
        filters.register(this::serve, BEFORE_PAGES);
    }

    private void serve(RoutingContext exchange) {
        HttpServerRequest request = exchange.request();
        boolean reads = HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
        if (!reads || Endpoints.isOfPrograms(request.path()) || !serve(exchange, request.path())) {
            exchange.next();
        }
    }

    /** Returns false if there is no document at the path. */
    private boolean serve(RoutingContext exchange, String path) {
        switch (path) {
            case "/robots.txt" ->
                send(exchange, TEXT, ROBOTS + "Sitemap: " + address.of(exchange.request()) + "/sitemap.xml\n");
            case "/sitemap.xml" ->
                send(exchange, "application/xml;charset=UTF-8", sitemap(address.of(exchange.request())));
            case "/manifest.webmanifest" -> send(exchange, "application/manifest+json;charset=UTF-8", MANIFEST);
            case "/.well-known/security.txt" -> send(exchange, TEXT, security(exchange.request()));
            case "/llms.txt" -> send(exchange, MARKDOWN, guide(address.of(exchange.request())));
            case "/.well-known/api-catalog" ->
                send(
                        exchange,
                        "application/linkset+json;profile=\"https://www.rfc-editor.org/info/rfc9727\"",
                        catalog(address.of(exchange.request())));
            default -> {
                return serveFile(exchange, path) || serveProblem(exchange, path);
            }
        }
        return true;
    }

    private static boolean serveFile(RoutingContext exchange, String path) {
        Matcher file = FILE.matcher(path);
        String text = file.matches() ? Texts.read("/docs/" + file.group(1)) : null;
        if (text == null) {
            return false;
        }
        send(exchange, MARKDOWN, text);
        return true;
    }

    private boolean serveProblem(RoutingContext exchange, String path) {
        ProblemPages.Page page = problems.at(path, exchange.request(), address.of(exchange.request()));
        if (page == null) {
            return false;
        }
        HttpServerResponse response = exchange.response().putHeader(HttpHeaders.VARY, Language.VARY);
        if (page.mediaType().startsWith("text/html")) {
            Pages.addPolicies(response, Pages.POLICY_WITHOUT_SCRIPTS);
        }
        send(exchange, page.mediaType(), page.text());
        return true;
    }

    private String security(HttpServerRequest request) {
        String origin = address.of(request);
        return "Contact: " + config.securityContact().orElse(PROJECT_CONTACT) + "\nExpires: "
                + clock.instant().truncatedTo(ChronoUnit.DAYS).plus(EXPIRY)
                + "\nPreferred-Languages: ko, en\nCanonical: "
                + origin + "/.well-known/security.txt\n";
    }

    /** Returns the pages for everybody, each in both languages. Pages about people are not listed. */
    private static String sitemap(String origin) {
        StringBuilder map = new StringBuilder("""
                <?xml version="1.0" encoding="UTF-8"?>
                <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
                """);
        for (String path : LISTED) {
            String address = Markdown.escape(origin + path);
            map.append("<url><loc>").append(address).append("</loc>");
            for (Language language : Language.values()) {
                map.append("<xhtml:link rel=\"alternate\" hreflang=\"")
                        .append(language.tag())
                        .append("\" href=\"")
                        .append(address)
                        .append("?lang=")
                        .append(language.tag())
                        .append("\"/>");
            }
            map.append("</url>\n");
        }
        return map.append("</urlset>\n").toString();
    }

    /** Returns a guide for language models (llmstxt.org). */
    private static String guide(String origin) {
        return """
                # Ask First

                > A registry of what creators permit machines to do with their works. Ask it before you collect a work. \
                Only the verdict `allow` is permission; `ask`, `deny`, `unknown`, an error and a time-out are not.

                `GET {origin}/v1/lookup?subject=url:https://example.com/&use=ai-training` answers for one work, and \
                `POST {origin}/v1/lookups` for many. Neither needs a key.

                ## API

                - [Contract]({origin}/openapi.yaml): all operations as OpenAPI 3.1; [as JSON]({origin}/openapi.json)
                - [Subjects]({origin}/docs/formats/subjects.md): how works are named
                - [Problems]({origin}/docs/problems.md): all refusals and what to do
                - [Receipts]({origin}/docs/formats/receipts.md): signed proof of having asked
                - [Private lookups]({origin}/docs/formats/range.md): asking without telling what
                - [Log]({origin}/docs/formats/log.md): the proof that nothing was rewritten

                ## Pages

                - [For crawlers]({origin}/crawlers): how to ask, with examples
                - [Check a work]({origin}/check): what is declared for a link, a file or a number
                - [Questions and answers]({origin}/faq) and [status]({origin}/status)
                """.replace("{origin}", origin);
    }

    /** Returns the links to the contract and its documentation (RFC 9727, RFC 9264). */
    private static String catalog(String origin) {
        return """
                {"linkset": [{"anchor": "{origin}/v1/",
                  "service-desc": [{"href": "{origin}/openapi.yaml", "type": "application/yaml"},
                    {"href": "{origin}/openapi.json", "type": "application/json"}],
                  "service-doc": [{"href": "{origin}/docs/api", "type": "text/html"},
                    {"href": "{origin}/docs/problems.md", "type": "text/markdown"}]}]}
                """.replace("{origin}", origin);
    }

    /** Sends the text, or 304 if the asker has it. */
    private static void send(RoutingContext exchange, String mediaType, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        String etag = Conditional.etag(body);
        @Nullable String ifNoneMatch = exchange.request().getHeader(HttpHeaders.IF_NONE_MATCH);
        HttpServerResponse response = exchange.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
                .putHeader(HttpHeaders.CACHE_CONTROL, CACHE)
                .putHeader(HttpHeaders.ETAG, etag);
        if (Conditional.matching(ifNoneMatch, etag) != null) {
            response.setStatusCode(NOT_MODIFIED).end();
        } else if (HttpMethod.HEAD.equals(exchange.request().method())) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length))
                    .end();
        } else {
            response.end(Buffer.buffer(body));
        }
    }
}
