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
    /**
     * The bytes of one write, fewer than the framework's buffer of 8,191. The framework sends a longer write buffer by
     * buffer, and waits between two buffers if the connection is full by then.
     */
    private static final int PIECE = 4096;

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
        int sent = 0;
        while (spool == null && sent < bytes.length && !outIsFull.getAsBoolean()) {
            int piece = Math.min(PIECE, bytes.length - sent);
            out.write(bytes, sent, piece);
            sent += piece;
        }
        if (sent < bytes.length) {
            store(bytes, sent);
        }
    }

    private void store(byte[] bytes, int from) throws IOException {
        OutputStream stored = spool;
        if (stored == null) {
            Path path = Files.createTempFile("askfirst-answer", ".ndjson");
            file = path;
            stored = new BufferedOutputStream(Files.newOutputStream(path), 1 << 16);
            spool = stored;
        }
        stored.write(bytes, from, bytes.length - from);
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
