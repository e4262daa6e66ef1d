package org.askfirst.registry.fetch;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;
import java.util.OptionalInt;

/** Settings of looking at other people's names and pages. */
@ConfigMapping(prefix = "askfirst.fetch")
interface FetchConfig {
    /** The name server that is asked, an IP address and a port; the system's if absent. */
    Optional<String> nameServer();

    /**
     * For tests alone: addresses of this machine are fetched too, from this port in place of 80. With this set a
     * registry can be made to fetch from itself.
     */
    OptionalInt loopbackPort();

    /** For tests alone: the same in place of 443; if absent, this machine is never fetched from by https. */
    OptionalInt loopbackTlsPort();

    /** For tests alone: how often one address may be visited in a minute, where all sites are at one address. */
    OptionalInt visitsOfAnAddress();
}
