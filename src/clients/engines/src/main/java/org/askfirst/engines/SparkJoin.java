package org.askfirst.engines;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.askfirst.client.Decision;
import org.askfirst.client.RefusedException;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/**
 * Answers a table of questions from a Parquet release with Spark. Every row gets an answer, or the job fails. The folder
 * of the release may be on any file system that Spark reads.
 */
public final class SparkJoin {
    private static final String NAMES = "askfirst_names";
    private static final String FOUND = "askfirst_found";

    /** The number of works that are judged together. */
    private static final int TOGETHER = 1_000;

    private SparkJoin() {}

    /**
     * Adds to each row the columns that the command {@code askfirst check} adds. This is the form for Python.
     *
     * @param spark the session
     * @param folder the folder of the release
     * @param trustedKey the verifier key of the log; null to take the word of the release's maker
     * @param asked the questions
     * @param columns the columns that name a work together, such as an address and a hash; empty cells are left out
     * @param uses the names of the asked uses
     * @throws IOException if a file of the release cannot be read
     * @throws RefusedException if nothing may be answered from the release now
     */
    public static Dataset<Row> answer(
            SparkSession spark,
            String folder,
            @Nullable String trustedKey,
            Dataset<Row> asked,
            List<String> columns,
            List<String> uses)
            throws IOException, RefusedException {
        Set<Use> named = new LinkedHashSet<>();
        for (String use : uses) {
            named.add(Use.named(use).orElseThrow(() -> new IllegalArgumentException("no such use: " + use)));
        }
        return answer(spark, folder, trustedKey, asked, columns, named, Instant.now());
    }

