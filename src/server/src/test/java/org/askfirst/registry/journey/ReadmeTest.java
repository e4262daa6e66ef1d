package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.askfirst.registry.embedded.TestDatabase;
import org.askfirst.testkit.Checkout;
import org.junit.jupiter.api.Test;

/** Compares the answers in the README with those of the service. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ReadmeTest {
    private static final Path README = Checkout.at("README.md");
    private static final Path FOLDER = Path.of("target", "readme");
    private static final String SHOWN_BASE = "http://localhost:8080";
    private static final int MOST_LINES = 150;
    private static final int PATIENCE_SECONDS = 60;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @TestHTTPResource("/")
    URI base = URI.create(SHOWN_BASE);

    /** A block of commands and the answers shown under it. */
    private record Example(String commands, String answers) {}

    @Test
    void isShort() throws IOException {
        assertTrue(Files.readAllLines(README).size() <= MOST_LINES, "the README is at most 150 lines");
    }

    @Test
    void answersAreTrue() throws IOException, InterruptedException {
        assumeTrue(isInstalled("bash") && isInstalled("curl"), "bash and curl are what the README is run with");
        Files.createDirectories(FOLDER);
        Files.deleteIfExists(FOLDER.resolve("variables"));
        List<Example> examples = examples(Files.readString(README));
        assertNotEquals(0, examples.size(), "the README shows no call");
        AnswerLikeness likeness = new AnswerLikeness();
        for (Example example : examples) {
            List<JsonNode> shown = values(example.answers());
            List<JsonNode> true_ = values(run(example.commands()));
            assertEquals(shown.size(), true_.size(), () -> "answers to\n" + example.commands() + "\n" + true_);
            for (int i = 0; i < shown.size(); i++) {
                JsonNode answer = true_.get(i);
                likeness.compare("answer " + i, shown.get(i), answer).ifPresent(difference -> {
                    throw new AssertionError(difference + "\nin the answer to\n" + example.commands() + "\nwhich is\n"
                            + answer.toPrettyString());
                });
            }
        }
    }

    /** Every block of commands that calls the service, with the block of answers that must follow. */
    private static List<Example> examples(String readme) {
        List<Example> examples = new ArrayList<>();
        int answered = 0;
        for (String part : readme.split("(?m)^```sh\n", -1)) {
            int end = part.indexOf("\n```");
            boolean first = part.startsWith("#");
            String commands = first || end < 0 ? "" : part.substring(0, end);
            if (!commands.contains("curl")) {
                continue;
            }
            String after = part.substring(end + "\n```".length());
            assertTrue(after.startsWith("\n```json\n"), () -> "no answer is shown to\n" + commands);
            String answers = after.substring("\n```json\n".length());
            examples.add(new Example(commands, answers.substring(0, answers.indexOf("\n```"))));
            answered++;
        }
        assertEquals(answered, readme.split("(?m)^```json$", -1).length - 1, "an answer is shown to no call");
        return examples;
    }

    /** Runs the block as a reader would who pastes one after the other into a shell. */
    private String run(String commands) throws IOException, InterruptedException {
        String here = base.toString().replaceFirst("/$", "");
        String script = "set -euo pipefail\nset -a\n[[ ! -e variables ]] || . ./variables\n"
                + commands.replace(SHOWN_BASE, here) + "\nexport -p >variables\n";
        Process shell = new ProcessBuilder("bash", "-c", script)
                .directory(FOLDER.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        shell.getOutputStream().close();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(shell.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> "still running:\n" + commands);
        assertEquals(0, shell.exitValue(), () -> "failed:\n" + commands + "\n" + output);
        return output;
    }

    private static List<JsonNode> values(String text) throws IOException {
        try (MappingIterator<JsonNode> values = JSON.readerFor(JsonNode.class).readValues(text)) {
            return values.readAll();
        }
    }

    private static boolean isInstalled(String program) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(program, "--version")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }
}
