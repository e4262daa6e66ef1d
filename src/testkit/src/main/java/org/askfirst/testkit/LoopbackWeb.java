package org.askfirst.testkit;

import java.io.BufferedReader;
import java.io.EOFException;
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
import java.util.TreeMap;
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
    private final List<Post> posts = Collections.synchronizedList(new ArrayList<>());

    /**
     * A request with a body.
     *
     * @param address host and path
     * @param headers by name, in lower case
     */
    public record Post(String address, Map<String, String> headers, String body) {}

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

    /** The requests with a body so far that came to the address. */
    public List<Post> posts(String address) {
        return List.copyOf(posts).stream()
                .filter(post -> post.address().equals(address))
                .toList();
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
            Map<String, String> headers = new TreeMap<>();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.append('\n').append(line);
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            if (first == null) {
                return;
            }
            String address = headers.getOrDefault("host", "") + first.split(" ", 3)[1];
            if (headers.containsKey("content-length")) {
                posts.add(new Post(address, headers, body(in, Integer.parseInt(headers.get("content-length")))));
            }
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

    private static String body(BufferedReader in, int length) throws IOException {
        char[] bytes = new char[length];
        int read = 0;
        while (read < length) {
            int more = in.read(bytes, read, length - read);
            if (more < 0) {
                throw new EOFException("the body broke off");
            }
            read += more;
        }
        return new String(new String(bytes).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
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
