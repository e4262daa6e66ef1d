package org.askfirst.registry.http;

import io.smallrye.config.ConfigMapping;
import java.net.URI;
import java.util.Optional;

/** How the world reaches the registry and its operator. */
@ConfigMapping(prefix = "askfirst.public")
public interface PublicConfig {
    /** The origin of the registry, such as {@code https://registry.example.org}. */
    Optional<URI> url();

    /** Where to report a vulnerability, as a {@code mailto:} or {@code https:} address. */
    Optional<URI> securityContact();
}
