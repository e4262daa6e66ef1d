package org.askfirst.registry.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Limits for one address, on one node. Raise them if many askers share an address. */
@ConfigMapping(prefix = "askfirst.admission")
interface AdmissionConfig {
    /** Number of requests of an address that are answered at once. Streams have a quarter of it besides. */
    @WithDefault("64")
    int requestsOfAnAddress();

    /** Number of open connections of an address. It does not apply behind a proxy that names the addresses. */
    @WithDefault("256")
    int connectionsOfAnAddress();
}
