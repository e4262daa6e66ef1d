package org.askfirst.bench.lookup;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client of Redis that only pipelines. One thread only. */
final class Redis implements AutoCloseable {
    private static final int IN_FLIGHT = 10_000;
    private static final int MANY = 1_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private int owed;

    Redis(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 18);
        out = new BufferedOutputStream(socket.getOutputStream(), 1 << 18);
    }

    void set(byte[] key, byte[] value) throws IOException {
        head(3, "SET");
        bulk(key);
        bulk(value);
        owed++;
        if (owed == IN_FLIGHT) {
            finish();
        }
    }

    void finish() throws IOException {
        out.flush();
        for (; owed > 0; owed--) {
            if (!line().equals("+OK")) {
                throw new IOException("not set");
            }
        }
    }

    /** Counts the keys that exist, by a GET each. */
    long get(byte[][] keys) throws IOException {
        long found = 0;
        for (int from = 0; from < keys.length; from += MANY) {
            int to = Math.min(keys.length, from + MANY);
            for (int i = from; i < to; i++) {
                head(2, "GET");
                bulk(keys[i]);
            }
            out.flush();
            // The next thousand is sent before this one is read only as far as buffers go: Redis never waits long.
            for (int i = from; i < to; i++) {
                found += value();
            }
        }
        return found;
    }

    /** Counts the keys that exist, by MGETs of a thousand. */
    long getMany(byte[][] keys) throws IOException {
        long found = 0;
        for (int from = 0; from < keys.length; from += MANY) {
            int to = Math.min(keys.length, from + MANY);
            head(to - from + 1, "MGET");
            for (int i = from; i < to; i++) {
                bulk(keys[i]);
            }
            out.flush();
            line();
            for (int i = from; i < to; i++) {
                found += value();
            }
        }
        return found;
    }

    private void head(int parts, String command) throws IOException {
        out.write(("*" + parts + "\r\n$" + command.length() + "\r\n" + command + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }

    private void bulk(byte[] bytes) throws IOException {
        out.write(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.write('\r');
        out.write('\n');
    }

    private int value() throws IOException {
        String line = line();
        if (!line.startsWith("$")) {
            throw new IOException(line);
        }
        int length = Integer.parseInt(line.substring(1));
        if (length < 0) {
            return 0;
        }
        in.skipNBytes(length + 2L);
        return 1;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
