package org.askfirst.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.PrimitiveIterator;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
    private static final String SUFFIXES = "2026-11-30_00-00-00_UTC";
    private static final int QUESTIONS = 2_000_000;

    private final JsonNode vectors = vectors();

    @TempDir
    Path home = Path.of("");

    private static JsonNode vectors() {
        try (InputStream in = FilterTest.class.getResourceAsStream("/vectors/filter.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        } catch (IOException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(home.resolve("one.filter"), bytes);
    }

    private static byte[] bytes(JsonNode vector) {
        return Base64.getDecoder().decode(vector.path("file").asText());
    }

    private static long[] hashes(JsonNode list) {
        long[] hashes = new long[list.size()];
        Arrays.setAll(hashes, i -> Long.parseUnsignedLong(list.path(i).asText(), 16));
        return hashes;
    }

    /** Returns different numbers, sorted. */
    private static long[] numbers(int count, long seed) {
        long[] numbers = new Random(seed).longs().distinct().limit(count).toArray();
        Arrays.sort(numbers);
        return numbers;
    }

    private static Supplier<PrimitiveIterator.OfLong> each(long... numbers) {
        return () -> LongStream.of(numbers).iterator();
    }

    @Test
    void theVectorsAreReadAndWritten() throws IOException {
        assertEquals(14, vectors.path("files").size());
        for (JsonNode vector : vectors.path("files")) {
            String name = vector.path("name").asText();
            byte[] bytes = bytes(vector);
            Filter filter = Filter.open(file(bytes));
            boolean isList = vector.path("form").asInt() == 1;
            assertEquals(isList, filter.isChanges(), name);
            assertEquals(vector.path("position").asLong(), filter.position(), name);
            assertEquals(vector.path("from").asLong(), filter.from(), name);
            assertEquals(vector.path("count").asLong(), filter.count(), name);
            assertEquals(vector.path("log").asText(), filter.ledger(), name);
            assertEquals(SUFFIXES, filter.suffixes(), name);
            long[] hashes = hashes(vector.path("hashes"));
            for (long hash : hashes) {
                assertTrue(filter.contains(hash), name);
            }
            for (long hash : hashes(vector.path("absent"))) {
                assertFalse(filter.contains(hash), name);
            }
            for (long hash : hashes(vector.path("falsePositives"))) {
                assertTrue(filter.contains(hash), name);
            }
            if (!vector.path("writtenOtherwise").asBoolean()) {
                long[] values =
                        isList ? LongStream.of(hashes).map(one -> one >>> 16).toArray() : hashes;
                FilterHeader header = new FilterHeader(
                        isList, filter.position(), filter.from(), values.length, filter.ledger(), SUFFIXES);
                Path written = home.resolve("written.filter");
                Filter.write(header, each(values), written);
                assertArrayEquals(bytes, Files.readAllBytes(written), name);
            }
        }
    }

    @Test
    void whatIsDamagedIsRefused() throws IOException {
        assertEquals(35, vectors.path("damaged").size());
        for (JsonNode vector : vectors.path("damaged")) {
            Path file = file(bytes(vector));
            assertThrows(
                    Filter.DamagedException.class,
                    () -> Filter.open(file),
                    vector.path("case").asText());
        }
        assertEquals(2, vectors.path("unsupported").size());
        for (JsonNode vector : vectors.path("unsupported")) {
            Path file = file(bytes(vector));
            assertThrows(
                    Filter.UnsupportedException.class,
                    () -> Filter.open(file),
                    vector.path("case").asText());
        }
    }

    @Test
    void noFileThatIsCutShortIsRead() throws IOException {
        for (int number : List.of(3, 8)) {
            byte[] right = bytes(vectors.path("files").path(number));
            Filter.open(file(right));
            for (int length = 0; length < right.length; length++) {
                Path cut = file(Arrays.copyOf(right, length));
                assertThrows(Filter.DamagedException.class, () -> Filter.open(cut));
            }
            Path longer = file(Arrays.copyOf(right, right.length + 1));
            assertThrows(Filter.DamagedException.class, () -> Filter.open(longer));
        }
    }

    @Test
    void noChangedByteDoesMoreThanChangeTheAnswer() throws IOException {
        for (int number : List.of(3, 8)) {
            byte[] right = bytes(vectors.path("files").path(number));
            for (int at = 0; at < right.length; at++) {
                for (int bit = 0; bit < Byte.SIZE; bit++) {
                    byte[] wrong = right.clone();
                    wrong[at] ^= (byte) (1 << bit);
                    try {
                        Filter filter = Filter.open(file(wrong));
                        for (long hash : numbers(50, at)) {
                            filter.contains(hash);
                        }
                    } catch (Filter.DamagedException | Filter.UnsupportedException refused) {
                        assertFalse(String.valueOf(refused.getMessage()).isEmpty());
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 10, 1_000, 1_000_000})
    void everythingIsFoundAndLittleElse(int count) throws IOException {
        long[] numbers = numbers(count, count);
        Path file = home.resolve("some.filter");
        Filter.write(new FilterHeader(false, 7, 0, count, "registry.example/", SUFFIXES), each(numbers), file);
        Filter filter = Filter.open(file);
        for (long number : numbers) {
            assertTrue(filter.contains(number));
        }
        int found = 0;
        for (PrimitiveIterator.OfLong others = new Random(-1).longs(QUESTIONS).iterator(); others.hasNext(); ) {
            found += filter.contains(others.nextLong()) ? 1 : 0;
        }
        assertTrue(found < QUESTIONS / 10_000, "found " + found);
        if (count >= 1_000_000) {
            assertTrue(Files.size(file) < 2.3 * count, () -> "the file is long");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 11, 15, 16, 17, 100, 1_000, 10_000, 100_000})
    void aListHasAtMostSixBytesForEachValue(int count) throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            long[] values = LongStream.of(numbers(count, seed))
                    .map(one -> one >>> 16)
                    .sorted()
                    .distinct()
                    .toArray();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            HashList.write(LongStream.of(values).iterator(), values.length, out);
            assertTrue(out.size() <= 6 * values.length, () -> out.size() + " bytes");
            assertArrayEquals(
                    values, HashList.read(new ByteArrayInputStream(out.toByteArray()), out.size(), values.length));
        }
    }

    @Test
    void listsThatAreCloseTogetherOrFarApartAreRead() throws IOException {
        long last = (1L << 48) - 1;
        for (long[] values : List.of(
                LongStream.range(0, 5_000).toArray(),
                LongStream.rangeClosed(last - 5_000, last).toArray(),
                new long[] {0, last},
                new long[] {last},
                new long[] {0},
                new long[0])) {
            Path file = home.resolve("some.filter");
            Filter.write(
                    new FilterHeader(true, 9, 7, values.length, "registry.example/", SUFFIXES), each(values), file);
            assertArrayEquals(values, Filter.open(file).list());
        }
    }

    @Test
    void aNumberThatIsThereTwiceIsRefused() throws IOException {
        Path scratch = home.resolve("scratch");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThrows(IllegalStateException.class, () -> FuseBuilder.write(each(1, 2, 2, 3), 4, scratch, out));
        assertThrows(IllegalArgumentException.class, () -> FuseBuilder.write(each(1, 2, 3), 2, scratch, out));
        FuseBuilder.write(each(1, 2, 3), 3, scratch, out);
        assertFalse(Files.exists(scratch), "the work space is deleted");
    }
}
