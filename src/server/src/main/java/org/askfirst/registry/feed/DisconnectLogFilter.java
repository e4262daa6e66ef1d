package org.askfirst.registry.feed;

import io.quarkus.logging.LoggingFilter;
import java.io.IOException;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logging.Logger;

/**
 * Leaves out of the log that the connection of a live reader broke off, which the framework tells as an error with
 * its stack: readers come and go, and lose nothing.
 */
@LoggingFilter(name = "client-disconnects")
public final class DisconnectLogFilter implements Filter {
    static final String TELLER = "org.jboss.resteasy.reactive.server.handlers.PublisherResponseHandler";

    private static final Logger LOG = Logger.getLogger(DisconnectLogFilter.class);

    @Override
    public boolean isLoggable(LogRecord record) {
        if (!TELLER.equals(record.getLoggerName()) || !(record.getThrown() instanceof IOException broken)) {
            return true;
        }
        LOG.debugf("A live reader broke off: %s", broken.getMessage());
        return false;
    }
}
