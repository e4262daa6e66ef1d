package org.askfirst.registry.ledger;

import io.agroal.api.AgroalPoolInterceptor;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.postgresql.jdbc.PgConnection;

/**
 * All connections of the pool, so that they can be aborted when the database stops answering. A thread that waits for an
 * answer cannot be interrupted, and would otherwise wait for as long as the database is frozen.
 */
@Singleton
class PooledConnections implements AgroalPoolInterceptor {
    private static final Logger LOG = Logger.getLogger(PooledConnections.class);

    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    @Override
    public void onConnectionCreate(Connection connection) {
        raw(connection).ifPresent(open::add);
    }

    /** The pool makes its first connections before it knows of this class. */
    @Override
    public void onConnectionAcquire(Connection connection) {
        raw(connection).ifPresent(open::add);
    }

    @Override
    public void onConnectionDestroy(Connection connection) {
        raw(connection).ifPresent(open::remove);
    }

    /** Returns the driver's connection. The pool passes a wrapper that is closed after the call and cannot abort. */
    private static Optional<Connection> raw(Connection connection) {
        try {
            return Optional.of(connection.unwrap(PgConnection.class));
        } catch (SQLException alreadyClosed) {
            LOG.debug("A connection was closed before it was known", alreadyClosed);
            return Optional.empty();
        }
    }

    /**
     * Closes the sockets of all connections. Whoever waits for an answer gets an exception.
     *
     * @return the number of connections
     */
    int abortAll() {
        int count = 0;
        for (Connection connection : List.copyOf(open)) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException alreadyClosed) {
                LOG.debug("A connection was closed before it was aborted", alreadyClosed);
            }
            open.remove(connection);
            count++;
        }
        return count;
    }
}
