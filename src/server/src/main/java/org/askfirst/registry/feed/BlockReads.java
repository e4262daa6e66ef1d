package org.askfirst.registry.feed;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Reads blocks of entries for readers of the feed, a few at a time. Hundreds of readers that catch up would otherwise
 * take all connections of the database, and those who declare would wait for one.
 */
@ApplicationScoped
class BlockReads {
    /** A small part of the connections of the database. */
    private static final int AT_ONCE = 4;

    private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, task -> {
        Thread thread = new Thread(task, "feed-reader");
        thread.setDaemon(true);
        return thread;
    });

    /** Returns an executor that does a few reads at a time. */
    Executor executor() {
        return threads;
    }

    /**
     * Waits until it is the turn of the read, and returns its result.
     *
     * @throws IOException if it fails
     */
    <T> T of(Callable<T> read) throws IOException {
        try {
            return threads.submit(read).get();
        } catch (ExecutionException failure) {
            throw new IOException("the ledger cannot be read", failure.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("the service stops", stopped);
        }
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }
}
