package org.askfirst.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ServerSocketFactory;

/** Other people's web servers, all on one loopback port and as ill-behaved as a test wishes. */
public final class LoopbackWeb implements AutoCloseable {
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "loopback-web");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<String> heads = Collections.synchronizedList(new ArrayList<>());

    /** An answer to send. */
    public interface Reply {
        /** Writes an answer, or whatever else. */
        void to(OutputStream out) throws IOException, InterruptedException;
    }

    /** On that port of 127.0.0.1; 0 for any. */
    public LoopbackWeb(int port) {
        this(port, ServerSocketFactory.getDefault());
    }

    public LoopbackWeb(int port, ServerSocketFactory sockets) {
        try {
            server = sockets.createServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        threads.execute(this::accept);
    }

    /** Where it listens. */
    public int port() {
        return server.getLocalPort();
    }

    /** Shows a page. */
    public void show(String address, String body) {
        answer(address, 200, "Content-Type: text/html; charset=utf-8", body);
    }

    /** Answers with a status, a header and a body. */
    public void answer(String address, int status, String header, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        reply(address, out -> {
            out.write(("HTTP/1.1 " + status + " X\r\n" + header + "\r\nContent-Length: " + bytes.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
        });
    }

    /** Answers as it likes; {@code host/path} without a scheme. */
    public void reply(String address, Reply reply) {
        replies.put(address, reply);
    }

    /** Takes away what was shown. */
    public void remove(String address) {
        replies.remove(address);
    }

    /** The requests so far, {@code host/path}. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** The heads of the requests so far. */
    public List<String> heads() {
        return List.copyOf(heads);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            String first = in.readLine();
            StringBuilder head = new StringBuilder().append(first);
            String host = "";
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.append('\n').append(line);
                if (line.toLowerCase(Locale.ROOT).startsWith("host:")) {
                    host = line.substring(5).strip();
                }
            }
            if (first == null) {
                return;
            }
            String address = host + first.split(" ", 3)[1];
            requests.add(address);
            heads.add(head.toString());
            Reply reply = replies.getOrDefault(
                    address,
                    out -> out.write(
                            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            reply.to(socket.getOutputStream());
            socket.getOutputStream().flush();
        } catch (IOException | InterruptedException gone) {
            // The other side has had enough; so it should be.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        threads.shutdownNow();
    }
}
