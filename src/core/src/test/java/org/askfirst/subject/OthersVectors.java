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
 * Vectors that nobody here wrote, read from the folder in the system property {@code askfirst.vectors}, and the list of
 * where we deviate from them ({@code vectors/deviations.json}), each with its reason.
 */
final class OthersVectors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private OthersVectors() {}

    /** The file's content; without the folder the test is skipped, loudly. */
    static JsonNode read(String file) throws IOException {
        String folder = System.getProperty("askfirst.vectors", "");
        if (folder.isBlank()) {
            String warning = "SKIPPED: the vectors in " + file + " were not tested; set -Daskfirst.vectors=<folder>";
            System.err.println(warning);
            Assumptions.abort(warning);
        }
        return JSON.readTree(Files.readString(Path.of(folder, file)));
    }

    /** Collects what deviates, and compares it with what is listed: nothing more, nothing less. */
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

        /** Fails if a deviation is not listed, and if a listed one no longer deviates. */
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
