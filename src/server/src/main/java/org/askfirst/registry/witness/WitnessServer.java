package org.askfirst.registry.witness;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.askfirst.tlog.CosignatureSigner;
import org.askfirst.tlog.CosignatureVerifier;
import org.askfirst.tlog.Ed25519Verifier;
import org.askfirst.tlog.SignedNote;
import org.askfirst.tlog.Witness;

/**
 * Serves a {@link Witness} over HTTP: {@code POST /add-checkpoint} and {@code GET /<origin hash>/checkpoint} of C2SP
 * tlog-witness. Submission prefix and monitoring prefix are the same.
 */
public final class WitnessServer implements AutoCloseable {
    private static final int MAX_BODY = 1 << 16;
    private static final int THREADS = 8;
    private static final int BACKLOG = 64;
    private static final int STOP_SECONDS = 2;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String SIZE = "text/x.tlog.size";
    private static final String CHECKPOINT = "/checkpoint";

    private final WitnessFolder folder;
    private final Witness witness;
    private final List<Ed25519Verifier> logs;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    private WitnessServer(WitnessFolder folder, Witness witness, List<Ed25519Verifier> logs, HttpServer server) {
        this.folder = folder;
        this.witness = witness;
        this.logs = logs;
        this.server = server;
    }

    /**
     * Starts a witness.
     *
     * @param name the name of its key, by convention its address without the scheme
     * @param logs the keys of the logs that it cosigns
     * @param address port 0 for any free port
     * @throws IOException if the folder or the address cannot be used
     */
    public static WitnessServer start(
            String name, List<Ed25519Verifier> logs, Path folder, InetSocketAddress address, InstantSource clock)
            throws IOException {
        // The server of the JDK would wait for ever for a slow sender.
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "10");
        WitnessFolder opened = WitnessFolder.open(folder);
        try {
            Witness witness = new Witness(CosignatureSigner.of(name, opened.key(), clock), logs, opened);
            WitnessServer served = new WitnessServer(opened, witness, logs, HttpServer.create(address, BACKLOG));
            served.server.setExecutor(served.threads);
            served.server.createContext("/", served::answer);
            served.server.start();
            return served;
        } catch (IOException | RuntimeException failure) {
            opened.close();
            throw failure;
        }
    }

    /** Returns the key that verifies the cosignatures. */
    public CosignatureVerifier verifier() {
        return witness.verifier();
    }

    /** Returns the address at which it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Returns the lower-case hexadecimal SHA-256 of an origin, by which a log is found. */
    static String hash(String origin) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(origin.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            boolean adds = path.equals("/add-checkpoint");
            String method = exchange.getRequestMethod();
            if (adds && method.equals("POST")) {
                add(exchange);
            } else if (!adds && method.equals("GET")) {
                last(exchange, path);
            } else {
                exchange.getResponseHeaders().set("Allow", adds ? "POST" : "GET");
                send(exchange, 405, TEXT, "This method is not offered here\n");
            }
        } catch (IOException | RuntimeException failure) {
            System.err.println("A request failed: " + failure);
            throw failure;
        }
    }

    private void add(HttpExchange exchange) throws IOException {
        byte[] body;
        try (InputStream in = exchange.getRequestBody()) {
            body = in.readNBytes(MAX_BODY + 1);
        }
        if (body.length > MAX_BODY) {
            send(exchange, 413, TEXT, "A request has at most " + MAX_BODY + " bytes\n");
            return;
        }
        Witness.Answer answer;
        try {
            answer = witness.add(body);
        } catch (IOException broken) {
            System.err.println("Nothing was cosigned: " + broken.getMessage());
            send(exchange, 500, TEXT, "The witness cannot store checkpoints; nothing was cosigned\n");
            return;
        }
        switch (answer.outcome()) {
            case COSIGNED -> send(exchange, 200, TEXT, answer.signature());
            case MALFORMED -> send(exchange, 400, TEXT, "The request cannot be read\n");
            case NOT_SIGNED -> send(exchange, 403, TEXT, "The log has not signed this checkpoint\n");
            case UNKNOWN_LOG -> send(exchange, 404, TEXT, "This witness does not know the log\n");
            case OTHER_SIZE -> send(exchange, 409, SIZE, answer.size() + "\n");
            case NOT_CONSISTENT -> {
                // It may be proof that the log has two histories.
                System.err.println("A checkpoint does not continue the one of size " + answer.size() + ":\n"
                        + new String(body, StandardCharsets.UTF_8));
                send(exchange, 422, TEXT, "The checkpoint does not continue the last one\n");
            }
        }
    }

    private void last(HttpExchange exchange, String path) throws IOException {
        Optional<SignedNote> note = Optional.empty();
        for (Ed25519Verifier log : logs) {
            if (path.equals("/" + hash(log.name()) + CHECKPOINT)) {
                note = witness.last(log.name());
            }
        }
        if (note.isPresent()) {
            send(exchange, 200, TEXT, note.get().toString());
        } else {
            send(exchange, 404, TEXT, "There is no checkpoint here\n");
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type);
        headers.set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    /** Ends the requests under way, and stops. */
    @Override
    public void close() throws IOException {
        server.stop(STOP_SECONDS);
        threads.shutdownNow();
        folder.close();
    }
}
