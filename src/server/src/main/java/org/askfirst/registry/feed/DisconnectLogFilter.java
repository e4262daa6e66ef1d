package org.askfirst.registry.feed;

import io.quarkus.logging.LoggingFilter;
import java.io.IOException;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logging.Logger;

/**
 * Suppresses the stack trace that the framework logs as an error when an SSE client disconnects. Disconnects are
 * normal, and a client loses nothing.
 */
@LoggingFilter(name = "client-disconnects")
public final class DisconnectLogFilter implements Filter {
    static final String FRAMEWORK_LOGGER = "org.jboss.resteasy.reactive.server.handlers.PublisherResponseHandler";

    private static final Logger LOG = Logger.getLogger(DisconnectLogFilter.class);

    @Override
    public boolean isLoggable(LogRecord record) {
        if (!FRAMEWORK_LOGGER.equals(record.getLoggerName()) || !(record.getThrown() instanceof IOException broken)) {
            return true;
        }
        LOG.debugf("A live reader disconnected: %s", broken.getMessage());
        return false;
    }
}
