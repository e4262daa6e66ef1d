package org.askfirst.registry.web;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.problem.Problem;
import org.askfirst.registry.http.PublicAddress;
import org.askfirst.registry.http.QrCode;
import org.askfirst.registry.http.Refusals;
import org.askfirst.subject.Sha256;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Serves the pages for people. One document is at the address of every page: the server writes its head and the text
 * that can be read at once, its scripts fill it, and headers restrict what it may load. Pages of text have no scripts.
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
            "/|/(declare|mine|asked|check|crawlers|key|prove|members|console|lists)|/recover(/r_[0-9a-f]{16})?"
                    + "|/bulk(/i_[0-9a-f]{32})?|/d/d_[0-9a-z]{26}(/amend|/asked|/retrievability|/license)?"
                    + "|/p/p_[0-9a-z]{26}|/licenses(/q_[0-9a-z]{26})?|/statements"
                    + "|/grants(/g_[0-9a-z]{26}(/reports/[0-9]{4}(-Q[1-4]|-[0-9]{2})?/[1-9][0-9]{0,8})?)?"
                    + "|/offers(/new|/o_[0-9a-z]{26}(/amend)?)?"
                    + "|/dispute/[dx]_[0-9a-z]{26}|/contact/[0-9a-f]{64}|/ask/p_[0-9a-z]{26}");

    /** Pages about one declaration or party, which may not exist. */
    private static final Pattern ABOUT_DECLARATION =
            Pattern.compile("/(?:d|dispute)/(d_[0-9a-z]{26})(?:/amend|/asked|/retrievability|/license|/qr\\.svg)?");

    private static final Pattern ABOUT_PARTY = Pattern.compile("/p/(p_[0-9a-z]{26})");

    /** Pages about people and their affairs. Search engines must not show them. */
    private static final Pattern PEOPLE = Pattern.compile(
            "/(?:d|p|ask|contact|dispute|recover|bulk)/.*|/(?:licenses|offers|grants|statements)(?:/.*)?|/console");

    /** A page whose name in the texts differs from the first part of its path. */
    private static final Map<String, String> NAMES = Map.of("", "home", "d", "certificate", "p", "party");

    /** Pages below another one that have a text of their own. */
    private static final Map<Pattern, String> FORMS = Map.of(
            Pattern.compile("/d/[^/]*/amend"), "amend",
            Pattern.compile("/d/[^/]*/license"), "license-ask",
            Pattern.compile("/licenses/.*"), "license",
            Pattern.compile("/offers/new"), "offer-new",
            Pattern.compile("/offers/[^/]*/amend"), "offer-amend",
            Pattern.compile("/offers/o_[^/]*"), "offer",
            Pattern.compile("/grants/[^/]*"), "grant",
            Pattern.compile("/grants/.*/reports/.*"), "statement");

    private static final Pattern TEXT_PAGE = Pattern.compile("/(" + String.join("|", TextPages.NAMES) + ")");
    private static final Pattern API_PAGE = Pattern.compile("/docs/api(?:/[a-z]*)?");
    private static final Pattern CODE = Pattern.compile("/d/(d_[0-9a-z]{26})/qr\\.svg");

    /** Prefix of the API, which has no pages. */
    private static final String API = "/v1/";

    private static final String SCRIPTS = "/app/";
    private static final String LIBRARIES = "/_static/";

    /**
     * Prefixes for programs. Under all others a person gets the document with status 404 for a page that does not
     * exist.
     */
    private static final List<String> PROGRAMS = List.of(API, "/log/", "/api/", "/.well-known/", SCRIPTS, LIBRARIES);

    private static final List<String> STATIC = List.of(SCRIPTS, LIBRARIES);

    /** Pages of other sites must not load what belongs to our pages. */
    private static final String RESOURCE_POLICY = "Cross-Origin-Resource-Policy";

    private static final String SAME_ORIGIN = "same-origin";

    private static final String PERMISSIONS =
            "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()";

    private static final Pattern INLINE_SCRIPT = Pattern.compile("<script[^>]*>([^<]+)</script>");
    private static final String COMMON_POLICY = "default-src 'none'; connect-src 'self'; img-src 'self' data:;"
            + " font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** For pages of text: one style sheet, a typeface, the mark of the registry, and no script. */
    static final String POLICY_WITHOUT_SCRIPTS =
            "default-src 'none'; connect-src 'self'; img-src 'self'; style-src 'self'; font-src 'self';"
                    + " manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final int UNAVAILABLE = 503;

    private static final Logger LOG = Logger.getLogger(Pages.class);

    private final Document page = Document.of("index.html");
    private final PublicAddress address;
    private final Refusals refusals;
    private final PublicFacts facts;
    private final TextPages texts;
    private final StatusPage status;
    private final ApiReference api;

    Pages(
            PublicAddress address,
            Refusals refusals,
            PublicFacts facts,
            TextPages texts,
            StatusPage status,
            ApiReference api) {
        this.api = api;
        this.address = address;
        this.refusals = refusals;
        this.facts = facts;
        this.texts = texts;
        this.status = status;
    }

    /** A document and its Content-Security-Policy. */
    private record Document(String text, String policy) {
        static Document of(String name) {
            String text = Texts.require(ROOT + name);
            StringBuilder scripts = new StringBuilder("; script-src 'self'");
            for (Matcher inline = INLINE_SCRIPT.matcher(text); inline.find(); ) {
                scripts.append(" 'sha256-").append(sha256(inline.group(1))).append('\'');
            }
            return new Document(text, COMMON_POLICY + scripts + "; style-src 'self'; worker-src 'self'");
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
        if (path.startsWith(API)) {
            exchange.next();
            return;
        }
        Matcher text = TEXT_PAGE.matcher(path);
        if (!reads) {
            refuseMethod(exchange, path);
        } else if (ABOUT_DECLARATION.matcher(path).matches()
                || ABOUT_PARTY.matcher(path).matches()) {
            serveFacts(exchange, path);
        } else if (PAGE.matcher(path).matches() || path.equals("/index.html")) {
            send(exchange, AppPage.of(name(path), Language.of(exchange.request())), 200);
        } else if (text.matches()) {
            serveText(exchange, text.group(1));
        } else if (API_PAGE.matcher(path).matches()) {
            sendApiPage(exchange, path);
        } else if (isForPeople(exchange, path)) {
            send(exchange, AppPage.notFound(Language.of(exchange.request())), NOT_FOUND);
        } else {
            addHeaders(exchange, path);
            exchange.next();
        }
    }

    /** Returns the name of a page in the texts. */
    private static String name(String path) {
        for (Map.Entry<Pattern, String> form : FORMS.entrySet()) {
            if (form.getKey().matcher(path).matches()) {
                return form.getValue();
            }
        }
        String first = path.substring(1).replaceFirst("/.*|index\\.html", "");
        return NAMES.getOrDefault(first, first);
    }

    /** Looks the declaration or the party up, on a thread that may wait for the database. */
    private void serveFacts(RoutingContext exchange, String path) {
        Language language = Language.of(exchange.request());
        exchange.vertx()
                .executeBlocking(() -> find(path, language), false)
                .onSuccess(found -> {
                    if (found.isEmpty()) {
                        send(exchange, AppPage.notFound(language), NOT_FOUND);
                    } else if (CODE.matcher(path).matches()) {
                        sendCode(exchange, path);
                    } else {
                        send(exchange, found.get(), 200);
                    }
                })
                .onFailure(failure -> {
                    LOG.debugf(failure, "The facts of %s cannot be read", path);
                    exchange.response().putHeader(HttpHeaders.RETRY_AFTER, "2");
                    send(exchange, AppPage.of(name(path), language), UNAVAILABLE);
                });
    }

    private Optional<AppPage> find(String path, Language language) throws SQLException {
        Matcher party = ABOUT_PARTY.matcher(path);
        if (party.matches()) {
            return facts.party(party.group(1)).map(known -> AppPage.of(known, language));
        }
        Matcher declaration = ABOUT_DECLARATION.matcher(path);
        if (!declaration.matches()) {
            throw new IllegalArgumentException(path);
        }
        // The page of a certificate shows its facts; those that change or dispute it are forms.
        return facts.declaration(declaration.group(1))
                .map(found -> name(path).equals("certificate")
                        ? AppPage.of(found, language)
                        : AppPage.of(name(path), language));
    }

    private void serveText(RoutingContext exchange, String name) {
        Language language = Language.of(exchange.request());
        if (!name.equals("status")) {
            sendText(exchange, name, language, "");
            return;
        }
        exchange.vertx()
                .executeBlocking(() -> status.html(language), false)
                .onSuccess(html -> sendText(exchange, name, language, html))
                .onFailure(exchange::fail);
    }

    /** Sends a page of text, with what is true at this moment in its place. */
    private void sendText(RoutingContext exchange, String name, Language language, String now) {
        String origin = address.of(exchange.request());
        TextPages.Page text = texts.page(name, language);
        String html = Layout.document(
                language,
                new Layout.Head(text.title(), text.lead(), origin + "/" + name, origin, true),
                name,
                text.main().replace("<p>{now}</p>", now));
        sendHtml(exchange, html, POLICY_WITHOUT_SCRIPTS, 200);
    }

    private void refuseMethod(RoutingContext exchange, String path) {
        boolean isPage = PAGE.matcher(path).matches()
                || TEXT_PAGE.matcher(path).matches()
                || API_PAGE.matcher(path).matches()
                || CODE.matcher(path).matches()
                || STATIC.stream().anyMatch(path::startsWith);
        if (!isPage) {
            exchange.next();
            return;
        }
        exchange.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD, OPTIONS");
        refusals.send(
                exchange, Problem.METHOD_NOT_ALLOWED.because("This path is a page or a part of one; it can be read"));
    }

    private static boolean isForPeople(RoutingContext exchange, String path) {
        String accept = exchange.request().getHeader(HttpHeaders.ACCEPT);
        boolean isFile = path.lastIndexOf('.') > path.lastIndexOf('/');
        return accept != null
                && accept.contains(MediaType.TEXT_HTML)
                && !isFile
                && PROGRAMS.stream().noneMatch(path::startsWith);
    }

    /** Sends the document that the scripts fill, with the text that can be read before. */
    private void send(RoutingContext exchange, AppPage content, int status) {
        Language language = Language.of(exchange.request());
        String path = exchange.normalizedPath();
        String origin = address.of(exchange.request());
        boolean indexed = status == 200 && !PEOPLE.matcher(path).matches();
        Layout.Head head = new Layout.Head(
                content.title(),
                content.description(),
                status == NOT_FOUND ? null : origin + (path.equals("/index.html") ? "/" : path),
                origin,
                indexed);
        if (!indexed) {
            exchange.response().putHeader("X-Robots-Tag", "noindex");
        }
        // INVARIANT: the policy is that of the template, so text that is written into it can never be an allowed
        // script.
        String html = Layout.fill(
                page.text(),
                Map.of(
                        "lang", language.tag(),
                        "facts", content.hasFacts() ? " data-facts" : "",
                        "head", Layout.head(language, head),
                        "served", Layout.body(language, content.menu(), content.main())));
        sendHtml(exchange, html, page.policy(), status);
    }

    private void sendApiPage(RoutingContext exchange, String path) {
        Language language = Language.of(exchange.request());
        exchange.vertx()
                .executeBlocking(() -> api.page(path, language))
                .onSuccess(page -> sendApiPage(exchange, path, language, page.orElse(null)))
                .onFailure(exchange::fail);
    }

    private void sendApiPage(RoutingContext exchange, String path, Language language, TextPages.@Nullable Page found) {
        if (found == null) {
            send(exchange, AppPage.notFound(language), NOT_FOUND);
            return;
        }
        String origin = address.of(exchange.request());
        String html = Layout.document(
                language,
                new Layout.Head(found.title(), found.lead(), origin + path.replaceFirst("/$", ""), origin, true),
                "api",
                found.main());
        sendHtml(exchange, html, POLICY_WITHOUT_SCRIPTS, 200);
    }

    private static void sendHtml(RoutingContext exchange, String html, String policy, int status) {
        HttpServerResponse response = exchange.response();
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html;charset=UTF-8")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader(HttpHeaders.VARY, Language.VARY);
        Language.keep(exchange);
        addPolicies(response, policy);
        if (HttpMethod.HEAD.equals(exchange.request().method())) {
            response.end();
        } else {
            response.end(html);
        }
    }

    /** Adds the headers that restrict a page. */
    static void addPolicies(HttpServerResponse response, String contentPolicy) {
        response.putHeader("Content-Security-Policy", contentPolicy)
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Permissions-Policy", PERMISSIONS)
                .putHeader(RESOURCE_POLICY, SAME_ORIGIN)
                .putHeader("Cross-Origin-Opener-Policy", "same-origin");
    }

    private void sendCode(RoutingContext exchange, String path) {
        String link = address.of(exchange.request()) + path.replace("/qr.svg", "");
        exchange.response()
                .putHeader("X-Robots-Tag", "noindex")
                .putHeader(HttpHeaders.CONTENT_TYPE, "image/svg+xml")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .end(QrCode.of(link).toSvg());
    }

    /**
     * Adds caching headers to files that exist; the next release may have those that do not. Our own scripts keep their names when a release changes them, so browsers must revalidate
     * them. Files of libraries never change.
     */
    private static void addHeaders(RoutingContext exchange, String path) {
        String caching = caching(path);
        if (caching != null) {
            exchange.addHeadersEndHandler(end -> {
                int status = exchange.response().getStatusCode();
                boolean isThere = status < NOT_FOUND;
                exchange.response()
                        .putHeader(HttpHeaders.CACHE_CONTROL, isThere ? caching : "no-store")
                        .putHeader(RESOURCE_POLICY, SAME_ORIGIN);
            });
        }
    }

    private static @Nullable String caching(String path) {
        if (path.startsWith(SCRIPTS)) {
            return "no-cache";
        }
        return path.startsWith(LIBRARIES) ? "public, max-age=31536000, immutable" : null;
    }
}
