package org.askfirst.testkit;

import java.util.Objects;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The name server and the sites of strangers that the service under test is configured to ask. A test class registers
 * one in a static field; it listens while the class runs.
 */
public final class LoopbackInternet implements BeforeAllCallback, AfterAllCallback {
    private @Nullable LoopbackWeb web;
    private @Nullable LoopbackDns dns;

    /** The sites. */
    public LoopbackWeb web() {
        return Objects.requireNonNull(web);
    }

    /** The name server. */
    public LoopbackDns dns() {
        return Objects.requireNonNull(dns);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        web = new LoopbackWeb(ConfigProvider.getConfig().getValue("askfirst.fetch.loopback-port", Integer.class));
        String server = ConfigProvider.getConfig().getValue("askfirst.fetch.name-servers", String.class);
        dns = new LoopbackDns(Integer.parseInt(server.substring(server.indexOf(':') + 1)));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        web().close();
        dns().close();
    }
}
