package org.askfirst.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongFunction;
import org.askfirst.catalog.Catalog;
import org.askfirst.catalog.SnapshotFolder;
import org.askfirst.id.PartyId;
import org.askfirst.index.IndexChange;
import org.askfirst.index.LookupIndex;
import org.askfirst.index.Posting;
import org.askfirst.subject.Subject;
import org.askfirst.tlog.Checkpoint;
import org.askfirst.tlog.Ed25519Signer;
import org.askfirst.tlog.Hash;
import org.askfirst.tlog.MerkleTree;
import org.askfirst.verdict.Contact;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;

/** A registry without a service: an index, the log's key, and the folder of the snapshot that both publish. */
public final class TestRegistry implements AutoCloseable {
    public static final String LOG = "registry.example/";
    private static final int STATUS_OK = 200;
    private static final int STATUS_PARTIAL = 206;
    private static final int STATUS_NONE = 404;

    private final LookupIndex index;
    private final SnapshotFolder snapshot;
    private final Ed25519Signer signer;
    private final List<HttpServer> servers = new ArrayList<>();
    final TestRanges ranges;
    public final Path folder;
    private long position;

    /** Creates one whose index and snapshot are in that folder. */
    public TestRegistry(Path home) throws IOException {
        this(home, Duration.ofDays(1));
    }

    public TestRegistry(Path home, Duration releaseEvery) throws IOException {
        this(home, releaseEvery, signer());
    }

    private TestRegistry(Path home, Duration releaseEvery, Ed25519Signer signer) throws IOException {
        this.signer = signer;
        folder = home.resolve("snapshot");
        index = LookupIndex.open(home.resolve("index"), LOG);
        ranges = new TestRanges(index::view);
        snapshot = new SnapshotFolder(folder, releaseEvery, Duration.ofDays(1), warning -> {
            throw new AssertionError(warning);
        });
    }

    /** Returns a registry with the same key and no entries. */
    public TestRegistry restored(Path home) throws IOException {
        return new TestRegistry(home, Duration.ofDays(1), signer);
    }

    /** Returns a new key for the log. */
    public static Ed25519Signer signer() {
        try {
            return Ed25519Signer.of(
                    LOG,
                    KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Returns the verifier key of the log. */
    public String key() {
        return signer.verifier().verifierKey();
    }

    static PartyId party(int number) {
        return new PartyId(new UUID(number, 1));
    }

    /** Declares one stance on training for a subject, and returns the position of the entry. */
    public long declare(int party, String subject, Stance stance) {
        position++;
        apply(new IndexChange.Kept(
                Subject.parse(subject),
                new Posting(
                        party(party),
                        position,
                        Stances.of(Map.of(Use.AI_TRAINING, stance)),
                        Contact.OF_TERMS,
                        false,
                        Period.ALWAYS)));
        return position;
    }

    /** Proves that a party controls a subject, so that its permissions count. */
    /** Returns the position of the last entry. */
    long position() {
        return position;
    }

    public void prove(int party, String subject) {
        position++;
        apply(new IndexChange.Kept(
                Subject.parse(subject), Posting.proof(party(party), position, Control.PROVED, null)));
    }

    void withdraw(String subject, long statedAt) {
        position++;
        apply(new IndexChange.Ended(Subject.parse(subject), statedAt, position));
    }

    /** Makes any change, of the next position. */
    void change(LongFunction<IndexChange> change) {
        position++;
        apply(change.apply(position));
    }

    private void apply(IndexChange change) {
        index.apply(List.of(change), position, String.format("%064x", position));
    }

    /** Writes the files and the catalogue of that moment, which is valid for a day. */
    public Catalog publish(Instant now) throws IOException {
        return snapshot.publish(index.cut(), now, catalog -> sign(signer, catalog));
    }

    static String sign(Ed25519Signer signer, Catalog catalog) {
        Hash root = MerkleTree.leafHash(Long.toString(catalog.position()).getBytes(StandardCharsets.UTF_8));
        return new Checkpoint(LOG, catalog.position(), root, List.of(catalog.noteLine()))
                .sign(List.of(signer))
                .toString();
    }

    /** Writes another catalogue with this registry's signature. */
    public void replace(Catalog catalog) throws IOException {
        Files.writeString(
                folder.resolve(Catalog.FILE),
                catalog.with(sign(signer, catalog)).json());
    }

    /** Serves the folder on a free port, with ranges, and returns its address. */
    public String serve() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/snapshot/", this::answer);
        server.createContext("/v1/range/", ranges);
        server.start();
        servers.add(server);
        return "http://localhost:" + server.getAddress().getPort() + "/snapshot/";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Path file = folder.resolve(exchange.getRequestURI().getPath().substring("/snapshot/".length()));
            if (!Files.exists(file)) {
                exchange.sendResponseHeaders(STATUS_NONE, -1);
                return;
            }
            byte[] bytes = Files.readAllBytes(file);
            String range = exchange.getRequestHeaders().getFirst("Range");
            int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            exchange.sendResponseHeaders(range == null ? STATUS_OK : STATUS_PARTIAL, bytes.length - from);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(Arrays.copyOfRange(bytes, from, bytes.length));
            }
        }
    }

    @Override
    public void close() throws IOException {
        servers.forEach(server -> server.stop(0));
        index.close();
    }
}
