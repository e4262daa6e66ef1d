package org.askfirst.registry.fetch;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Settings of requests to name servers and websites of others. */
@ConfigMapping(prefix = "askfirst.fetch")
interface FetchConfig {
    /**
     * Name servers, each as IP address and port. All of them must agree. If absent, the first of the operating system
     * that answers is believed.
     */
    Optional<List<String>> nameServers();

    /**
     * For tests only: port that replaces 80 at loopback addresses. If it is set, loopback addresses are fetched, and
     * strangers can make the registry fetch from itself.
     */
    OptionalInt loopbackPort();

    /** For tests only: port that replaces 443 at loopback addresses; if absent, they are never fetched by https. */
    OptionalInt loopbackTlsPort();

    /**
     * For tests only: number of visits to one address in a minute, because all sites of a test have the same address.
     */
    OptionalInt visitsOfAnAddress();
}
