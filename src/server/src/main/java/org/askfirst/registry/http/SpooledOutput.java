package org.askfirst.registry.http;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that never waits for its reader while the request is still being read.
 *
 * <p>Many clients send the whole request before they read a byte of the answer. If the answer then waited for
 * room on the connection, both sides would wait for ever. So what does not fit goes to a temporary file and
 * follows once the request has been read; memory stays flat however long the answer. One thread only.
 */
public final class SpooledOutput implements AutoCloseable {
    private final OutputStream out;
    private final BooleanSupplier outIsFull;
    private @Nullable Path file;
    private @Nullable OutputStream spool;

    /**
     * An answer onto that stream.
     *
     * @param outIsFull whether a write would wait now
     */
    public SpooledOutput(OutputStream out, BooleanSupplier outIsFull) {
        this.out = out;
        this.outIsFull = outIsFull;
    }

    /** Sends the bytes, or keeps them for later. */
    public void write(byte[] bytes) throws IOException {
        if (spool == null && !outIsFull.getAsBoolean()) {
            out.write(bytes);
            return;
        }
        if (spool == null) {
            Path path = Files.createTempFile("askfirst-answer", ".ndjson");
            file = path;
            spool = new BufferedOutputStream(Files.newOutputStream(path), 1 << 16);
        }
        spool.write(bytes);
    }

    /** Lets what was sent go out now, if nothing is kept. */
    public void flush() throws IOException {
        if (spool == null && !outIsFull.getAsBoolean()) {
            out.flush();
        }
    }

    /** The request has been read: sends what was kept, waiting for the reader. */
    @Override
    public void close() throws IOException {
        try {
            if (spool != null && file != null) {
                spool.close();
                try (InputStream kept = Files.newInputStream(file)) {
                    kept.transferTo(out);
                }
            }
            out.flush();
        } finally {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        }
    }
}
