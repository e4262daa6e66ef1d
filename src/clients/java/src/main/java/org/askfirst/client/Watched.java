package org.askfirst.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stream of a server that may stall or drip. If no byte, or too few, come for some time, the stream is closed, and the waiting read fails.
 * The time-out of the HTTP client ends with the headers of an answer.
 */
final class Watched extends FilterInputStream {
    private static final ScheduledExecutorService WATCHMAN = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "askfirst-watch");
        thread.setDaemon(true);
        return thread;
    });

    /** Fewer bytes a second, over a whole window, are no download. */
    private static final long LEAST_RATE = 256;

    private static final Duration WINDOW = Duration.ofSeconds(60);

    private final long nanos;
    private final long window;
    private final AtomicLong bytes = new AtomicLong();
    private long windowBegan = System.nanoTime();
    private final ScheduledFuture<?> watch;
    private volatile long heardAt = System.nanoTime();
    private volatile boolean stalled;

    Watched(InputStream in, Duration patience) {
        this(in, patience, WINDOW);
    }

    /**
     * Watches a stream.
     *
     * @param patience the time without a byte after which it is given up
     * @param window the time in which some bytes must come for each of its seconds
     */
    Watched(InputStream in, Duration patience, Duration window) {
        super(in);
        this.window = window.toNanos();
        this.nanos = patience.toNanos();
        long period = Math.max(1, patience.toMillis() / 4);
        this.watch = WATCHMAN.scheduleAtFixedRate(this::look, period, period, TimeUnit.MILLISECONDS);
    }

    private void look() {
        long now = System.nanoTime();
        boolean drips = now - windowBegan > window;
        if (drips) {
            drips = bytes.getAndSet(0) < LEAST_RATE * window / 1_000_000_000L;
            windowBegan = now;
        }
        if (drips || now - heardAt > nanos) {
            stalled = true;
            watch.cancel(false);
            try {
                in.close();
            } catch (IOException closed) {
                // The read fails in any case.
            }
        }
    }

    private int heard(int read, int count) throws IOException {
        heardAt = System.nanoTime();
        bytes.addAndGet(Math.max(0, count));
        if (stalled) {
            throw new IOException("the server sends no more");
        }
        return read;
    }

    @Override
    public int read() throws IOException {
        return heard(in.read(), 1);
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        int read = in.read(buffer, from, length);
        return heard(read, read);
    }

    @Override
    public void close() throws IOException {
        watch.cancel(false);
        in.close();
    }
}
