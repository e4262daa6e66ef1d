package org.askfirst.bench.append;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A client that does one act again and again. One thread only. */
interface Repeated extends AutoCloseable {
    void once() throws IOException, SQLException;

    @Override
    void close() throws IOException, SQLException;

    /**
     * Runs many clients at once for some seconds.
     *
     * @return the nanoseconds of each act, sorted
     */
    static long[] run(int clients, int seconds, Callable<Repeated> made) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(clients);
        List<Future<long[]>> running = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (int i = 0; i < clients; i++) {
            running.add(pool.submit(() -> {
                long[] nanos = new long[1 << 10];
                int count = 0;
                try (Repeated client = made.call()) {
                    for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
                        client.once();
                        nanos = count == nanos.length ? Arrays.copyOf(nanos, 2 * count) : nanos;
                        nanos[count++] = System.nanoTime() - start;
                    }
                }
                return Arrays.copyOf(nanos, count);
            }));
        }
        List<long[]> all = new ArrayList<>();
        for (Future<long[]> one : running) {
            all.add(one.get());
        }
        pool.shutdown();
        return all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    }
}
