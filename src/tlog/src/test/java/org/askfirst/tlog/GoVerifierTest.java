package org.askfirst.tlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Go team's code for transparency logs verifies a log of ours. */
class GoVerifierTest {
    private static final int SIZE = 70_000;
    private static final List<Integer> OLDER = List.of(1, 2, 255, 256, 257, 1000, 65_535, 65_536, 65_537, 69_999);
    private final Path directory;

    GoVerifierTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void goVerifiesTheLogAndNoDamagedOne() throws IOException, InterruptedException {
        GoVerifier go = GoVerifier.in(directory);
        MemoryLog log = MemoryLog.grownTo(SIZE);
        Path served = Files.createDirectory(directory.resolve("log"));
        write(log, served);
        GoVerifier.Run good = go.verify(served);
        assertEquals(0, good.exit(), good.output());
        assertEquals(
                "verified 70000 entries, 43 inclusion proofs, 66 consistency proofs, root " + log.root(),
                good.output().strip());

        // It reads a checkpoint that witnesses have cosigned, and ignores their lines.
        Path checkpoint = served.resolve("checkpoint");
        Files.writeString(
                checkpoint,
                log.cosigned("witness.example/w1", "witness.example/w2").toString());
        GoVerifier.Run cosigned = go.verify(served);
        assertEquals(0, cosigned.exit(), cosigned.output());

        // The verifier refuses a log in which one bit of any kind of resource is changed.
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
            GoVerifier.Run bad = go.verify(served);
            assertNotEquals(0, bad.exit(), path + " was changed and the log still verified: " + bad.output());
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
}