    /** Does the same for uses and a moment. The answers are true for that moment, also if the job runs for hours. */
    static Dataset<Row> answer(
            SparkSession spark,
            String folder,
            @Nullable String trustedKey,
            Dataset<Row> asked,
            List<String> columns,
            Collection<Use> uses,
            Instant moment)
            throws IOException, RefusedException {
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("name the columns of the works");
        }
        ParquetRelease release = ParquetRelease.open(folder(spark, folder), trustedKey, moment);
        Broadcast<Question> question = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .broadcast(question(spark, folder, release, uses, moment));
        // One text is narrower than all columns, and the join moves every row.
        Dataset<Row> postings = read(spark, folder, release.postings())
                .select(
                        functions.col("prefix"),
                        functions.col("rest"),
                        functions
                                .expr(TableColumn.rowText(PostingTable.WITHOUT_KEY))
                                .as(FOUND));
        String names = unusedName(asked.columns());
        Dataset<Row> named = asked.withColumn(names, functions.expr(names(columns)))
                .drop(Arrays.stream(asked.columns()).filter(Question::isAdded).toArray(String[]::new));
        Dataset<Row> judged = keys(named.select(named.col(names).as(NAMES)), question)
                .join(postings, new String[] {"prefix", "rest"})
                .groupBy(NAMES)
                .agg(functions
                        .collect_list(functions.expr(TableColumn.rowText(PostingTable.KEY, FOUND)))
                        .as(FOUND))
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> judge(question.value(), rows),
                        Encoders.row(new StructType()
                                .add(NAMES, DataTypes.createArrayType(DataTypes.StringType))
                                .add("askfirst_verdict", DataTypes.StringType)
                                .add("askfirst_reason", DataTypes.StringType)
                                .add("matched_subject", DataTypes.StringType)));
        UDF1<scala.collection.Seq<String>, String> settle =
                work -> question.value().isReadable(list(work))
                        ? Decision.Reason.NOTHING_DECLARED.wireName()
                        : Decision.Reason.UNREADABLE.wireName();
        return named.join(judged, named.col(names).equalTo(judged.col(NAMES)), "left_outer")
                .drop(judged.col(NAMES))
                .withColumn(
                        "askfirst_verdict",
                        functions.coalesce(functions.col("askfirst_verdict"), functions.lit("unknown")))
                .withColumn(
                        "askfirst_reason",
                        functions.coalesce(
                                functions.col("askfirst_reason"),
                                functions.udf(settle, DataTypes.StringType).apply(functions.col(names))))
                .withColumn("matched_subject", functions.coalesce(functions.col("matched_subject"), functions.lit("")))
                .withColumn("checked_at", functions.lit(moment.toString()))
                .withColumn(
                        "log_size",
                        functions
                                .when(
                                        functions.col("askfirst_reason").equalTo(Decision.Reason.UNREADABLE.wireName()),
                                        functions.lit(0L))
                                .otherwise(functions.lit(release.catalog().position())))
                .drop(names);
    }

    /** Returns a name that no column of the questions has. */
    private static String unusedName(String[] columns) {
        String name = NAMES;
        while (Arrays.stream(columns).anyMatch(name::equalsIgnoreCase)) {
            name += "_";
        }
        return name;
    }

    /** Opens a folder of a file system that Spark reads, in the driver. */
    private static ParquetRelease.Folder folder(SparkSession spark, String folder) {
        Configuration settings = new Configuration(spark.sparkContext().hadoopConfiguration());
        // Spark reads files with the settings of the session too.
        scala.jdk.javaapi.CollectionConverters.asJava(spark.conf().getAll()).forEach((name, value) -> {
            if (value != null && !name.startsWith("spark.")) {
                settings.set(name, value);
            }
        });
        return new ParquetRelease.Folder() {
            private Path path(String name) {
                return new Path(folder + "/" + name);
            }

            @Override
            public long length(String name) throws IOException {
                try {
                    return path(name)
                            .getFileSystem(settings)
                            .getFileStatus(path(name))
                            .getLen();
                } catch (FileNotFoundException none) {
                    return -1;
                }
            }

            @Override
            public InputStream open(String name) throws IOException {
                return path(name).getFileSystem(settings).open(path(name));
            }

            @Override
            public String toString() {
                return folder;
            }
        };
    }

    private static Dataset<Row> read(SparkSession spark, String folder, ReleaseFile file) {
        return spark.read().parquet(folder + "/" + file.path());
    }

    private static Question question(
            SparkSession spark, String folder, ParquetRelease release, Collection<Use> uses, Instant moment) {
        List<String> register = read(spark, folder, release.register())
                .select(functions.expr(TableColumn.rowText(RegisterTable.COLUMNS)))
                .as(Encoders.STRING())
                .collectAsList();
        Dataset<Long> sites = read(spark, folder, release.sites()).as(Encoders.LONG());
        long[] prefixes = new long[Math.toIntExact(release.sites().rows())];
        int at = 0;
        for (Iterator<Long> all = sites.toLocalIterator(); all.hasNext(); at++) {
            prefixes[at] = all.next();
        }
        if (at != prefixes.length || register.size() != release.register().rows()) {
            throw new IllegalStateException("the release has another number of rows than its list says");
        }
        return new Question(release.catalog().position(), register, release.suffixes(), prefixes, uses, moment);
    }

    /** Returns the SQL expression of the names of a row, without the missing and the blank ones. */
    private static String names(List<String> columns) {
        return columns.stream()
                .map(column -> "CAST(`" + column.replace("`", "``") + "` AS STRING)")
                .collect(Collectors.joining(", ", "filter(array(", "), name -> name IS NOT NULL AND name <> '')"));
    }

    /** Returns the keys of all works that anything may reach. Each work is expanded once, however often it is asked. */
    private static Dataset<Row> keys(Dataset<Row> names, Broadcast<Question> question) {
        UDF1<scala.collection.Seq<String>, Boolean> isOpen =
                work -> question.value().isOpen(list(work));
        return names.where(functions.udf(isOpen, DataTypes.BooleanType).apply(functions.col(NAMES)))
                .distinct()
                .flatMap(
                        (FlatMapFunction<Row, Row>) work -> {
                            List<Row> keys = new ArrayList<>();
                            List<String> asked = Question.present(work.<String>getList(0));
                            for (SubjectKey key : question.value().keys(asked).orElse(Set.of())) {
                                keys.add(RowFactory.create(work.get(0), key.prefix64(), rest(key)));
                            }
                            return keys.iterator();
                        },
                        Encoders.row(new StructType()
                                .add(NAMES, DataTypes.createArrayType(DataTypes.StringType))
                                .add("prefix", DataTypes.LongType)
                                .add("rest", DataTypes.BinaryType)));
    }

    private static byte[] rest(SubjectKey key) {
        byte[] bytes = key.toBytes();
        byte[] rest = new byte[bytes.length - Long.BYTES];
        ByteBuffer.wrap(bytes, Long.BYTES, rest.length).get(rest);
        return rest;
    }

    private static List<String> list(scala.collection.Seq<String> names) {
        return Question.present(scala.jdk.javaapi.CollectionConverters.asJava(names));
    }

    /** Judges the works of a partition, some at a time. */
    private static Iterator<Row> judge(Question question, Iterator<Row> rows) {
        return new Iterator<>() {
            private Iterator<Row> ready = List.<Row>of().iterator();

            @Override
            public boolean hasNext() {
                if (!ready.hasNext() && rows.hasNext()) {
                    ready = some().iterator();
                }
                return ready.hasNext();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return ready.next();
            }

            private List<Row> some() {
                List<Object> names = new ArrayList<>();
                List<Question.Joined> works = new ArrayList<>();
                while (works.size() < TOGETHER && rows.hasNext()) {
                    Row row = rows.next();
                    names.add(row.get(0));
                    works.add(new Question.Joined(Question.present(row.<String>getList(0)), row.getList(1)));
                }
                List<Decision> decisions = question.decide(works);
                List<Row> judged = new ArrayList<>();
                for (int i = 0; i < decisions.size(); i++) {
                    Decision decision = decisions.get(i);
                    judged.add(RowFactory.create(
                            names.get(i), decision.word(), decision.reason().wireName(), Question.matched(decision)));
                }
                return judged;
            }
        };
    }
}
