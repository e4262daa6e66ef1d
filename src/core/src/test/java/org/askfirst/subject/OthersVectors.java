package org.askfirst.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;

/**
 * Vectors from other projects, read from the folder in the system property {@code askfirst.vectors}, and the list of
 * our deviations from them with a reason for each ({@code vectors/deviations.json}).
 */
final class OthersVectors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private OthersVectors() {}

    /** Returns the file's content. Without the folder, the test is skipped and reports it. */
    static JsonNode read(String file) throws IOException {
        String folder = System.getProperty("askfirst.vectors", "");
        if (folder.isBlank()) {
            String warning = "SKIPPED: the vectors in " + file + " were not tested; set -Daskfirst.vectors=<folder>";
            System.err.println(warning);
            Assumptions.abort(warning);
        }
        return JSON.readTree(Files.readString(Path.of(folder, file)));
    }

    /** Collects the deviations and compares them with the list, in both directions. */
    static final class Comparison {
        private final String file;
        private final Map<String, String> deviations = new TreeMap<>();
        private int compared;

        Comparison(String file) {
            this.file = file;
        }

        void compare(String input, String theirs, String ours) {
            compared++;
            if (!theirs.equals(ours)) {
                deviations.put(input, ours + " instead of " + theirs);
            }
        }

        /** Fails if a deviation is not on the list, and if a listed one no longer deviates. */
        void finish(int atLeast) throws IOException {
            Map<String, String> listed = listed();
            Map<String, String> unlisted = new TreeMap<>(deviations);
            unlisted.keySet().removeAll(listed.keySet());
            assertEquals(Map.of(), unlisted, file + ": deviations without a reason");
            Map<String, String> gone = new TreeMap<>(listed);
            gone.keySet().removeAll(deviations.keySet());
            assertEquals(Map.of(), gone, file + ": listed, but no longer deviating");
            assertEquals(true, compared >= atLeast, file + ": only " + compared + " vectors were compared");
        }

        private Map<String, String> listed() throws IOException {
            try (var stream = OthersVectors.class.getResourceAsStream("/vectors/deviations.json")) {
                Map<String, String> reasons = new TreeMap<>();
                for (JsonNode group : JSON.readTree(stream).path("deviations")) {
                    if (group.path("file").asText().equals(file)) {
                        group.path("inputs")
                                .forEach(input -> reasons.put(
                                        input.asText(), group.path("reason").asText()));
                    }
                }
                return reasons;
            }
        }
    }
}
