package org.askfirst.registry.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.logging.LoggingFilter;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

/** Checks that disconnects of clients are not logged as errors, and that all other log records pass. */
class DisconnectLogFilterTest {
    private final DisconnectLogFilter filter = new DisconnectLogFilter();

    private static LogRecord record(String logger, Throwable thrown) {
        LogRecord record = new LogRecord(Level.SEVERE, "Exception in SSE server handling");
        record.setLoggerName(logger);
        record.setThrown(thrown);
        return record;
    }

    @Test
    void onlyABrokenConnectionIsSuppressed() {
        assertFalse(filter.isLoggable(record(DisconnectLogFilter.FRAMEWORK_LOGGER, new IOException("Broken pipe"))));
        assertTrue(filter.isLoggable(record(DisconnectLogFilter.FRAMEWORK_LOGGER, new IllegalStateException("unreadable"))));
        assertTrue(filter.isLoggable(record("org.askfirst.registry.ledger.Ledger", new IOException("Broken pipe"))));
    }

    @Test
    void theLogPassesThroughIt() throws IOException, ClassNotFoundException {
        Class.forName(DisconnectLogFilter.FRAMEWORK_LOGGER);
        Properties settings = new Properties();
        try (InputStream file =
                Objects.requireNonNull(DisconnectLogFilterTest.class.getResourceAsStream("/application.properties"))) {
            settings.load(file);
        }
        LoggingFilter named = DisconnectLogFilter.class.getAnnotation(LoggingFilter.class);
        assertNotNull(named);
        assertEquals(named.name(), settings.getProperty("quarkus.log.console.filter"));
    }
}
