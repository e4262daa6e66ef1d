package org.askfirst.registry.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Adds the headers that every answer has: date, caching, content coding, CORS and security. A handler that has set one
 * of them keeps it.
 *
 * <p>An answer that sets its own Cross-Origin-Resource-Policy is part of a page. All others are part of the API, and
 * pages of every site may read them. This opens nothing: a key is sent in a header, which only its holder can set, and
 * the cookie of a session counts only in requests of our own pages ({@link SessionCookie}).
 */
@Singleton
class AnswerHeaders {
    private static final CharSequence NOSNIFF_NAME = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence POLICY_NAME = HttpHeaders.createOptimized("Content-Security-Policy");
    private static final CharSequence POLICY =
            HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'");
    private static final CharSequence RESOURCE_POLICY_NAME =
            HttpHeaders.createOptimized("Cross-Origin-Resource-Policy");
    private static final CharSequence CROSS_ORIGIN = HttpHeaders.createOptimized("cross-origin");
    private static final CharSequence ALL = HttpHeaders.createOptimized("*");
    private static final CharSequence HSTS_NAME = HttpHeaders.createOptimized("Strict-Transport-Security");
    private static final CharSequence HSTS = HttpHeaders.createOptimized("max-age=31536000");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence ACCEPT_ENCODING = HttpHeaders.createOptimized("Accept-Encoding");

    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;
    private static final String QUOTA_RETRY_SECONDS = "5";
    private static final String RETRY_SECONDS = "2";
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final PublicAddress address;
    private final Clock clock;
    private volatile FormattedSecond date = new FormattedSecond(0, "");

    private record FormattedSecond(long second, String text) {}

    AnswerHeaders(PublicAddress address, Clock clock) {
        this.address = address;
        this.clock = clock;
    }

    /** Completes the headers of an answer, directly before they are sent. */
    void complete(HttpServerRequest request, HttpServerResponse response) {
        MultiMap headers = response.headers();
        int status = response.getStatusCode();
        headers.set(HttpHeaders.DATE, date());
        headers.set(NOSNIFF_NAME, NOSNIFF);
        addCaching(request, headers);
        addContentCoding(request, status, headers);
        addRetry(status, headers);
        addLocation(headers);
        if (!headers.contains(RESOURCE_POLICY_NAME)) {
            headers.set(RESOURCE_POLICY_NAME, CROSS_ORIGIN);
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, ALL);
            headers.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, ALL);
        }
        if (!headers.contains(POLICY_NAME)) {
            headers.set(POLICY_NAME, POLICY);
        }
        if (address.isSecure(request)) {
            headers.set(HSTS_NAME, HSTS);
        }
    }

    /** Returns the moment as headers write it (RFC 9110, section 5.6.7). */
    static String date(Instant moment) {
        return DATE.format(moment);
    }

    private String date() {
        long second = clock.instant().getEpochSecond();
        FormattedSecond last = date;
        if (last.second() != second) {
            last = new FormattedSecond(second, date(Instant.ofEpochSecond(second)));
            date = last;
        }
        return last.text();
    }

    /** Only an answer to a request without a key may be kept by a shared cache. */
    private static void addCaching(HttpServerRequest request, MultiMap headers) {
        String caching = headers.get(HttpHeaders.CACHE_CONTROL);
        boolean isKeyed = request.headers().contains(HttpHeaders.AUTHORIZATION);
        if (caching == null) {
            headers.set(HttpHeaders.CACHE_CONTROL, NO_STORE);
        } else if (isKeyed && caching.startsWith("public")) {
            headers.set(HttpHeaders.CACHE_CONTROL, caching.replaceFirst("public", "private"));
        }
    }

    /** The entity tag of a coded answer differs from that of the plain one (RFC 9110, section 8.8.1). */
    private static void addContentCoding(HttpServerRequest request, int status, MultiMap headers) {
        String vary = headers.get(HttpHeaders.VARY);
        if (vary == null) {
            headers.set(HttpHeaders.VARY, ACCEPT_ENCODING);
        } else if (!vary.toLowerCase(Locale.ROOT).contains("accept-encoding")) {
            headers.set(HttpHeaders.VARY, vary + ", Accept-Encoding");
        }
        String tag = headers.get(HttpHeaders.ETAG);
        if (status == NOT_MODIFIED) {
            headers.remove(HttpHeaders.CONTENT_ENCODING);
            String known = tag == null ? null : Conditional.matching(request.getHeader(HttpHeaders.IF_NONE_MATCH), tag);
            if (known != null) {
                headers.set(HttpHeaders.ETAG, known);
            }
            return;
        }
        String coding = ContentCodings.ofAnswer(request.headers().getAll(HttpHeaders.ACCEPT_ENCODING));
        boolean isCoded = coding != null && headers.get(HttpHeaders.CONTENT_ENCODING) == null;
        if (isCoded && ContentCodings.isSmall(headers.get(HttpHeaders.CONTENT_LENGTH))) {
            headers.set(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY);
            isCoded = false;
        }
        if (isCoded && coding != null && tag != null) {
            headers.set(HttpHeaders.ETAG, Conditional.coded(tag, coding));
        }
        if (status == NO_CONTENT || HttpMethod.HEAD.equals(request.method())) {
            headers.remove(HttpHeaders.CONTENT_ENCODING);
        }
    }

    private static void addRetry(int status, MultiMap headers) {
        if ((status == TOO_MANY_REQUESTS || status == UNAVAILABLE) && !headers.contains(HttpHeaders.RETRY_AFTER)) {
            headers.set(HttpHeaders.RETRY_AFTER, status == UNAVAILABLE ? RETRY_SECONDS : QUOTA_RETRY_SECONDS);
        }
    }

    /** The framework makes a Location absolute with the host of the request. */
    private void addLocation(MultiMap headers) {
        String origin = address.configured();
        String location = headers.get(HttpHeaders.LOCATION);
        if (origin != null && location != null) {
            headers.set(HttpHeaders.LOCATION, origin + pathOf(location));
        }
    }

    private static String pathOf(String location) {
        int scheme = location.indexOf("://");
        int path = scheme < 0 ? 0 : location.indexOf('/', scheme + 3);
        return path < 0 ? "/" : location.substring(path);
    }
}
