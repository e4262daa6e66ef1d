package org.askfirst.registry.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that keeps a person signed in. It counts only in requests that our own pages send, so that pages of other
 * sites cannot act with it. In such a request, this filter writes its token into the header {@code Authorization}, where
 * all resources look for keys. No client can send that form of the header itself.
 *
 * <p>The cookie has the prefix {@code __Host-} and is sent over TLS only. If the world reaches the registry without TLS,
 * as during development, a browser would not keep such a cookie, and the name has no prefix.
 */
@Singleton
public class SessionCookie {
    /** The scheme of the header {@code Authorization} behind this filter. */
    public static final String SCHEME = "Session";

    /** The header that our pages send. A page of another site cannot: no CORS answer of ours allows it. */
    private static final String MARK = "Askfirst-Session";

    private static final int BEFORE_ADMISSION = 2_000;
    private static final String FETCH_SITE = "Sec-Fetch-Site";
    private static final String SAME_ORIGIN = "same-origin";
    private static final String NAME = "askfirst";
    private static final String SECURE_NAME = "__Host-" + NAME;

    private final PublicAddress address;

    SessionCookie(PublicAddress address) {
        this.address = address;
    }

    void register(@Observes Filters filters) {
        filters.register(this::admit, BEFORE_ADMISSION);
    }

    private void admit(RoutingContext exchange) {
        HttpServerRequest request = exchange.request();
        List<String> authorizations = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        if (authorizations.isEmpty()) {
            String token = token(request);
            if (token != null) {
                request.headers().set(HttpHeaders.AUTHORIZATION, SCHEME + " " + token);
            }
        } else if (authorizations.stream().anyMatch(SessionCookie::isOfSession)) {
            request.headers().set(HttpHeaders.AUTHORIZATION, SCHEME);
        }
        exchange.next();
    }

    private static boolean isOfSession(String authorization) {
        return authorization.strip().toLowerCase(Locale.ROOT).startsWith(SCHEME.toLowerCase(Locale.ROOT));
    }

    /** Returns the token in the cookie; null if there is none, or if the request is not one of our pages. */
    public @Nullable String token(HttpServerRequest request) {
        if (!request.headers().contains(MARK) || !isFromOwnPage(request)) {
            return null;
        }
        String prefix = name(request) + "=";
        List<String> tokens = new ArrayList<>();
        for (String header : request.headers().getAll(HttpHeaders.COOKIE)) {
            for (String cookie : header.split(";", -1)) {
                if (cookie.strip().startsWith(prefix)) {
                    tokens.add(cookie.strip().substring(prefix.length()));
                }
            }
        }
        // With two cookies of the name, nobody knows which one is ours.
        return tokens.size() == 1 ? tokens.get(0) : null;
    }

    /** Returns true unless the browser says that a page of another origin sends the request. */
    public boolean isPossiblyOwn(HttpServerRequest request) {
        String site = request.getHeader(FETCH_SITE);
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        return (site == null || site.equals(SAME_ORIGIN)) && (origin == null || origin.equals(address.of(request)));
    }

    /** Older browsers do not send Sec-Fetch-Site, and no browser sends Origin with a plain GET of the same origin. */
    private boolean isFromOwnPage(HttpServerRequest request) {
        boolean says =
                request.headers().contains(FETCH_SITE) || request.headers().contains(HttpHeaders.ORIGIN);
        return isPossiblyOwn(request) && (says || HttpMethod.GET.equals(request.method()));
    }

    private String name(HttpServerRequest request) {
        return address.isSecure(request) ? SECURE_NAME : NAME;
    }

    /** Returns the value of {@code Set-Cookie} that makes the browser keep the token. */
    public String keeping(HttpServerRequest request, String token, Duration time) {
        return name(request) + "=" + token + "; Path=/; Max-Age=" + time.toSeconds() + "; HttpOnly; SameSite=Strict"
                + (address.isSecure(request) ? "; Secure" : "");
    }

    /** Returns the value of {@code Set-Cookie} that makes the browser delete the token. */
    public String deleting(HttpServerRequest request) {
        return keeping(request, "", Duration.ZERO);
    }
}
