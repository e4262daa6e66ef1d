package org.askfirst.tlog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Calls the Go team's code for transparency logs through the test resource {@code go/verifylog.go}. It needs Go 1.18 or
 * newer and {@code golang.org/x/mod} on the GOPATH (Debian: golang-go, golang-golang-x-mod-dev).
 */
public final class GoVerifier {
    private static final long SECONDS = 180;

    /** The folder of Go sources in Debian's packages, used if no GOPATH is set. */
    private static final String PACKAGED_SOURCES = "/usr/share/gocode";

    private final Path directory;
    private final Path program;

    private GoVerifier(Path directory) {
        this.directory = directory;
        this.program = directory.resolve("verifylog");
    }

    /**
     * The result of a command.
     *
     * @param exit the exit code; 0 if the log is verified
     * @param output the standard output and errors
     */
    public record Run(int exit, String output) {}

    /**
     * Compiles the program into that directory. If Go or its packages are missing, the test is skipped and reports it.
     */
    public static GoVerifier in(Path directory) throws IOException, InterruptedException {
        GoVerifier verifier = new GoVerifier(directory);
        Path source = directory.resolve("verifylog.go");
        try (InputStream program = Objects.requireNonNull(GoVerifier.class.getResourceAsStream("/go/verifylog.go"))) {
            Files.copy(program, source, StandardCopyOption.REPLACE_EXISTING);
        }
        boolean go = onThePath("go");
        Run build = go
                ? verifier.run(List.of("go", "build", "-o", verifier.program.toString(), source.toString()))
                : new Run(1, "go is not on the path");
        if (build.exit != 0) {
            System.err.println("SKIPPED: no Go code verified our log. Install Go and golang.org/x/mod (Debian:"
                    + " golang-go golang-golang-x-mod-dev). " + build.output);
        }
        // If Go and its packages are present, a program that does not compile is a failure, not a reason to skip.
        boolean isMissing = !go || build.output.contains("cannot find package");
        Assumptions.assumeFalse(isMissing, "no Go with golang.org/x/mod here");
        assertEquals(0, build.exit, build.output);
        return verifier;
    }

    /** Runs the program on a directory, which the head of the program describes. */
    public Run verify(Path served) throws IOException, InterruptedException {
        return run(List.of(program.toString(), served.toString()));
    }

    private static boolean onThePath(String command) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    private Run run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        // Packages come from the GOPATH, as a distribution installs them; nothing is downloaded.
        environment.put("GO111MODULE", "off");
        environment.remove("GOFLAGS");
        environment.putIfAbsent("GOPATH", PACKAGED_SOURCES);
        environment.putIfAbsent(
                "GOCACHE", Path.of("target", "go-cache").toAbsolutePath().toString());
        Process process = builder.start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(command + " ran for longer than " + SECONDS + " s");
        }
        return new Run(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }
}
