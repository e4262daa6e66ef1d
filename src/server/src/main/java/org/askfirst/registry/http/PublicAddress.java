package org.askfirst.registry.http;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The address under which the world reaches this registry. Links in headers, QR codes and documents are built from it.
 *
 * <p>If it is not configured, it is the host that the client named, which {@link RequestHead} has checked for its form.
 */
@Singleton
public class PublicAddress {
    private final @Nullable String configured;

    PublicAddress(PublicConfig config) {
        configured = config.url().map(PublicAddress::checked).orElse(null);
    }

    /** Reads the setting at the start, so that a malformed one is noticed then. */
    void start(@Observes StartupEvent event) {
        // The constructor has checked the setting.
    }

    static String checked(URI url) {
        boolean isWeb = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
        boolean isOrigin = Optional.ofNullable(url.getRawPath())
                        .orElse("")
                        .replace("/", "")
                        .isEmpty()
                && url.getRawQuery() == null
                && url.getRawFragment() == null
                && url.getRawUserInfo() == null;
        if (!isWeb || url.getHost() == null || !isOrigin) {
            throw new IllegalArgumentException(
                    "askfirst.public.url is an origin such as https://registry.example.org, not " + url);
        }
        return url.getScheme() + "://" + url.getRawAuthority();
    }

    /** Returns the origin, such as {@code https://registry.example.org}, without a slash at the end. */
    public String of(HttpServerRequest request) {
        if (configured != null) {
            return configured;
        }
        String authority =
                request.authority() == null ? "localhost" : request.authority().toString();
        return request.scheme() + "://" + authority;
    }

    /** Returns the configured origin; null if there is none. */
    public @Nullable String configured() {
        return configured;
    }

    /** Returns true if the world reaches the registry by TLS. */
    boolean isSecure(HttpServerRequest request) {
        return configured == null ? request.isSSL() : configured.startsWith("https:");
    }
}
