package org.askfirst.client.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.askfirst.client.TestRegistry;
import org.askfirst.verdict.Stance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files were written by Arrow; {@code make.py} beside them says how. */
class ParquetTest {
    @TempDir
    Path home = Path.of("");

    private TestRegistry registry;
    private String err = "";

    @BeforeEach
    void start() throws IOException {
        registry = new TestRegistry(home.resolve("registry"));
        registry.declare(1, "under:https://art.example/free/", Stance.PERMITTED);
        registry.declare(1, "under:https://art.example/asked/", Stance.RESERVED);
        registry.prove(1, "domain:art.example");
        registry.publish(Instant.now());
        assertEquals(0, run("update", "--key", registry.key(), registry.folder.toString()), () -> err);
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
    }

    private int run(String command, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of(command, "--copy", home.resolve("copy").toString()));
        arguments.addAll(List.of(more));
        StringWriter errors = new StringWriter();
        int code = AskFirst.command()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(errors))
                .execute(arguments.toArray(String[]::new));
        err = errors.toString();
        return code;
    }

    private int check(Path input, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("--use", "ai-training", "--input", input.toString(), "--output", output().toString()));
        arguments.addAll(List.of(more));
        return run("check", arguments.toArray(String[]::new));
    }

    private Path output() {
        return home.resolve("out.parquet");
    }

    private static Path sample(String name) {
        try {
            return Path.of(Objects.requireNonNull(ParquetTest.class.getResource("/parquet/" + name + ".parquet"))
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Returns the texts of a column. */
    private List<String> column(Path file, String name) throws IOException {
        List<String> cells = new ArrayList<>();
        try (Parquet table = Parquet.open(file, name)) {
            table.copy(home.resolve("scratch"), works -> {
                works.forEach(one -> cells.add(one.get(0)));
                return Collections.nCopies(works.size(), List.of("", "", "", "", "0"));
            });
        }
        return cells;
    }

    private static FileMetaData footer(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
        return Util.readFileMetaData(new ByteArrayInputStream(bytes, bytes.length - 8 - length, length));
    }

    private static List<String> names(Path file) throws IOException {
        return footer(file).getSchema().stream().map(SchemaElement::getName).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "codec-none",
                "codec-snappy",
                "codec-gzip",
                "codec-zstd",
                "codec-lz4",
                "encoding-plain",
                "encoding-delta_byte_array",
                "encoding-delta_length_byte_array"
            })
    void eachEncodingIsRead(String name) throws IOException {
        assertEquals(1, check(sample(name)), () -> err);
        assertEquals(List.of("allow", "ask", "unknown", "unknown"), column(output(), "askfirst_verdict"));
        assertEquals(
                List.of("declared", "declared", "nothing-declared", "unreadable"), column(output(), "askfirst_reason"));
        assertEquals(column(sample(name), "URL"), column(output(), "URL"));
        assertEquals(
                List.of(
                        "schema",
                        "URL",
                        "n",
                        "askfirst_verdict",
                        "askfirst_reason",
                        "matched_subject",
                        "checked_at",
                        "log_size"),
                names(output()));
        assertTrue(err.contains("4 works checked"), err);
    }

    @Test
    void aColumnWithoutEmptyCellsIsRead() throws IOException {
        assertEquals(1, check(sample("required")), () -> err);
        assertEquals(List.of("allow", "ask", "unknown"), column(output(), "askfirst_verdict"));
    }

    @Test
    void otherColumnsAreCopiedByteByByte() throws IOException {
        Path input = sample("many");
        assertEquals(1, check(input), () -> err);
        FileMetaData before = footer(input);
        FileMetaData after = footer(output());
        int elements = before.getSchemaSize();
        assertEquals(before.getSchema().subList(1, elements), after.getSchema().subList(1, elements));
        assertEquals(before.getRow_groupsSize(), after.getRow_groupsSize());
        assertEquals(after.getColumn_ordersSize(), after.getRow_groups().get(0).getColumnsSize());
        for (int i = 0; i < before.getRow_groupsSize(); i++) {
            RowGroup one = before.getRow_groups().get(i);
            RowGroup other = after.getRow_groups().get(i);
            assertEquals(one.getNum_rows(), other.getNum_rows());
            assertEquals(one.getSorting_columns(), other.getSorting_columns());
            for (int j = 0; j < one.getColumnsSize(); j++) {
                assertArrayEquals(
                        bytes(input, one.getColumns().get(j).getMeta_data()),
                        bytes(output(), other.getColumns().get(j).getMeta_data()));
                assertFalse(other.getColumns().get(j).isSetOffset_index_offset());
            }
        }
        List<String> verdicts = column(output(), "askfirst_verdict");
        IntStream.range(0, 10_000)
                .forEach(i -> assertEquals(i % 2 == 0 ? "unknown" : "allow", verdicts.get(i), "row " + i));
    }

    private static byte[] bytes(Path file, ColumnMetaData chunk) throws IOException {
        int start = (int) Math.min(chunk.getDictionary_page_offset(), chunk.getData_page_offset());
        return Arrays.copyOfRange(Files.readAllBytes(file), start, start + (int) chunk.getTotal_compressed_size());
    }

    @Test
    void theHashOfARowCountsToo() throws IOException {
        registry.declare(2, "sha256:" + "ab".repeat(32), Stance.RESERVED);
        registry.publish(Instant.now());
        assertEquals(0, run("update", registry.folder.toString()));
        assertEquals(1, check(sample("many")), () -> err);
        assertEquals(
                List.of("unknown", "ask"), column(output(), "askfirst_verdict").subList(0, 2));
    }

    @Test
    void anAnsweredFileIsAnsweredAgainInTheSameColumns() throws IOException {
        assertEquals(1, check(sample("many")), () -> err);
        Path again = home.resolve("again.parquet");
        Files.move(output(), again);
        assertEquals(1, check(again), () -> err);
        assertEquals(names(again), names(output()));
        assertEquals(column(again, "askfirst_verdict"), column(output(), "askfirst_verdict"));
        assertEquals(
                footer(again).getRow_groups().get(1).getColumnsSize(),
                footer(output()).getRow_groups().get(1).getColumnsSize());
    }

    @Test
    void aColumnIsFoundByItsValues() throws IOException {
        assertEquals(1, check(sample("guessed")), () -> err);
        assertEquals(39, Collections.frequency(column(output(), "askfirst_verdict"), "allow"));
        assertEquals(1, check(sample("guessed"), "--column", "about"), () -> err);
        assertEquals(40, Collections.frequency(column(output(), "askfirst_verdict"), "unknown"));
    }

    /** Returns the file with other names of columns, and with a note for each of these names. */
    private Path changed(Path file, Map<String, String> renamed, String... notes) throws IOException {
        FileMetaData footer = footer(file);
        for (SchemaElement element : footer.getSchema()) {
            element.setName(renamed.getOrDefault(element.getName(), element.getName()));
        }
        for (RowGroup group : footer.getRow_groups()) {
            for (ColumnChunk chunk : group.getColumns()) {
                chunk.getMeta_data().getPath_in_schema().replaceAll(name -> renamed.getOrDefault(name, name));
            }
        }
        for (String note : notes) {
            footer.addToKey_value_metadata(new KeyValue(note).setValue("a"));
        }
        byte[] bytes = Files.readAllBytes(file);
        int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, bytes.length - 8 - length);
        Util.writeFileMetaData(footer, out);
        length = out.size() - (bytes.length - 8 - length);
        out.write(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(length)
                .array());
        out.write(bytes, bytes.length - 4, 4);
        return Files.write(home.resolve("changed.parquet"), out.toByteArray());
    }

    @Test
    void anEarlierAnswerIsReplacedInAnyCase() throws IOException {
        assertEquals(1, check(sample("many")), () -> err);
        List<String> names = names(output());
        Path again = changed(output(), Map.of("askfirst_verdict", "Askfirst_Verdict", "log_size", "LOG_SIZE"));
        assertTrue(names(again).contains("Askfirst_Verdict"));
        assertEquals(1, check(again), () -> err);
        assertEquals(names, names(output()));
    }

    @Test
    void aPictureIsAskedBeforeItsPage() throws IOException {
        Path pairs = changed(sample("many"), Map.of("page_url", "url", "url", "Image_URL"));
        assertEquals(1, check(pairs), () -> err);
        assertEquals(
                List.of("unknown", "allow"),
                column(output(), "askfirst_verdict").subList(0, 2));
    }

    @Test
    void oneOfTwoColumnsWithAddressesIsNotGuessed() throws IOException {
        Path pairs = changed(sample("many"), Map.of("page_url", "a", "url", "b", "sha256", "c"));
        assertEquals(2, check(pairs));
        assertTrue(err.contains("--column: [a, b]"), err);
        assertEquals(1, check(pairs, "--column", "b"), () -> err);
    }

    @Test
    void notesThatWouldHideTheAnswerAreLeftOut() throws IOException {
        Path input = changed(
                sample("required"),
                Map.of(),
                "org.apache.spark.sql.parquet.row.metadata",
                "parquet.avro.schema",
                "avro.schema",
                "ARROW:schema",
                "mine");
        assertEquals(1, check(input), () -> err);
        assertEquals(
                List.of("mine"),
                footer(output()).getKey_value_metadata().stream()
                        .map(KeyValue::getKey)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "nothing, no column is known to name works",
        "numbers, has no texts",
        "empty, nothing to check",
        "codec-brotli, BROTLI"
    })
    void whatCannotBeCheckedIsSaid(String name, String message) throws IOException {
        Files.writeString(output(), "before");
        assertTrue(check(sample(name)) > 1);
        assertTrue(err.contains(message), err);
        assertEquals("before", Files.readString(output()), "the file of an earlier run stays");
        assertFalse(Files.exists(home.resolve("out.parquet.unfinished")));
    }

    @Test
    void parquetNeedsAFile() {
        assertEquals(2, run("check", "--input", sample("required").toString()));
        assertTrue(err.contains("--output"), err);
        assertEquals(2, check(sample("required"), "isbn:9788936434120"));
    }

    @Test
    void otherFilesAreNotTakenForParquet() throws IOException {
        Path file = home.resolve("a.parquet");
        Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
        assertEquals(3, check(file));
        assertTrue(err.contains("git lfs pull"), err);
        Files.writeString(file, "");
        assertEquals(3, check(file));
        Files.writeString(file, "PAR1PAR1");
        assertEquals(3, check(file));
        byte[] bytes = Files.readAllBytes(sample("many"));
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        assertEquals(3, check(file));
        assertTrue(err.contains("cut short"), err);
    }

    /** Whatever is damaged, the file is refused or answered. Nothing else is thrown, and no size is believed. */
    @Test
    void damagedFilesAreRefused() throws IOException {
        Path file = home.resolve("damaged.parquet");
        int refused = 0;
        for (String name : List.of("codec-snappy", "codec-zstd", "encoding-delta_byte_array")) {
            byte[] bytes = Files.readAllBytes(sample(name));
            for (int i = 4; i < bytes.length; i += 7) {
                byte[] damaged = bytes.clone();
                damaged[i] ^= (byte) (i % 2 == 0 ? 0x81 : 0xff);
                Files.write(file, damaged);
                try (Parquet table = Parquet.open(file, null)) {
                    table.copy(
                            home.resolve("scratch"),
                            works -> Collections.nCopies(works.size(), List.of("", "", "", "", "0")));
                } catch (IOException | IllegalArgumentException expected) {
                    refused++;
                }
            }
        }
        assertTrue(refused > 100, () -> "too few were refused");
    }

    @Test
    void realFilesOfImg2datasetAreAnswered() throws IOException {
        Path samples = Path.of(System.getProperty("askfirst.data", "none"), "samples", "parquet");
        Assumptions.assumeTrue(Files.isDirectory(samples), "askfirst.data names no folder");
        assertEquals(1, check(samples.resolve("test_1000.parquet")), () -> err);
        assertEquals(1_000, column(output(), "askfirst_verdict").size());
        assertTrue(names(output()).contains("__index_level_0__"));
        assertEquals(1, check(samples.resolve("test_bbox.parquet")), () -> err);
        assertEquals(1, check(samples.resolve("sample_image.parquet")), () -> err);
    }
}
