package org.askfirst.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
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

        private final URI folder;
        private final HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();

        Web(URI folder) {
            this.folder = folder;
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
                    HttpRequest.newBuilder(folder.resolve(path)).timeout(ANSWER);
            if (from > 0) {
                request.header("Range", "bytes=" + from + "-");
            }
            try {
                HttpResponse<InputStream> answer =
                        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
                if (answer.statusCode() == PARTIAL && from > 0) {
                    return answer.body();
                }
                if (answer.statusCode() != OK) {
                    answer.body().close();
                    throw new IOException(folder.resolve(path) + " answered " + answer.statusCode());
                }
                InputStream whole = answer.body();
                // A server without ranges sends everything.
                whole.skipNBytes(from);
                return new FilterInputStream(whole) {};
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", interrupted);
            }
        }
    }
}
