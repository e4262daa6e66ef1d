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
 * An output that never waits for its reader while the request is still being read.
 *
 * <p>Many clients send the whole request before they read a byte of the answer. If the answer then waited for room on
 * the connection, both sides would wait forever. So bytes that the connection cannot take go to a temporary file, and
 * are sent after the request has been read. Memory use does not depend on the length of the answer. Not safe for use by
 * several threads.
 */
public final class SpooledOutput implements AutoCloseable {
    private final OutputStream out;
    private final BooleanSupplier outIsFull;
    private @Nullable Path file;
    private @Nullable OutputStream spool;

    /**
     * Creates an output to a stream.
     *
     * @param outIsFull returns true if a write would wait now
     */
    public SpooledOutput(OutputStream out, BooleanSupplier outIsFull) {
        this.out = out;
        this.outIsFull = outIsFull;
    }

    /** Sends the bytes, or stores them for later. */
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

    /** Flushes the stream, unless bytes are stored or a write would wait. */
    public void flush() throws IOException {
        if (spool == null && !outIsFull.getAsBoolean()) {
            out.flush();
        }
    }

    /** Sends the stored bytes, waiting for the reader. Called after the request has been read. */
    @Override
    public void close() throws IOException {
        try {
            if (spool != null && file != null) {
                spool.close();
                try (InputStream stored = Files.newInputStream(file)) {
                    stored.transferTo(out);
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
