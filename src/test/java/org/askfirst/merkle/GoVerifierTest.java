package org.askfirst.merkle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Has the Go team's code for transparency logs verify a log of ours: {@code src/test/go/verifylog.go}, which needs
 * Go 1.18 or newer and {@code golang.org/x/mod} on the GOPATH (Debian: golang-go, golang-golang-x-mod-dev).
 */
class GoVerifierTest {
    private static final int SIZE = 70_000;
    private static final List<Integer> OLDER = List.of(1, 2, 255, 256, 257, 1000, 65_535, 65_536, 65_537, 69_999);
    private static final long SECONDS = 180;

    /** Where Debian's packages put Go sources; used where no GOPATH is set. */
    private static final String PACKAGED_SOURCES = "/usr/share/gocode";

    private final Path directory;

    GoVerifierTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void goVerifiesTheLogAndNoDamagedOne() throws IOException, InterruptedException {
        Path program = program();
        MemoryLog log = MemoryLog.grownTo(SIZE);
        Path served = Files.createDirectory(directory.resolve("log"));
        write(log, served);
        Run good = run(List.of(program.toString(), served.toString()));
        assertEquals(0, good.exit, good.output);
        assertEquals(
                "verified 70000 entries, 43 inclusion proofs, 66 consistency proofs, root " + log.root(),
                good.output.strip());

        // The verifier is no yes-man: one bit in each kind of resource, and it refuses.
        for (String path : List.of(
                "checkpoint",
                "tile/0/123",
                "tile/1/001.p/17",
                "tile/entries/000",
                "proofs/0.tlog-proof",
                "consistency/255-70000")) {
            Path file = served.resolve(path);
            byte[] bytes = Files.readAllBytes(file);
            byte[] damaged = bytes.clone();
            damaged[25] ^= 1;
            Files.write(file, damaged);
            Run bad = run(List.of(program.toString(), served.toString()));
            assertNotEquals(0, bad.exit, path + " was changed and still: " + bad.output);
            Files.write(file, bytes);
        }
    }

    private static void write(MemoryLog log, Path served) throws IOException {
        log.writeTo(served);
        Files.writeString(served.resolve("key"), log.signer().verifier().verifierKey() + "\n");
        Files.createDirectory(served.resolve("proofs"));
        for (int index = 0; index < SIZE; index += index < 256 ? 51 : 1889) {
            TlogProof proof = TlogProof.of(InclusionProof.from(log.reader(), index, SIZE), log.checkpoint());
            Files.writeString(served.resolve("proofs/" + index + ".tlog-proof"), proof.toString());
        }
        StringBuilder roots = new StringBuilder();
        Files.createDirectory(served.resolve("consistency"));
        List<Integer> sizes = new ArrayList<>(OLDER);
        sizes.add(SIZE);
        for (int newSize : sizes) {
            roots.append(newSize)
                    .append(' ')
                    .append(MerkleTree.root(log.reader(), newSize))
                    .append('\n');
            for (int oldSize : sizes) {
                if (oldSize <= newSize) {
                    Files.writeString(
                            served.resolve("consistency/" + oldSize + "-" + newSize),
                            ConsistencyProof.from(log.reader(), oldSize, newSize).hashes().stream()
                                    .map(hash -> hash + "\n")
                                    .collect(Collectors.joining()));
                }
            }
        }
        Files.writeString(served.resolve("roots"), roots);
    }

    /** The verifier, compiled once; or the test is skipped, loudly. */
    private Path program() throws IOException, InterruptedException {
        Path source = Path.of("src", "test", "go", "verifylog.go");
        Path program = directory.resolve("verifylog");
        boolean go = onThePath("go");
        Run build = go
                ? run(List.of("go", "build", "-o", program.toString(), source.toString()))
                : new Run(1, "there is no go on the path");
        if (build.exit != 0) {
            System.err.println("SKIPPED: no Go code verified our log. Install Go and golang.org/x/mod (Debian:"
                    + " golang-go golang-golang-x-mod-dev). " + build.output);
        }
        // With Go and its packages there, a program that does not compile is a failure and no reason to skip.
        boolean lacking = !go || build.output.contains("cannot find package");
        Assumptions.assumeFalse(lacking, "no Go with golang.org/x/mod here");
        assertEquals(0, build.exit, build.output);
        assertTrue(Files.exists(program));
        return program;
    }

    private static boolean onThePath(String command) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    private record Run(int exit, String output) {}

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
