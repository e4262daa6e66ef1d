package org.askfirst.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.askfirst.catalog.SnapshotFile;

/** The folder of a snapshot: a directory, or an address of a web server. It is not trusted. */
public interface SnapshotSource {
    /** Opens the catalogue. */
    InputStream catalog() throws IOException;

    /** Opens a file from that byte on. */
    InputStream open(SnapshotFile file, long from) throws IOException;

    /** Returns a source for an address that begins with {@code http://} or {@code https://}, or for a directory. */
    static SnapshotSource of(String place) {
        if (place.startsWith("http://") || place.startsWith("https://")) {
            return new Web(URI.create(place.endsWith("/") ? place : place + "/"));
        }
        return new Folder(Path.of(place));
    }

    /** A directory. */
    record Folder(Path folder) implements SnapshotSource {
        @Override
        public InputStream catalog() throws IOException {
            return Files.newInputStream(folder.resolve(org.askfirst.catalog.Catalog.FILE));
        }

        @Override
        public InputStream open(SnapshotFile file, long from) throws IOException {
            FileChannel channel = FileChannel.open(folder.resolve(file.path()));
            return Channels.newInputStream(channel.position(from));
        }
    }

    /** A web server. */
    final class Web implements SnapshotSource {
        private static final Duration CONNECT = Duration.ofSeconds(10);
        private static final Duration ANSWER = Duration.ofSeconds(60);
        private static final int OK = 200;
        private static final int PARTIAL = 206;
        private static final int NOT_FOUND = 404;
        private static final int GONE = 410;

        private final URI folder;
        private final Duration patience;
        private final HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();

        Web(URI folder) {
            this(folder, ANSWER);
        }

        /**
         * Creates a source.
         *
         * @param patience the time without a byte after which an answer is given up
         */
        Web(URI folder, Duration patience) {
            this.folder = folder;
            this.patience = patience;
        }

        @Override
        public InputStream catalog() throws IOException {
            return get(org.askfirst.catalog.Catalog.FILE, 0);
        }

        @Override
        public InputStream open(SnapshotFile file, long from) throws IOException {
            return get(file.path(), from);
        }

        private InputStream get(String path, long from) throws IOException {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(folder.resolve(path)).timeout(patience);
            if (from > 0) {
                request.header("Range", "bytes=" + from + "-");
            }
            try {
                HttpResponse<InputStream> answer =
                        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
                InputStream body = new Watched(answer.body(), patience);
                if (answer.statusCode() == PARTIAL && from > 0) {
                    return body;
                }
                if (answer.statusCode() != OK) {
                    body.close();
                    if (answer.statusCode() == NOT_FOUND || answer.statusCode() == GONE) {
                        throw new NoSuchFileException(folder.resolve(path).toString());
                    }
                    throw new IOException(folder.resolve(path) + " answered " + answer.statusCode());
                }
                // A server without ranges sends everything.
                try {
                    body.skipNBytes(from);
                } catch (IOException cut) {
                    body.close();
                    throw cut;
                }
                return body;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", interrupted);
            }
        }
    }
}
