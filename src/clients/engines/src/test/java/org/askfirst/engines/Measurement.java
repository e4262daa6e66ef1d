package org.askfirst.engines;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.askfirst.catalog.Catalog;
import org.askfirst.catalog.SnapshotFile;
import org.askfirst.client.Decision;
import org.askfirst.client.WorkNames;
import org.askfirst.id.PartyId;
import org.askfirst.index.IndexView;
import org.askfirst.index.Match;
import org.askfirst.index.Origin;
import org.askfirst.index.PartyRegisterSnapshot;
import org.askfirst.index.Posting;
import org.askfirst.index.Segment;
import org.askfirst.index.SegmentBuilder;
import org.askfirst.subject.PublicSuffixes;
import org.askfirst.subject.Subject;
import org.askfirst.tlog.Checkpoint;
import org.askfirst.tlog.Ed25519Signer;
import org.askfirst.tlog.Hash;
import org.askfirst.tlog.MerkleTree;
import org.askfirst.verdict.Contact;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdicts;

/**
 * Measures the joins beside the index in this process. It is no test; docs/engines.md has the command.
 *
 * <p>Nine of ten keys are addresses, ten on each site, and one of ten is a site. A party declares for ten sites and has
 * proved control of half of them. A tenth of the asked addresses is declared, a tenth is another page of a declared site,
 * and the others are elsewhere.
 */
final class Measurement {
    private static final String LOG = "registry.example/";
    private static final Set<Use> USES = EnumSet.of(Use.AI_TRAINING);
    private static final int TOGETHER = 4_096;
    private static final int PAGES = 9;
    private static final int SITES_OF_PARTY = 100;
    private static final PrintStream OUT = System.out;

    private final Path folder;
    private final long keys;
    private final long asked;
    private final Path segment;
    private final Path release;
    private final Path table;

    private Measurement(Path folder, long keys, long asked) {
        this.folder = folder;
        this.keys = keys;
        this.asked = asked;
        this.segment = folder.resolve(keys + ".segment");
        this.release = folder.resolve("release-" + keys);
        this.table = folder.resolve("asked-" + keys + "-" + asked + ".parquet");
    }

