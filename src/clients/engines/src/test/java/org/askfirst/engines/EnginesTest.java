package org.askfirst.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.askfirst.client.Decision;
import org.askfirst.client.Refusal;
import org.askfirst.client.RefusedException;
import org.askfirst.client.Snapshot;
import org.askfirst.engines.command.Engines;
import org.askfirst.index.IndexView;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnginesTest {
    private static final String MEMORY = "500MB";

    /** Two questions with umbrellas and leaves, so that both are judged. */
    private static final List<Set<Use>> QUESTIONS =
            List.of(EnumSet.of(Use.AI_TRAINING), EnumSet.of(Use.TEXT_AND_DATA_MINING, Use.SEARCH_INDEXING));

    @TempDir
    Path home = Path.of("");

    private static SparkSession spark;

    @BeforeAll
    static void startSpark() {
        spark = SparkSession.builder()
                .master("local[2]")
                .appName("askfirst")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 3)
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    /** A work with a name in each of two columns, either of which may be null. */
    private record Asked(
            int id, @Nullable String url, @Nullable String other) {
        List<String> names() {
            return Question.present(Arrays.asList(url, other));
        }
    }

    private static List<Asked> asked(RandomRegistry registry) {
        List<Asked> asked = new ArrayList<>();
        List<String> names = registry.names();
        for (String name : names) {
            asked.add(new Asked(asked.size(), name, null));
        }
        for (int i = 0; i < 40; i++) {
            asked.add(new Asked(asked.size(), names.get(i), names.get(names.size() - 1 - i)));
        }
        asked.add(new Asked(asked.size(), null, null));
        asked.add(new Asked(asked.size(), null, "doi:10.1234/work.1"));
        return asked;
    }

    /** Returns the cells that the command of the client would write. */
    private static Map<Integer, List<String>> expected(Snapshot copy, List<Asked> asked, Set<Use> uses) {
        List<Decision> decisions =
                copy.decideAll(asked.stream().map(Asked::names).toList(), uses);
        Map<Integer, List<String>> cells = new HashMap<>();
        for (int i = 0; i < decisions.size(); i++) {
            Decision decision = decisions.get(i);
            cells.put(
                    asked.get(i).id,
                    List.of(
                            decision.word(),
                            decision.reason().wireName(),
                            Question.matched(decision),
                            Long.toString(decision.position())));
        }
        return cells;
    }

    private Dataset<Row> table(List<Asked> asked) {
        return spark.createDataFrame(
                asked.stream()
                        .map(one -> RowFactory.create(one.id, one.url, one.other))
                        .toList(),
                new StructType()
                        .add("id", DataTypes.IntegerType)
                        .add("url", DataTypes.StringType)
                        .add("other", DataTypes.StringType));
    }

    private static Map<Integer, List<String>> cells(List<Row> rows) {
        Map<Integer, List<String>> cells = new HashMap<>();
        for (Row row : rows) {
            cells.put(
                    row.<Integer>getAs("id"),
                    List.of(
                            row.<String>getAs("askfirst_verdict"),
                            row.<String>getAs("askfirst_reason"),
                            row.<String>getAs("matched_subject"),
                            Long.toString(row.<Long>getAs("log_size"))));
        }
        assertEquals(rows.size(), cells.size(), "each row is answered once");
        return cells;
    }

    private Path release(RandomRegistry registry) throws IOException, RefusedException {
        registry.permit();
        registry.act(250);
        registry.publish(Instant.now().minusSeconds(60));
        registry.act(60);
        registry.publish(Instant.now());
        Path folder = home.resolve("release");
        new ReleaseWriter(folder, registry.key(), MEMORY).write(registry.copy());
        return folder;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyEngineAnswersAsTheSnapshotDoes(long seed) throws Exception {
        try (RandomRegistry registry = new RandomRegistry(home, seed)) {
            Path release = release(registry);
            List<Asked> asked = asked(registry);
            Path table = home.resolve("asked.parquet");
            table(asked).coalesce(1).write().parquet(table.toString());
            Path file;
            try (var files = Files.list(table)) {
                file = files.filter(one -> one.toString().endsWith(".parquet"))
                        .findFirst()
                        .orElseThrow();
            }
            Set<String> seen = new HashSet<>();
            for (Set<Use> uses : QUESTIONS) {
                Map<Integer, List<String>> expected = expected(registry.copy(), asked, uses);
                expected.values().forEach(cells -> seen.add(cells.get(0)));
                Dataset<Row> answered = SparkJoin.answer(
                        spark,
                        release.toString(),
                        registry.key(),
                        spark.read().parquet(table.toString()),
                        List.of("url", "other"),
                        uses,
                        Instant.now());
                assertEquals(expected, cells(answered.collectAsList()), "Spark, seed " + seed);
                Path answers = home.resolve("answered.parquet");
                Map<String, Long> counts = new DuckDbJoin(release, registry.key(), MEMORY)
                        .answer(file, List.of("url", "other"), uses, answers, Instant.now());
                assertEquals(
                        expected,
                        cells(spark.read().parquet(answers.toString()).collectAsList()),
                        "DuckDB, seed " + seed);
                assertEquals(
                        asked.size(),
                        counts.values().stream().mapToLong(Long::longValue).sum());
            }
            assertTrue(seen.containsAll(Set.of("allow", "ask", "deny", "unknown")), () -> "only " + seen);
        }
    }

    @Test
    void aCsvIsAnswered() throws Exception {
        try (RandomRegistry registry = new RandomRegistry(home, 5)) {
            Path release = release(registry);
            Path asked = home.resolve("asked's.csv");
            Files.writeString(
                    asked, "id,url\n1,\"https://a.example/d0/page\"\n2,\n3,nothing readable\n4,https://c.org/\n");
            Path answers = home.resolve("answers.csv");
            new DuckDbJoin(release, null, MEMORY)
                    .answer(asked, List.of("url"), QUESTIONS.get(0), answers, Instant.now());
            List<String> lines = Files.readAllLines(answers);
            Decision decision = registry.copy().decide(List.of("https://a.example/d0/page"), QUESTIONS.get(0));
            assertEquals("id,url,askfirst_verdict,askfirst_reason,matched_subject,checked_at,log_size", lines.get(0));
            assertTrue(lines.get(1).startsWith("1,https://a.example/d0/page," + decision.word() + ","));
            assertTrue(lines.get(2).startsWith("2,,unknown,unreadable,"), lines.get(2));
            assertTrue(lines.get(3).startsWith("3,nothing readable,unknown,unreadable,"));
            assertTrue(lines.get(4).startsWith("4,https://c.org/,unknown,nothing-declared,"));
            assertEquals(5, lines.size());
        }
    }

    /** The names that SQL has, or that a join has had, for columns of its own. */
    @Test
    void anyNameOfAColumnIsTheAskers() throws Exception {
        try (RandomRegistry registry = new RandomRegistry(home, 11)) {
            Path release = release(registry);
            List<String> names = List.of(
                    "ROWID",
                    "askfirst_keys",
                    "askfirst_row",
                    "askfirst_found",
                    "Askfirst_Names",
                    "answer",
                    "k",
                    "a",
                    "c0",
                    "prefix",
                    "rest",
                    "with \"marks\"");
            List<String> earlier = List.of("askfirst_verdict", "ASKFIRST_REASON", "Matched_Subject", " log_size");
            Path asked = home.resolve("asked.csv");
            StringBuilder text = new StringBuilder("page");
            for (String name : names) {
                text.append(",\"").append(name.replace("\"", "\"\"")).append('"');
            }
            earlier.forEach(name -> text.append(',').append(name));
            List<String> works = List.of("https://a.example/d0/page", "https://c.org/", "https://allowed.example.org/");
            for (int i = 0; i < works.size(); i++) {
                // Other rows' numbers and the word that permits.
                text.append('\n').append(works.get(i)).append((",allow," + (2 - i)).repeat(names.size() / 2));
                text.append(",allow".repeat(earlier.size()));
            }
            Files.writeString(asked, text + "\n");
            Path answers = home.resolve("answers.parquet");
            Map<String, Long> counts = new DuckDbJoin(release, registry.key(), MEMORY)
                    .answer(asked, List.of("page"), QUESTIONS.get(0), answers, Instant.now());
            assertEquals(3, counts.values().stream().mapToLong(Long::longValue).sum());
            Dataset<Row> table =
                    spark.read().option("header", true).option("escape", "\"").csv(asked.toString());
            for (Dataset<Row> answered : List.of(
                    spark.read().parquet(answers.toString()),
                    SparkJoin.answer(
                            spark,
                            release.toString(),
                            registry.key(),
                            table,
                            List.of("page"),
                            QUESTIONS.get(0),
                            Instant.now()))) {
                List<String> columns = new ArrayList<>(List.of("page"));
                columns.addAll(names);
                columns.addAll(Question.ADDED);
                assertEquals(columns, List.of(answered.columns()));
                List<Row> rows = answered.collectAsList();
                assertEquals(works.size(), rows.size());
                for (Row row : rows) {
                    String work = row.getAs("page");
                    Decision decision = registry.copy().decide(List.of(work), QUESTIONS.get(0));
                    assertEquals(decision.word(), row.getAs("askfirst_verdict"), work);
                    assertEquals(decision.reason().wireName(), row.getAs("askfirst_reason"), work);
                    assertEquals("allow", row.getAs("ROWID"), "the asker's own cell");
                    assertEquals(Integer.toString(2 - works.indexOf(work)), row.getAs("askfirst_keys"));
                }
            }
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new DuckDbJoin(release, registry.key(), MEMORY)
                            .answer(asked, List.of("url"), QUESTIONS.get(0), answers, Instant.now()));
        }
    }

    @Test
    void aNameThatIsNotUtf8IsUnreadable() throws Exception {
        try (RandomRegistry registry = new RandomRegistry(home, 12)) {
            Path release = release(registry);
            Path asked = home.resolve("asked.parquet");
            try (DuckDb duckDb = new DuckDb(home, MEMORY)) {
                duckDb.run("COPY (SELECT * FROM (VALUES (1, 'https://allowed.example.org/\\xC3'::BLOB, NULL::VARCHAR),"
                        + " (2, encode('https://allowed.example.org/\u00e9'), NULL),"
                        + " (3, NULL::BLOB, 'https://allowed.example.org/\ufffd'),"
                        + " (4, 'https://allowed.example.org/\\xC3'::BLOB, 'https://allowed.example.org/'),"
                        + " (5, NULL::BLOB, 'https://allowed.example.org/')) t(id, url, other)) TO "
                        + DuckDb.quoted(asked.toString()));
            }
            Path answers = home.resolve("answers.parquet");
            new DuckDbJoin(release, registry.key(), MEMORY)
                    .answer(asked, List.of("url", "other"), QUESTIONS.get(0), answers, Instant.now());
            Map<Integer, String> words =
                    Map.of(1, "unreadable", 2, "declared", 3, "unreadable", 4, "unreadable", 5, "declared");
            for (Dataset<Row> answered : List.of(
                    spark.read().parquet(answers.toString()),
                    SparkJoin.answer(
                            spark,
                            release.toString(),
                            registry.key(),
                            spark.read().parquet(asked.toString()),
                            List.of("url", "other"),
                            QUESTIONS.get(0),
                            Instant.now()))) {
                Map<Integer, String> reasons = new HashMap<>();
                cells(answered.collectAsList()).forEach((id, cells) -> reasons.put(id, cells.get(1)));
                assertEquals(words, reasons);
            }
        }
    }

    @Test
    void theCommandExportsAndAnswers() throws Exception {
        try (RandomRegistry registry = new RandomRegistry(home, 10)) {
            release(registry);
            String copy = home.resolve("copy").toString();
            String exported = home.resolve("exported").toString();
            Path asked = home.resolve("asked.jsonl");
            Files.writeString(asked, "{\"page\":\"https://allowed.example.org/page\"}\n{\"page\":null}\n");
            Path answers = home.resolve("answers.csv");
            String[] question = {
                "duckdb",
                "--release",
                exported,
                "--use",
                "ai-training",
                "--column",
                "page",
                asked.toString(),
                answers.toString()
            };
            assertEquals(3, Engines.command().execute(question), "there is no release yet");
            assertEquals(3, Engines.command().execute("export", "--copy", copy, exported), "there is no key");
            // It must return: a job on a cluster fails if its process exits.
            Engines.main("export", "--copy", copy, "--key", registry.key(), exported);
            assertEquals(0, Engines.command().execute(question));
            List<String> lines = Files.readAllLines(answers);
            assertTrue(lines.get(1).startsWith("https://allowed.example.org/page,allow,declared,"), lines.get(1));
            assertTrue(lines.get(2).startsWith(",unknown,unreadable,"), lines.get(2));
            assertEquals(
                    2, Engines.command().execute("duckdb", "--release", exported, "--use", "everything", "a", "b"));
        }
    }

    @Test
    void theRegisterIsWhatTheCopyHas() throws Exception {
        try (RandomRegistry registry = new RandomRegistry(home, 6)) {
            Path release = release(registry);
            ParquetRelease list = ParquetRelease.open(release, registry.key(), Instant.now());
            try (DuckDb duckDb = new DuckDb(home, MEMORY)) {
                List<String> rows =
                        duckDb.texts("SELECT " + TableColumn.rowText(RegisterTable.COLUMNS) + " FROM read_parquet('"
                                + release.resolve(list.register().path()) + "')");
                registry.copy()
                        .export(
                                home.resolve("again.segment"),
                                (segment, catalog, json) ->
                                        assertEquals(IndexView.of(segment).partySnapshot(), RegisterTable.parse(rows)));
            }
        }
    }

    @Test
    void aReleaseIsRefused() throws Exception {
        try (RandomRegistry registry = new RandomRegistry(home, 7);
                RandomRegistry other = new RandomRegistry(Files.createDirectory(home.resolve("other")), 8)) {
            Path release = release(registry);
            Instant later = Instant.now().plus(Duration.ofDays(1));
            Path list = release.resolve(ParquetRelease.FILE);
            String json = Files.readString(list);
            refused(Refusal.UNREACHABLE, home.resolve("nothing"), registry.key(), Instant.now());
            refused(Refusal.EXPIRED, release, registry.key(), later);
            refused(Refusal.BAD_SIGNATURE, release, other.key(), Instant.now());
            String postings =
                    ParquetRelease.open(release, null, Instant.now()).postings().path();
            Files.move(release.resolve(postings), release.resolve("kept"), StandardCopyOption.ATOMIC_MOVE);
            refused(Refusal.TRUNCATED, release, registry.key(), Instant.now());
            Files.write(release.resolve(postings), Arrays.copyOf(Files.readAllBytes(release.resolve("kept")), 100));
            refused(Refusal.TRUNCATED, release, registry.key(), Instant.now());
            Files.move(release.resolve("kept"), release.resolve(postings), StandardCopyOption.REPLACE_EXISTING);
            for (ReleaseFile file :
                    ParquetRelease.open(release, null, Instant.now()).files()) {
                Path path = release.resolve(file.path());
                byte[] bytes = Files.readAllBytes(path);
                bytes[bytes.length / 2] ^= 1;
                Files.write(path, bytes);
                refused(Refusal.TAMPERED, release, registry.key(), Instant.now());
                bytes[bytes.length / 2] ^= 1;
                Files.write(path, bytes);
            }
            String expiry = ParquetRelease.open(release, null, Instant.now())
                    .catalog()
                    .expiresAt()
                    .toString();
            Files.writeString(
                    list, json.replace(expiry, later.plus(Duration.ofDays(9)).toString()));
            refused(Refusal.BAD_SIGNATURE, release, registry.key(), Instant.now());
            Files.writeString(list, json.replace("\"format\":1,\"log\"", "\"format\":2,\"log\""));
            refused(Refusal.UNSUPPORTED, release, registry.key(), Instant.now());
            Files.writeString(list, json.replace("postings-", "register-"));
            refused(Refusal.MIXED, release, registry.key(), Instant.now());
            Files.writeString(list, json.substring(0, json.length() / 2));
            refused(Refusal.TAMPERED, release, registry.key(), Instant.now());
            Files.writeString(list, json);
            spark(release, registry.key(), Instant.now()).count();
        }
    }

    private static Dataset<Row> spark(Path release, String key, Instant moment) throws IOException, RefusedException {
        return SparkJoin.answer(
                spark,
                release.toString(),
                key,
                spark.range(3).selectExpr("CAST(id AS STRING) AS url"),
                List.of("url"),
                QUESTIONS.get(0),
                moment);
    }

    private void refused(Refusal refusal, Path release, String key, Instant moment) {
        Path asked = home.resolve("none.csv");
        assertEquals(
                refusal,
                assertThrows(RefusedException.class, () -> spark(release, key, moment))
                        .refusal());
        assertEquals(
                refusal,
                assertThrows(
                                RefusedException.class,
                                () -> new DuckDbJoin(release, key, MEMORY)
                                        .answer(asked, List.of("url"), QUESTIONS.get(0), home.resolve("x.csv"), moment))
                        .refusal());
    }

    @Test
    void aDamagedRowFailsTheRun() throws IOException, SQLException {
        assertThrows(IllegalArgumentException.class, () -> PostingTable.parse("1,2"));
        String row = "1," + "00".repeat(24)
                + ",statement,p_00000000000000000000000001,5,false,,,reserved,,,,,,,,none,,,,,,,";
        assertEquals(5, PostingTable.parse(row).posting().position());
        for (String wrong : List.of(
                row.replace("statement", "statements"),
                row.replace("reserved", "Reserved"),
                row.replace("reserved", ""),
                row.replace("none", "nobody"),
                row.replace("false", "no"),
                row.replace(",5,", ",,"),
                row.replace("p_0", "q_0"),
                row.replace("0000,", "00,"))) {
            assertThrows(IllegalArgumentException.class, () -> PostingTable.parse(wrong), wrong);
        }
    }

    @Test
    void aMomentOfAnyYearIsKept() {
        for (String text : List.of(
                "0001-01-01T00:00:00.000004Z",
                "1969-12-31T23:59:59.999999Z",
                "2300-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999999Z")) {
            Instant moment = Instant.parse(text);
            assertEquals(moment, new RowValues(new String[] {"" + RowValues.micros(moment)}).moment());
        }
    }

    @Test
    void theStatementsForPeopleRun() throws Exception {
        try (RandomRegistry registry = new RandomRegistry(home, 9)) {
            Path release = release(registry);
            String sql = Files.readString(release.resolve("duckdb.sql"))
                    .replace("['", "['" + release.toString().replace("'", "''") + "/");
            try (DuckDb duckDb = new DuckDb(home, MEMORY)) {
                duckDb.run(sql);
                long rows = Long.parseLong(
                        duckDb.texts("SELECT count(*) FROM postings").get(0));
                assertEquals(
                        rows,
                        ParquetRelease.open(release, null, Instant.now())
                                .postings()
                                .rows());
                String found = duckDb.texts(
                                "SELECT count(*) FROM postings WHERE prefix = askfirst_prefix('doi-prefix:10.1234')"
                                        + " AND rest = askfirst_rest('doi-prefix:10.1234')")
                        .get(0);
                assertTrue(Long.parseLong(found) > 0);
                String past = sql.replaceFirst("epoch\\(now\\(\\)\\) >= \\d+", "epoch(now()) >= 1");
                assertTrue(String.valueOf(assertThrows(SQLException.class, () -> duckDb.run(past))
                                .getMessage())
                        .contains("expired"));
            }
        }
    }
}
