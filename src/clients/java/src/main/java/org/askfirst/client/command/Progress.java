package org.askfirst.client.command;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.askfirst.catalog.SnapshotFile;
import org.askfirst.client.SnapshotSource;

/**
 * Says on the error output how far a long work is: a bar on a terminal, and else a line every ten seconds. Used by one
 * thread.
 */
final class Progress implements AutoCloseable {
    private static final Duration DRAWN = Duration.ofMillis(200);
    private static final Duration PRINTED = Duration.ofSeconds(10);
    private static final int WIDTH = 20;
    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter err;
    private final String unit;
    private final boolean isTerminal;
    private final LongSupplier nanos;
    private long total;
    private long startedAt;
    private long saidAt;
    private long done;
    private boolean isDrawn;

    /**
     * Creates one for a work that begins now.
     *
     * @param unit a plural, such as {@code rows}
     * @param total the number of units; negative if nobody knows it
     */
    Progress(PrintWriter err, String unit, long total) {
        this(err, unit, total, isTerminal(), System::nanoTime);
    }

    Progress(PrintWriter err, String unit, long total, boolean isTerminal, LongSupplier nanos) {
        this.err = err;
        this.unit = unit;
        this.total = total;
        this.isTerminal = isTerminal;
        this.nanos = nanos;
        this.startedAt = nanos.getAsLong();
        this.saidAt = startedAt;
    }

    /** Returns true if the error output is a terminal. Rows may go to a file meanwhile, so the console is no sign. */
    private static boolean isTerminal() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException elsewhere) {
            // Nothing tells there. Lines are right in both cases.
            return false;
        }
    }

    /** Begins the next part, which has so many units. */
    void begin(long units) {
        close();
        total = units;
        done = 0;
        startedAt = nanos.getAsLong();
        saidAt = startedAt;
    }

    /** So many units more are done. */
    void add(long units) {
        done += units;
        long now = nanos.getAsLong();
        if (now - saidAt < (isTerminal ? DRAWN : PRINTED).toNanos()) {
            return;
        }
        saidAt = now;
        double seconds = (now - startedAt) / 1e9;
        double rate = done / seconds;
        StringBuilder line = new StringBuilder();
        if (total > 0) {
            double part = Math.min(1.0, (double) done / total);
            int filled = (int) (WIDTH * part);
            if (isTerminal) {
                line.append('[')
                        .append("#".repeat(filled))
                        .append(" ".repeat(WIDTH - filled))
                        .append("] ");
            }
            line.append(String.format(Locale.ROOT, "%.0f %%, ", 100 * part));
        }
        line.append(String.format(Locale.ROOT, "%,d %s, %,.0f a second", done, unit, rate));
        if (total > done && rate > 0) {
            line.append(", ").append(time((total - done) / rate)).append(" left");
        }
        if (isTerminal) {
            err.print(ERASE + line);
            isDrawn = true;
        } else {
            err.println(line);
        }
        err.flush();
    }

    private static String time(double seconds) {
        long whole = (long) Math.ceil(seconds);
        if (whole < 100) {
            return whole + " s";
        }
        long minutes = whole / 60;
        return minutes < 100 ? minutes + " min" : minutes / 60 + " h";
    }

    /** Counts the bytes that are read. */
    InputStream counting(InputStream in) {
        return new Counting(in);
    }

    /** Counts the bytes of the files that are fetched. */
    SnapshotSource counting(SnapshotSource source) {
        return new SnapshotSource() {
            @Override
            public InputStream catalog() throws IOException {
                return source.catalog();
            }

            @Override
            public InputStream open(SnapshotFile file, long from) throws IOException {
                return counting(source.open(file, from));
            }
        };
    }

    /** Removes the bar. */
    @Override
    public void close() {
        if (isDrawn) {
            err.print(ERASE);
            err.flush();
            isDrawn = false;
        }
    }

    private final class Counting extends FilterInputStream {
        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            add(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int read = in.read(buffer, from, length);
            add(Math.max(0, read));
            return read;
        }
    }
}