    /** Runs the named steps: FOLDER KEYS ASKED STEP…, with the steps make, index, duckdb and spark. */
    public static void main(String... arguments) throws Exception {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        Measurement measurement = new Measurement(folder, Long.parseLong(arguments[1]), Long.parseLong(arguments[2]));
        for (String step : List.of(arguments).subList(3, arguments.length)) {
            long begun = System.nanoTime();
            Map<String, Long> answers = switch (step) {
                case "make" -> measurement.make();
                case "index" -> measurement.index();
                case "duckdb" -> measurement.duckDb();
                case "spark" -> measurement.spark();
                default -> throw new IllegalArgumentException(step);
            };
            OUT.printf(
                    "%s: %,d asked, %,d keys: %.1f s in all %s%n",
                    step, measurement.asked, measurement.keys, seconds(begun), answers);
        }
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private Map<String, Long> make() throws IOException, SQLException, GeneralSecurityException {
        if (!Files.exists(segment)) {
            try (SegmentBuilder builder = new SegmentBuilder(segment)) {
                long sites = keys / (PAGES + 1);
                long position = 0;
                for (long site = 0; site < sites; site++) {
                    PartyId party =
                            new PartyId(new UUID((site / SITES_OF_PARTY) * 0x9E3779B97F4A7C15L, site / SITES_OF_PARTY));
                    String host = "site" + site + "-example.org";
                    Subject under = Subject.parse("domain:" + host);
                    builder.addStatement(under, statement(party, ++position, Stance.RESERVED));
                    if (site % 2 == 0) {
                        builder.add(under.key(), Posting.proof(party, ++position, Control.PROVED, null));
                    }
                    for (int page = 0; page < PAGES; page++) {
                        builder.addStatement(
                                Subject.parse("url:https://" + host + "/page/" + page),
                                statement(party, ++position, page == 0 ? Stance.PERMITTED : Stance.RESERVED));
                    }
                }
                Origin origin = new Origin(
                        LOG, position, "0".repeat(64), PublicSuffixes.bundled().version());
                builder.finish(origin, PartyRegisterSnapshot.NOTHING);
            }
        }
        Segment built = Segment.open(segment);
        Ed25519Signer signer = Ed25519Signer.of(
                LOG, KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate());
        long begun = System.nanoTime();
        Catalog catalog = catalog(built);
        Hash root = MerkleTree.leafHash("none".getBytes(StandardCharsets.UTF_8));
        String note = new Checkpoint(LOG, catalog.position(), root, List.of(catalog.noteLine()))
                .sign(List.of(signer))
                .toString();
        new ReleaseWriter(release, signer.verifier().verifierKey(), "2GB")
                .write(built, catalog, catalog.with(note).json());
        try (var files = Files.list(release)) {
            long bytes = 0;
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".parquet")).toList()) {
                bytes += Files.size(file);
                OUT.printf(
                        "%s: %,d bytes, %.2f a key%n",
                        file.getFileName(), Files.size(file), Files.size(file) / (double) built.keys());
            }
            OUT.printf(
                    "export: %,d keys, %.1f s, %,d bytes of Parquet, %.2f a key; the segment has %.2f a key%n",
                    built.keys(),
                    seconds(begun),
                    bytes,
                    bytes / (double) built.keys(),
                    built.bytes() / (double) built.keys());
        }
        try (DuckDb duckDb = new DuckDb(folder.resolve("scratch"), "4GB")) {
            long sites = keys / (PAGES + 1);
            duckDb.run("COPY (SELECT range AS id, 'https://' || CASE WHEN range % 10 < 2 THEN 'site' || hash(range) % "
                    + sites
                    + " || '-example.org/page/' || (CASE WHEN range % 10 = 0"
                    + " THEN hash(range + 7) % " + PAGES + " ELSE 100 + range % 1000 END)"
                    + " ELSE 'www.other' || hash(range) % 3000000 || '-test.com/a/' || range || '.jpg' END AS url"
                    + " FROM range(" + asked + ")) TO " + DuckDb.quoted(table.toString()) + " (FORMAT parquet)");
        }
        return Map.of();
    }

    private static Catalog catalog(Segment built) throws IOException {
        long position = built.origin().position();
        return new Catalog(
                LOG,
                position,
                Instant.now(),
                Instant.now().plus(Duration.ofDays(30)),
                "0.1.0",
                Verdicts.RULES,
                List.of(new SnapshotFile(0, position, SnapshotFile.releasePath(position), 1, "0".repeat(64))),
                List.of());
    }

    private static Posting statement(PartyId party, long position, Stance stance) {
        return new Posting(
                party, position, Stances.of(Map.of(Use.AI_TRAINING, stance)), Contact.OF_PARTY, false, Period.ALWAYS);
    }

    /** Reads the addresses first, so that only the answers are measured, with one thread and with two. */
    private Map<String, Long> index() throws Exception {
        List<List<String>> works = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT url FROM '" + table + "'")) {
            while (rows.next()) {
                works.add(List.of(rows.getString(1)));
            }
        }
        IndexView view = IndexView.of(Segment.open(segment));
        decide(view, works.subList(0, Math.min(200_000, works.size())));
        long begun = System.nanoTime();
        Map<String, Long> answers = decide(view, works);
        OUT.printf("  one thread: %.1f s, %,.0f a second%n", seconds(begun), works.size() / seconds(begun));
        ExecutorService two = Executors.newFixedThreadPool(2);
        begun = System.nanoTime();
        List<Future<Map<String, Long>>> halves = new ArrayList<>();
        for (List<List<String>> half :
                Arrays.asList(works.subList(0, works.size() / 2), works.subList(works.size() / 2, works.size()))) {
            halves.add(two.submit(() -> decide(view, half)));
        }
        for (Future<Map<String, Long>> half : halves) {
            half.get();
        }
        OUT.printf("  two threads: %.1f s, %,.0f a second%n", seconds(begun), works.size() / seconds(begun));
        two.shutdown();
        return answers;
    }

    private static Map<String, Long> decide(IndexView view, List<List<String>> works) {
        Map<String, Long> answers = new TreeMap<>();
        for (int from = 0; from < works.size(); from += TOGETHER) {
            List<List<String>> some = works.subList(from, Math.min(works.size(), from + TOGETHER));
            List<Subject> subjects = new ArrayList<>();
            some.forEach(work -> subjects.addAll(WorkNames.read(work)));
            List<List<Match>> reaching = view.reaching(subjects);
            for (int i = 0; i < some.size(); i++) {
                Decision decision = Decision.of(reaching.subList(i, i + 1), USES, view.position(), Instant.now());
                answers.merge(decision.word() + " (" + decision.reason().wireName() + ")", 1L, Long::sum);
            }
        }
        return answers;
    }

    private Map<String, Long> duckDb() throws Exception {
        return new DuckDbJoin(release, null, "8GB")
                .answer(table, List.of("url"), USES, folder.resolve("answered.parquet"), Instant.now());
    }

    private Map<String, Long> spark() throws Exception {
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.local.dir", folder.resolve("scratch").toString())
                .getOrCreate();
        try {
            Path to = folder.resolve("answered-spark-" + System.nanoTime());
            SparkJoin.answer(
                            spark,
                            release.toString(),
                            null,
                            spark.read().parquet(table.toString()),
                            List.of("url"),
                            USES.stream().map(Use::wireName).toList())
                    .write()
                    .parquet(to.toString());
            Map<String, Long> answers = new TreeMap<>();
            for (Row row : spark.read()
                    .parquet(to.toString())
                    .groupBy("askfirst_verdict", "askfirst_reason")
                    .count()
                    .collectAsList()) {
                answers.put(row.getString(0) + " (" + row.getString(1) + ")", row.getLong(2));
            }
            return answers;
        } finally {
            spark.stop();
        }
    }
}
