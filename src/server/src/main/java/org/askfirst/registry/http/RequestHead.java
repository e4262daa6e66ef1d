package org.askfirst.registry.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.regex.Pattern;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * The rules for the first part of each request: host, path and query.
 *
 * <p>A path has one spelling. Proxies, the framework and our own filters resolve dot segments, doubled slashes and
 * escapes at different places, so another spelling could pass a rule of one of them and then reach a resource that the
 * rule protects. Such paths are refused before anything reads them.
 */
final class RequestHead {
    private static final Pattern HOST =
            Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253})|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?");
    private static final String UNRESERVED = "-._~";
    private static final String SEPARATORS = "/\\";

    private static volatile String lastHost = "";

    private RequestHead() {}

    /** Returns the problem of the request; null if it has none. */
    static @Nullable ProblemException fault(HttpServerRequest request) {
        String fault = faultOfHost(request);
        if (fault == null) {
            fault = faultOfTarget(request);
        }
        if (fault == null) {
            fault = faultOfTransfer(request);
        }
        return fault == null ? null : Problem.MALFORMED_REQUEST.because(fault);
    }

    /** RFC 9112, section 3.2: a request has exactly one host. A client of HTTP/1.0 need not send it. */
    private static @Nullable String faultOfHost(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
        if (hosts.size() > 1) {
            return "The request has several Host headers; send one";
        }
        if (request.version() == HttpVersion.HTTP_1_0 && hosts.isEmpty()) {
            return null;
        }
        if (request.version() == HttpVersion.HTTP_1_1 && hosts.isEmpty()) {
            return "The request has no Host header; send one";
        }
        if (!hosts.isEmpty() && !isHost(hosts.get(0))) {
            return "The Host header is no host name or address, with or without a port";
        }
        // Without an absolute target, the authority is the Host header, which is checked above.
        if (!hosts.isEmpty() && !request.uri().contains("://")) {
            return null;
        }
        HostAndPort authority = request.authority();
        return authority == null || HOST.matcher(authority.toString()).matches()
                ? null
                : "The host of the request is no host name or address, with or without a port";
    }

    /** Most requests of a time name one host. */
    private static boolean isHost(String text) {
        if (text.equals(lastHost)) {
            return true;
        }
        boolean isHost = HOST.matcher(text).matches();
        if (isHost) {
            lastHost = text;
        }
        return isHost;
    }

    /** With another coding, the length of the body is not known, and a proxy may see another end than the server. */
    private static @Nullable String faultOfTransfer(HttpServerRequest request) {
        List<String> codings = request.headers().getAll("Transfer-Encoding");
        return codings.isEmpty() || (codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked"))
                ? null
                : "The registry reads no other Transfer-Encoding than chunked";
    }

    private static @Nullable String faultOfTarget(HttpServerRequest request) {
        String query = request.query();
        if (query != null && !isEscaped(query)) {
            return "The query has a percent sign without two hexadecimal digits; write % as %25";
        }
        String path = request.path();
        return path == null ? "The request has no path" : faultOfPath(path);
    }

    static @Nullable String faultOfPath(String path) {
        if (!path.startsWith("/")) {
            return "The path must begin with a slash";
        }
        if (!isEscaped(path)) {
            return "The path has a percent sign without two hexadecimal digits; write % as %25";
        }
        if (path.indexOf('\\') >= 0 || path.contains("//")) {
            return "The path has an empty segment or a backslash; write it with single slashes";
        }
        if (hasOddEscape(path)) {
            return "The path escapes a character that needs no escape, or a slash; write it as it is";
        }
        if (!path.contains("/.")) {
            return null;
        }
        for (String segment : path.split("/", -1)) {
            int parameters = segment.indexOf(';');
            String name = parameters < 0 ? segment : segment.substring(0, parameters);
            if (name.equals(".") || name.equals("..")) {
                return "The path has a dot segment; send the path that it leads to";
            }
        }
        return null;
    }

    private static boolean isEscaped(String text) {
        for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
            if (escaped(text, i) < 0) {
                return false;
            }
        }
        return true;
    }

    /** An escaped letter, digit, dot or slash is another spelling of the same path (RFC 3986, section 6.2.2.2). */
    private static boolean hasOddEscape(String path) {
        for (int i = path.indexOf('%'); i >= 0; i = path.indexOf('%', i + 1)) {
            char character = (char) escaped(path, i);
            boolean isLetter = (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
            boolean isDigit = character >= '0' && character <= '9';
            if (isLetter || isDigit || (UNRESERVED + SEPARATORS).indexOf(character) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Returns the byte that is escaped at {@code percent}; -1 if the escape is malformed. */
    private static int escaped(String text, int percent) {
        if (percent + 2 >= text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(percent + 1), 16);
        int low = Character.digit(text.charAt(percent + 2), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }
}
