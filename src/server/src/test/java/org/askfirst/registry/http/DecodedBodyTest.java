package org.askfirst.registry.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.junit.jupiter.api.Test;

/** Coded bodies are decoded whole or refused, and never become longer than they may. */
class DecodedBodyTest {
    private static final long LIMIT = 1L << 30;

    private final Random random = new Random(20261129);

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(coded)) {
            out.write(plain);
        }
        return coded.toByteArray();
    }

    /** Gives a few bytes at a time, as a network does, and says that nothing is available. */
    private InputStream dripping(byte[] bytes) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public int read(byte[] to, int offset, int length) {
                return super.read(to, offset, Math.min(length, 1 + random.nextInt(7)));
            }

            @Override
            public int available() {
                return 0;
            }
        };
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    @Test
    void severalMembersAndFramesAreReadToTheEnd() throws IOException {
        byte[] first = new byte[100_000];
        random.nextBytes(first);
        byte[] second = "the last line\n".getBytes(StandardCharsets.UTF_8);
        byte[] both = joined(first, second);

        assertArrayEquals(
                both,
                DecodedBody.ofGzip(dripping(joined(gzip(first), gzip(second))), LIMIT)
                        .readAllBytes());
        assertArrayEquals(
                both,
                DecodedBody.ofZstd(dripping(joined(Zstd.compress(first), Zstd.compress(second))), LIMIT)
                        .readAllBytes());
        assertEquals(0, DecodedBody.ofGzip(dripping(new byte[0]), LIMIT).readAllBytes().length);
    }

    @Test
    void brokenBodiesAreRefused() throws IOException {
        byte[] plain = new byte[5_000];
        random.nextBytes(plain);
        byte[] coded = gzip(plain);
        byte[] zstd = Zstd.compress(plain);
        for (int length : new int[] {1, 5, 17, coded.length / 2, coded.length - 1}) {
            assertRefused(Problem.MALFORMED_REQUEST, DecodedBody.ofGzip(dripping(Arrays.copyOf(coded, length)), LIMIT));
            assertRefused(Problem.MALFORMED_REQUEST, DecodedBody.ofZstd(dripping(Arrays.copyOf(zstd, length)), LIMIT));
        }
        byte[] changed = coded.clone();
        changed[changed.length - 6] = (byte) (changed[changed.length - 6] ^ 1);
        assertRefused(Problem.MALFORMED_REQUEST, DecodedBody.ofGzip(dripping(changed), LIMIT));
        assertRefused(
                Problem.MALFORMED_REQUEST, DecodedBody.ofGzip(dripping(joined(coded, new byte[] {'a', 'b'})), LIMIT));
        assertRefused(Problem.MALFORMED_REQUEST, DecodedBody.ofGzip(dripping(plain), LIMIT));
        assertRefused(Problem.MALFORMED_REQUEST, DecodedBody.ofZstd(dripping(plain), LIMIT));
    }

    @Test
    void anyChangedByteIsRefusedOrWithoutEffect() throws IOException {
        byte[] plain = "{\"subjects\":[\"isbn:9788936434120\"]}\n".repeat(200).getBytes(StandardCharsets.UTF_8);
        for (byte[] coded : new byte[][] {gzip(plain), checked(plain)}) {
            for (int i = 0; i < coded.length; i++) {
                byte[] changed = coded.clone();
                changed[i] = (byte) (changed[i] ^ 1 << random.nextInt(8));
                InputStream body = coded[0] == 0x1f
                        ? DecodedBody.ofGzip(new ByteArrayInputStream(changed), LIMIT)
                        : DecodedBody.ofZstd(new ByteArrayInputStream(changed), LIMIT);
                try {
                    assertArrayEquals(plain, body.readAllBytes(), "byte " + i);
                } catch (ProblemException refused) {
                    assertTrue(refused.problem().status() < 500, "byte " + i);
                }
            }
        }
    }

    private static byte[] checked(byte[] plain) throws IOException {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (ZstdOutputStream out = new ZstdOutputStream(coded)) {
            out.setChecksum(true);
            out.write(plain);
        }
        return coded.toByteArray();
    }

    @Test
    void aShortBodyDoesNotBecomeAVeryLongOne() throws IOException {
        byte[] zeros = new byte[64 << 20];
        assertRefused(Problem.TOO_LARGE, DecodedBody.ofGzip(new ByteArrayInputStream(gzip(zeros)), LIMIT));
        assertRefused(Problem.TOO_LARGE, DecodedBody.ofZstd(new ByteArrayInputStream(Zstd.compress(zeros)), LIMIT));
        byte[] noise = new byte[3_000];
        random.nextBytes(noise);
        assertRefused(Problem.TOO_LARGE, DecodedBody.ofGzip(new ByteArrayInputStream(gzip(noise)), 2_999));
    }

    @Test
    void aFrameThatWantsAVeryLargeWindowIsRefused() throws IOException {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        byte[] noise = new byte[1 << 20];
        random.nextBytes(noise);
        try (ZstdOutputStream out = new ZstdOutputStream(coded)) {
            out.setLong(27);
            out.write(noise);
        }
        assertRefused(
                Problem.MALFORMED_REQUEST, DecodedBody.ofZstd(new ByteArrayInputStream(coded.toByteArray()), LIMIT));
    }

    private static void assertRefused(Problem problem, InputStream body) {
        ProblemException refused = assertThrows(ProblemException.class, () -> {
            byte[] bin = new byte[1 << 16];
            while (body.read(bin) >= 0) {
                // Reads on.
            }
        });
        assertEquals(problem, refused.problem());
    }
}
