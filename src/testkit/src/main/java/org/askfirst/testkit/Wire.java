package org.askfirst.testkit;

import io.restassured.RestAssured;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 exchange by hand, for clients that send and read in an order of their own. */
public final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private int status;
    private long leftInChunk;
    private boolean ended;

    /** A chunked request to the service under test. */
    public Wire(String method, String path, String contentType, String... moreHeaders) throws IOException {
        socket = new Socket(InetAddress.getByName("localhost"), RestAssured.port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        out = socket.getOutputStream();
        in = new BufferedInputStream(socket.getInputStream());
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                + "Transfer-Encoding: chunked\r\nContent-Type: " + contentType + "\r\n");
        for (String header : moreHeaders) {
            head.append(header).append("\r\n");
        }
        out.write((head + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Sends a piece of the body, at once. */
    public void send(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.write(bytes);
        out.write("\r\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Ends the body. */
    public void end() throws IOException {
        out.write("0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** The status; waits for the answer to begin. */
    public int status() throws IOException {
        readHead();
        return status;
    }

    /** A header of the answer. */
    public @Nullable String header(String name) throws IOException {
        readHead();
        return headers.get(name);
    }

    /** The next line of the answer; null at its end. */
    public @Nullable String line() throws IOException {
        readHead();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = body(); b >= 0; b = body()) {
            if (b == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            line.write(b);
        }
        return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
    }

    /** The lines that are left. */
    public List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = line(); line != null; line = line()) {
            lines.add(line);
        }
        return lines;
    }

    private void readHead() throws IOException {
        if (status != 0) {
            return;
        }
        status = Integer.parseInt(head().split(" ", 3)[1]);
        for (String header = head(); !header.isEmpty(); header = head()) {
            String[] parts = header.split(":", 2);
            headers.put(parts[0], parts[1].strip());
        }
        boolean chunked = headers.getOrDefault("Transfer-Encoding", "")
                .toLowerCase(Locale.ROOT)
                .equals("chunked");
        leftInChunk = chunked ? 0 : Long.parseLong(headers.getOrDefault("Content-Length", "0"));
        ended = !chunked && leftInChunk == 0;
    }

    private int body() throws IOException {
        if (ended) {
            return -1;
        }
        if (leftInChunk == 0) {
            String size = head();
            leftInChunk = Long.parseLong((size.isEmpty() ? head() : size).split(";", 2)[0].strip(), 16);
            if (leftInChunk == 0) {
                ended = true;
                return -1;
            }
        }
        leftInChunk--;
        int b = in.read();
        if (b < 0) {
            throw new EOFException("the answer broke off");
        }
        if (leftInChunk == 0 && headers.containsKey("Content-Length")) {
            ended = true;
        }
        return b;
    }

    private String head() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the answer broke off");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
