package org.askfirst.bench.harness;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A kept connection to an HTTP server on this machine. It costs next to nothing. One thread only. */
public final class Exchange implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] scrap = new byte[1 << 16];
    private int headBytes;

    public Exchange(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(120_000);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = socket.getOutputStream();
    }

    /**
     * An answer.
     *
     * @param bytes the length of the body
     * @param body empty if it was not kept
     */
    public record Answer(int status, String head, long bytes, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** A request, ready to be sent. */
    public static byte[] request(String method, String path, @Nullable String key, @Nullable String type, byte[] body) {
        String head = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + (key == null ? "" : "Authorization: Bearer " + key + "\r\n")
                + (type == null ? "" : "Content-Type: " + type + "\r\n")
                + (type == null && body.length == 0 ? "" : "Content-Length: " + body.length + "\r\n") + "\r\n";
        byte[] bytes = head.getBytes(StandardCharsets.US_ASCII);
        byte[] request = Arrays.copyOf(bytes, bytes.length + body.length);
        System.arraycopy(body, 0, request, bytes.length, body.length);
        return request;
    }

    public Answer ask(String method, String path, @Nullable String key, @Nullable String type, String body)
            throws IOException {
        return ask(request(method, path, key, type, body.getBytes(StandardCharsets.UTF_8)), true);
    }

    /** Sends the request while it reads the answer, which may begin before all of it was sent. */
    public Answer ask(byte[] request, boolean keep) throws IOException {
        if (request.length < 1 << 14) {
            out.write(request);
            return answer(keep);
        }
        Thread sender = new Thread(() -> {
            try {
                out.write(request);
            } catch (IOException broken) {
                Machine.say("  not sent: " + broken.getMessage());
            }
        });
        sender.start();
        try {
            return answer(keep);
        } finally {
            try {
                sender.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Posts JSON, and returns the body of an answer that accepts it. */
    public String post(String path, @Nullable String key, String body) throws IOException {
        return accepted(ask("POST", path, key, "application/json", body));
    }

    /** Gets a path, and returns the body of an answer that accepts the request. */
    public String get(String path) throws IOException {
        return accepted(ask("GET", path, null, null, ""));
    }

    /** The body; fails if the status is not 2xx. */
    public static String accepted(Answer answer) throws IOException {
        if (answer.status() / 100 != 2) {
            throw new IOException(answer.head() + " " + answer.text());
        }
        return answer.text();
    }

    private Answer answer(boolean keep) throws IOException {
        headBytes = 0;
        String line = line();
        StringBuilder head = new StringBuilder(line);
        int status = Integer.parseInt(line.split(" ", -1)[1]);
        long length = 0;
        boolean chunked = false;
        for (line = line(); !line.isEmpty(); line = line()) {
            String small = line.toLowerCase(Locale.ROOT);
            if (small.startsWith("content-length:")) {
                length = Long.parseLong(small.substring(15).strip());
            }
            chunked |= small.startsWith("transfer-encoding:") && small.contains("chunked");
            head.append("\r\n").append(line);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        long bytes = 0;
        if (!chunked) {
            bytes = take(length, keep ? body : null);
        } else {
            for (long chunk = chunk(); chunk > 0; chunk = chunk()) {
                bytes += take(chunk, keep ? body : null);
                line();
            }
            line();
        }
        return new Answer(status, head.toString(), bytes, body.toByteArray());
    }

    /** The number of bytes of the last answer's head. */
    public int headBytes() {
        return headBytes;
    }

    private long chunk() throws IOException {
        return Long.parseLong(line().split(";", -1)[0], 16);
    }

    private long take(long length, @Nullable ByteArrayOutputStream to) throws IOException {
        long left = length;
        while (left > 0) {
            int read = in.read(scrap, 0, (int) Math.min(left, scrap.length));
            if (read < 0) {
                throw new EOFException(left + " bytes are missing");
            }
            if (to != null) {
                to.write(scrap, 0, read);
            }
            left -= read;
        }
        return length;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            headBytes++;
            if (c < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        headBytes++;
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
