package org.askfirst.tlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The good and bad proofs of transparency-dev/merkle ({@code testdata/}, Apache-2.0), from {@code merkle.json} in the
 * folder that the system property {@code askfirst.vectors} names.
 */
class PublicVectorsTest {
    private static final int CASES_OF_EACH_KIND = 98;

    @TestFactory
    Stream<DynamicTest> inclusion() throws IOException {
        return tests("inclusion", PublicVectorsTest::verifyInclusion);
    }

    @TestFactory
    Stream<DynamicTest> consistency() throws IOException {
        return tests("consistency", PublicVectorsTest::verifyConsistency);
    }

    private interface Verification {
        void run(JsonNode vector) throws MalformedException, NotProvenException;
    }

    private static Stream<DynamicTest> tests(String kind, Verification verification) throws IOException {
        JsonNode vectors = vectors().path(kind);
        assertEquals(CASES_OF_EACH_KIND, vectors.size(), "cases of " + kind);
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : vectors) {
            boolean good = !vector.path("wantErr").asBoolean();
            tests.add(DynamicTest.dynamicTest(
                    vector.path("case").asText(), () -> assertEquals(good, accepts(verification, vector))));
        }
        return tests.stream();
    }

    private static boolean accepts(Verification verification, JsonNode vector) {
        try {
            verification.run(vector);
            return true;
        } catch (MalformedException | NotProvenException refused) {
            assertTrue(String.valueOf(refused.getMessage()).length() > 10, "a refusal must say why");
            return false;
        }
    }

    private static void verifyInclusion(JsonNode vector) throws MalformedException, NotProvenException {
        new InclusionProof(number(vector, "leafIdx"), number(vector, "treeSize"), proof(vector))
                .verify(Hash.parse(vector.path("leafHash").asText()), root(vector, "root"));
    }

    private static void verifyConsistency(JsonNode vector) throws MalformedException, NotProvenException {
        new ConsistencyProof(number(vector, "size1"), number(vector, "size2"), proof(vector))
                .verify(root(vector, "root1"), root(vector, "root2"));
    }

    /** Reads an unsigned 64-bit number. Those beyond a long become negative, and so are beyond every tree. */
    private static long number(JsonNode vector, String name) {
        return vector.path(name).bigIntegerValue().longValue();
    }

    private static List<Hash> proof(JsonNode vector) throws MalformedException {
        List<Hash> hashes = new ArrayList<>();
        for (JsonNode hash : vector.path("proof")) {
            hashes.add(Hash.parse(hash.asText()));
        }
        return hashes;
    }

    /**
     * Returns a hash. If only the sizes matter, the vectors have the text "don't care 1" as root, which becomes a hash
     * here.
     */
    private static Hash root(JsonNode vector, String name) throws MalformedException {
        String base64 = vector.path(name).asText();
        byte[] bytes = Base64.getDecoder().decode(base64);
        if (new String(bytes, StandardCharsets.UTF_8).startsWith("don't care")) {
            return MerkleTree.leafHash(bytes);
        }
        return Hash.parse(base64);
    }

    private static JsonNode vectors() throws IOException {
        String folder = System.getProperty("askfirst.vectors", "");
        Path file = Path.of(folder, "merkle.json");
        boolean there = !folder.isEmpty() && Files.exists(file);
        if (!there) {
            System.err.println("SKIPPED: the public Merkle vectors were not run; name their folder with"
                    + " -Daskfirst.vectors=FOLDER");
        }
        Assumptions.assumeTrue(there, "no merkle.json in the folder of -Daskfirst.vectors");
        return new ObjectMapper().readTree(Files.readString(file));
    }
}
