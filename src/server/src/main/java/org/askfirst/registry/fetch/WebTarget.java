package org.askfirst.registry.fetch;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.subject.Subject;

/**
 * The target of a fetch: a host by http or https on its standard port, and a path.
 *
 * @param host in lower case, as in an address; IPv6 in brackets
 * @param target path and query, printable ASCII
 */
public record WebTarget(boolean secure, String host, String target) {
    private static final String HTTPS = "https://";
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;
    private static final int MAX_TARGET = 8192;

    /** Host, and path with query. A user, another port, a fragment and escapes in the host do not match. */
    private static final Pattern ADDRESS = Pattern.compile(
            "(?i:https)://([^\\s/?#@:%\\[\\]\\\\]+|\\[[0-9A-Fa-f:.]+])(?::443)?((?:[/?][!-~&&[^#]]*)?)");

    public WebTarget {
        if (host.isEmpty()
                || !target.startsWith("/")
                || target.length() > MAX_TARGET
                || (host + target).chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IllegalArgumentException("not a target: " + host + target);
        }
    }

    /**
     * Returns the target of an address in the registry's canonical form, {@code https://host/…}.
     *
     * @throws IllegalArgumentException if it is not such an address
     */
    public static WebTarget of(String address) {
        int slash = address.indexOf('/', HTTPS.length());
        if (!address.startsWith(HTTPS) || slash < 0) {
            throw new IllegalArgumentException("not a canonical address: " + address);
        }
        return new WebTarget(true, address.substring(HTTPS.length(), slash), address.substring(slash));
    }

    /**
     * Reads an https address on the standard port. The path and the query stay as they are.
     *
     * @return empty if it is not such an address
     * @throws org.askfirst.problem.ProblemException if its host is not on the public internet; names are not resolved
     */
    public static Optional<WebTarget> parse(String untrusted) {
        Matcher parts = ADDRESS.matcher(untrusted);
        if (!parts.matches() || parts.group(2).length() >= MAX_TARGET) {
            return Optional.empty();
        }
        Subject host = Subject.parse("url:" + HTTPS + parts.group(1) + "/");
        host.requireDeclarable();
        String target = parts.group(2).startsWith("/") ? parts.group(2) : "/" + parts.group(2);
        return Optional.of(new WebTarget(true, of(host.value()).host(), target));
    }

    /** Returns the same target without encryption. */
    WebTarget plain() {
        return new WebTarget(false, host, target);
    }

    int port() {
        return secure ? HTTPS_PORT : HTTP_PORT;
    }

    /** Returns true if the host is an IP address, not a name. */
    public boolean isAddress() {
        return host.startsWith("[") || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    /**
     * Returns the target of a redirect if it is the same site on a standard port: the same host, with or without
     * {@code www.} in front. Empty for another site, because control of one site proves nothing about another.
     */
    Optional<WebTarget> redirectedTo(String location) {
        try {
            URI to = new URI(toString()).resolve(new URI(location.strip()));
            String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
            boolean encrypted = scheme.equals("https");
            String other = to.getHost() == null ? "" : to.getHost().toLowerCase(Locale.ROOT);
            boolean usual = to.getPort() < 0 || to.getPort() == (encrypted ? HTTPS_PORT : HTTP_PORT);
            if (location.isBlank()
                    || !(encrypted || scheme.equals("http"))
                    || !usual
                    || to.getRawUserInfo() != null
                    || !withoutWww(other).equals(withoutWww(host))) {
                return Optional.empty();
            }
            String path = to.getRawPath() == null || to.getRawPath().isEmpty() ? "/" : to.getRawPath();
            return Optional.of(
                    new WebTarget(encrypted, other, path + (to.getRawQuery() == null ? "" : "?" + to.getRawQuery())));
        } catch (URISyntaxException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static String withoutWww(String host) {
        return host.startsWith("www.") ? host.substring("www.".length()) : host;
    }

    @Override
    public String toString() {
        return (secure ? HTTPS : "http://") + host + target;
    }
}
