package org.askfirst.tlog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * The Go team's code for transparency logs, behind {@code src/test/go/verifylog.go}, which needs Go 1.18 or newer and
 * {@code golang.org/x/mod} on the GOPATH (Debian: golang-go, golang-golang-x-mod-dev).
 */
public final class GoVerifier {
    private static final long SECONDS = 180;

    /** Where Debian's packages put Go sources; used where no GOPATH is set. */
    private static final String PACKAGED_SOURCES = "/usr/share/gocode";

    private final Path directory;
    private final Path program;

    private GoVerifier(Path directory) {
        this.directory = directory;
        this.program = directory.resolve("verifylog");
    }

    /**
     * What it came to.
     *
     * @param exit 0 if the log is verified
     */
    public record Run(int exit, String output) {}

    /** Compiles it into that directory; or leaves the test out, loudly. */
    public static GoVerifier in(Path directory) throws IOException, InterruptedException {
        GoVerifier verifier = new GoVerifier(directory);
        Path source = Path.of("src", "test", "go", "verifylog.go");
        boolean go = onThePath("go");
        Run build = go
                ? verifier.run(List.of("go", "build", "-o", verifier.program.toString(), source.toString()))
                : new Run(1, "there is no go on the path");
        if (build.exit != 0) {
            System.err.println("SKIPPED: no Go code verified our log. Install Go and golang.org/x/mod (Debian:"
                    + " golang-go golang-golang-x-mod-dev). " + build.output);
        }
        // With Go and its packages there, a program that does not compile is a failure and no reason to skip.
        boolean lacking = !go || build.output.contains("cannot find package");
        Assumptions.assumeFalse(lacking, "no Go with golang.org/x/mod here");
        assertEquals(0, build.exit, build.output);
        return verifier;
    }

    /** Has it verify a directory, as the program's head describes it. */
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
        // Packages come from the GOPATH, as a distribution installs them; nothing is fetched.
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
