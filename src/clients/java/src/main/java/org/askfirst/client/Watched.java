package org.askfirst.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A stream of a server that may stall. If no byte comes for some time, the stream is closed, and the waiting read fails.
 * The time-out of the HTTP client ends with the headers of an answer.
 */
final class Watched extends FilterInputStream {
    private static final ScheduledExecutorService WATCHMAN = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "askfirst-watch");
        thread.setDaemon(true);
        return thread;
    });

    private final long nanos;
    private final ScheduledFuture<?> watch;
    private volatile long heardAt = System.nanoTime();
    private volatile boolean stalled;

    Watched(InputStream in, Duration patience) {
        super(in);
        this.nanos = patience.toNanos();
        long period = Math.max(1, patience.toMillis() / 4);
        this.watch = WATCHMAN.scheduleAtFixedRate(this::look, period, period, TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (System.nanoTime() - heardAt > nanos) {
            stalled = true;
            watch.cancel(false);
            try {
                in.close();
            } catch (IOException closed) {
                // The read fails in any case.
            }
        }
    }

    private int heard(int read) throws IOException {
        heardAt = System.nanoTime();
        if (stalled) {
            throw new IOException("the server sends no more");
        }
        return read;
    }

    @Override
    public int read() throws IOException {
        return heard(in.read());
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        return heard(in.read(buffer, from, length));
    }

    @Override
    public void close() throws IOException {
        watch.cancel(false);
        in.close();
    }
}
