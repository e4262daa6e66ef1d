package org.askfirst.client.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.askfirst.subject.Sha256;

/** Files and the hashes of their content. */
final class Hashes {
    private Hashes() {}

    /** Returns the paths of the files in a folder and below it, links included, in order, or the file itself. */
    static List<String> filesIn(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return List.of(place.toString());
        }
        try (Stream<Path> files = Files.walk(place, FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(Files::isRegularFile)
                    .sorted()
                    .map(Path::toString)
                    .toList();
        }
    }

    /** Returns the SHA-256 of a file in hexadecimal. */
    static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Sha256.hexOf(in);
        }
    }
}
