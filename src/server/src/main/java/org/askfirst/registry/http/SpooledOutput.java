package org.askfirst.registry.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An output that does not wait for its reader while the request is still being read, up to a limit.
 *
 * <p>Many clients send the whole request before they read a byte of the answer. If the answer then waited for room on
 * the connection, both sides would wait forever. So bytes that the connection cannot take go to a temporary file, and
 * are sent as soon as the connection takes them, at the latest after the request has been read. Memory use does not
 * depend on the length of the answer.
 *
 * <p>The file has a limit, because a short request may have a long answer. At the limit, the output waits for its
 * reader. The request is not read meanwhile, so its sender is slowed down. A reader that takes nothing is disconnected,
 * and then the write fails. Not safe for use by several threads.
 */
public final class SpooledOutput implements AutoCloseable {
    /**
     * The bytes of one write, fewer than the framework's buffer of 8,191. The framework sends a longer write buffer by
     * buffer, and waits between two buffers if the connection is full by then.
     */
    private static final int PIECE = 4096;

    /** The size of a file, if its request was short. */
    static final long MOST = 64L << 20;

    /**
     * How many times longer than its request an answer's file may be. Answers of usual lines are two to five times
     * longer, so a client that sends any number of them before it reads gets its answer.
     */
    private static final int TIMES_LONGER = 8;

    /** The size of the files of all answers together. */
    private static final long MOST_IN_ALL = 1L << 30;

    private static final AtomicLong STORED_IN_ALL = new AtomicLong();

    private final OutputStream out;
    private final BooleanSupplier outIsFull;
    private final byte[] piece = new byte[PIECE];
    private long received;
    private @Nullable Path file;
    private @Nullable FileChannel spool;
    private long stored;
    private long taken;

    /**
     * Creates an output to a stream.
     *
     * @param outIsFull returns true if a write would wait now
     */
    public SpooledOutput(OutputStream out, BooleanSupplier outIsFull) {
        this.out = out;
        this.outIsFull = outIsFull;
    }

    /** Sets the number of bytes of the request that were read so far. The limit of the file depends on it. */
    public void received(long bytes) {
        received = bytes;
    }

    /**
     * Sends the bytes, or stores them for later. Waits for the reader only if the file is at its limit.
     *
     * @throws IOException if the connection is closed
     */
    public void write(byte[] bytes) throws IOException {
        sendStored(false);
        int sent = 0;
        while (stored == 0 && sent < bytes.length && !outIsFull.getAsBoolean()) {
            int length = Math.min(PIECE, bytes.length - sent);
            out.write(bytes, sent, length);
            sent += length;
        }
        if (sent == bytes.length) {
            return;
        }
        if (mayStore(bytes.length - sent)) {
            store(bytes, sent);
            return;
        }
        sendStored(true);
        out.write(bytes, sent, bytes.length - sent);
    }

    private boolean mayStore(int more) {
        return stored + more <= Math.max(MOST, TIMES_LONGER * received) && STORED_IN_ALL.get() + more <= MOST_IN_ALL;
    }

    private void store(byte[] bytes, int from) throws IOException {
        FileChannel channel = spool;
        if (channel == null) {
            Path path = Files.createTempFile("askfirst-answer", ".ndjson");
            file = path;
            channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            spool = channel;
        }
        ByteBuffer rest = ByteBuffer.wrap(bytes, from, bytes.length - from);
        while (rest.hasRemaining()) {
            int written = channel.write(rest, stored);
            stored += written;
            STORED_IN_ALL.addAndGet(written);
        }
    }

    /**
     * Sends stored bytes, and empties the file when all are sent.
     *
     * @param patiently true to wait for the reader; false to send only what the connection takes now
     */
    private void sendStored(boolean patiently) throws IOException {
        FileChannel channel = spool;
        while (channel != null && stored > 0 && (patiently || !outIsFull.getAsBoolean())) {
            int length = channel.read(ByteBuffer.wrap(piece), taken);
            if (length < 0) {
                throw new IOException("the stored answer has been cut");
            }
            out.write(piece, 0, length);
            taken += length;
            if (taken == stored) {
                channel.truncate(0);
                forget();
            }
        }
    }

    private void forget() {
        STORED_IN_ALL.addAndGet(-stored);
        stored = 0;
        taken = 0;
    }

    /** Flushes the stream, unless bytes are stored or a write would wait. */
    public void flush() throws IOException {
        if (stored == 0 && !outIsFull.getAsBoolean()) {
            out.flush();
        }
    }

    /** Sends the stored bytes, waiting for the reader. Called after the request has been read. */
    @Override
    public void close() throws IOException {
        try {
            sendStored(true);
            out.flush();
        } finally {
            forget();
            FileChannel channel = spool;
            if (channel != null && file != null) {
                channel.close();
                Files.deleteIfExists(file);
            }
        }
    }
}
