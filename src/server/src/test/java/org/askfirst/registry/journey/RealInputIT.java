package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.askfirst.testkit.Checkout;
import org.junit.jupiter.api.Test;

/** Real lists, as their owners have them, by the program that people run: see {@code bench/README.md}. */
class RealInputIT {
    private static final Path PROGRAM = Checkout.at("bench", "src", "main", "java", "org", "askfirst", "bench", "input", "RealInput.java");

    @Test
    void isAnsweredAlikeBeforeAndAfterARestart() throws IOException, InterruptedException {
        String data = System.getProperty("askfirst.data", "");
        Loudly.assume(!data.isEmpty() && Files.isDirectory(Path.of(data)), "no real input; -Daskfirst.data names it");
        Path answers = Files.createTempDirectory("askfirst-journey-answers");
        try (Service service = Service.inEmptyFolder().start()) {
            String root = service.uri("").toString();
            run("declare", root, data, answers.toString(), service.operatorKey());
            assertEquals(Service.TERMINATED, service.stop());
            service.start();
            run("again", root, data, answers.toString());
            assertEquals("", service.errors());
        } finally {
            Service.delete(answers);
        }
    }

    private static void run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(PROGRAM.toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.println(printed);
        assertEquals(0, process.waitFor(), printed);
    }
}
