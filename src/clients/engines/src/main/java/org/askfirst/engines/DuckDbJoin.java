package org.askfirst.engines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.askfirst.client.Decision;
import org.askfirst.client.RefusedException;
import org.askfirst.verdict.Use;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBReadableVector;
import org.duckdb.DuckDBWritableVector;
import org.jspecify.annotations.Nullable;

/**
 * Answers a table of questions from a Parquet release with DuckDB. It writes the same rows with the columns that the
 * command {@code askfirst check} adds. Every row gets an answer, or the whole run fails.
 */
public final class DuckDbJoin {
    /** A result of {@code askfirst_keys}: the work cannot be read. */
    private static final String UNREADABLE = "?";

    /** Separates the rows that a join has found. No row has it. */
    private static final String BETWEEN_ROWS = ";";

    private final Path folder;
    private final @Nullable String trustedKey;
    private final String memory;

    /**
     * Creates a join.
     *
     * @param folder the folder of the release
     * @param trustedKey the verifier key of the log; null to take the word of the release's maker
     * @param memory the limit of DuckDB's memory, such as {@code 8GB}
     */
    public DuckDbJoin(Path folder, @Nullable String trustedKey, String memory) {
        this.folder = folder;
        this.trustedKey = trustedKey;
        this.memory = memory;
    }

    /**
     * Answers all rows of a file.
     *
     * @param asked a file in Parquet, CSV, TSV or JSON lines
     * @param columns the columns that name a work together, such as an address and a hash; empty cells are left out
     * @param uses the asked uses
     * @param answered the file that is written, in Parquet or CSV by the end of its name
     * @param moment the moment for which the answers are true
     * @return how many rows have which answer
     * @throws RefusedException if nothing may be answered from the release
     */
    public Map<String, Long> answer(
            Path asked, List<String> columns, Collection<Use> uses, Path answered, Instant moment)
            throws IOException, RefusedException {
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("name the columns of the works");
        }
        ParquetRelease release = ParquetRelease.open(folder, trustedKey, moment);
        Path unfinished = answered.resolveSibling(answered.getFileName() + ".unfinished");
        Path scratch = answered.resolveSibling(answered.getFileName() + ".scratch");
        try (DuckDb duckDb = new DuckDb(scratch, memory)) {
            Question question = question(duckDb, release, uses, moment);
            duckDb.define("askfirst_keys", (in, out) -> {
                for (int i = 0; i < in.rowCount(); i++) {
                    out.setString(i, keys(question, names(in, 0, i)));
                }
            });
            duckDb.define("askfirst_judge", (in, out) -> judge(question, in, out));
            Map<String, Long> counts = join(duckDb, question, release, asked, columns, unfinished);
            Files.move(unfinished, answered, StandardCopyOption.REPLACE_EXISTING);
            return counts;
        } catch (SQLException failed) {
            throw new IOException(String.valueOf(failed.getMessage()), failed);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private Question question(DuckDb duckDb, ParquetRelease release, Collection<Use> uses, Instant moment)
            throws SQLException {
        return new Question(
                release.catalog().position(),
                duckDb.texts(
                        "SELECT " + TableColumn.rowText(RegisterTable.COLUMNS) + " FROM " + read(release.register())),
                release.suffixes(),
                duckDb.numbers(
                        "SELECT prefix FROM " + read(release.sites()),
                        Math.toIntExact(release.sites().rows())),
                uses,
                moment);
    }

    private String read(ReleaseFile file) {
        return "read_parquet(" + DuckDb.quoted(folder.resolve(file.path()).toString()) + ")";
    }

    private static String source(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String quoted = DuckDb.quoted(file.toString());
        if (name.endsWith(".parquet")) {
            return "read_parquet(" + quoted + ")";
        }
        if (name.contains(".json") || name.contains(".ndjson")) {
            return "read_json(" + quoted + ", format = 'newline_delimited')";
        }
        return "read_csv(" + quoted + ", header = true, all_varchar = true)";
    }

    /**
     * The steps in SQL. Rows that nothing reaches are settled by the join alone. Until the last step the columns of the
     * questions have numbers for names, so that no name of theirs means something else.
     */
    private Map<String, Long> join(
            DuckDb duckDb, Question question, ParquetRelease release, Path asked, List<String> columns, Path to)
            throws SQLException {
        String source = source(asked);
        List<String> inputs = duckDb.texts("SELECT column_name FROM (DESCRIBE SELECT * FROM " + source + ")");
        List<String> types = duckDb.texts("SELECT column_type FROM (DESCRIBE SELECT * FROM " + source + ")");
        String names =
                columns.stream().map(column -> name(inputs, types, column)).collect(Collectors.joining(", "));
        String numbers =
                IntStream.range(0, inputs.size()).mapToObj(DuckDbJoin::number).collect(Collectors.joining(", "));
        duckDb.run("CREATE TEMP TABLE asked AS SELECT a.*, askfirst_keys(" + names + ") AS askfirst_keys FROM " + source
                + " a(" + numbers + ")");
        duckDb.run("CREATE TEMP TABLE reached AS SELECT askfirst_row, string_agg(askfirst_found, '" + BETWEEN_ROWS
                + "') AS askfirst_found FROM (SELECT askfirst_row, " + TableColumn.rowText(PostingTable.COLUMNS)
                + " AS askfirst_found FROM (SELECT askfirst_row, CAST(split_part(k, ':', 1) AS BIGINT) AS prefix,"
                + " unhex(split_part(k, ':', 2)) AS rest FROM (SELECT a.rowid AS askfirst_row,"
                + " unnest(string_split(a.askfirst_keys, ' ')) AS k FROM asked a WHERE length(a.askfirst_keys) > 1))"
                + " JOIN " + read(release.postings()) + " USING (prefix, rest)) GROUP BY askfirst_row");
        duckDb.run("CREATE TEMP TABLE judged AS SELECT r.askfirst_row, askfirst_judge(r.askfirst_found, " + names
                + ") AS answer FROM reached r JOIN asked a ON a.rowid = r.askfirst_row");
        String kept = IntStream.range(0, inputs.size())
                .filter(i -> !Question.isAdded(inputs.get(i)))
                .mapToObj(i -> "a." + number(i) + " AS " + DuckDb.column(inputs.get(i)) + ", ")
                .collect(Collectors.joining());
        duckDb.run("CREATE TEMP TABLE answered AS SELECT " + kept
                + "coalesce(split_part(j.answer, chr(9), 1), 'unknown') AS askfirst_verdict,"
                + " CASE WHEN j.answer IS NOT NULL THEN split_part(j.answer, chr(9), 2)"
                + " WHEN a.askfirst_keys = '" + UNREADABLE + "' THEN '" + Decision.Reason.UNREADABLE.wireName() + "'"
                + " ELSE '" + Decision.Reason.NOTHING_DECLARED.wireName() + "' END AS askfirst_reason,"
                + " coalesce(split_part(j.answer, chr(9), 3), '') AS matched_subject,"
                + " '" + question.moment() + "' AS checked_at, CAST(CASE WHEN a.askfirst_keys = '" + UNREADABLE
                + "' THEN 0 ELSE " + question.position() + " END AS BIGINT) AS log_size"
                + " FROM asked a LEFT JOIN judged j ON a.rowid = j.askfirst_row");
        long questions = duckDb.numbers("SELECT count(*) FROM asked", 1)[0];
        long answers = duckDb.numbers("SELECT count(*) FROM answered", 1)[0];
        if (questions != answers) {
            throw new SQLException(questions + " rows are asked, but " + answers + " are answered");
        }
        boolean isParquet = to.toString().contains(".parquet");
        duckDb.run("COPY answered TO " + DuckDb.quoted(to.toString())
                + (isParquet ? " (FORMAT parquet, COMPRESSION zstd)" : " (FORMAT csv, HEADER)"));
        Map<String, Long> counts = new TreeMap<>();
        for (String count : duckDb.texts("SELECT count(*) || ' ' || askfirst_verdict || ' (' || askfirst_reason || ')'"
                + " FROM answered GROUP BY askfirst_verdict, askfirst_reason")) {
            int space = count.indexOf(' ');
            counts.put(count.substring(space + 1), Long.valueOf(count.substring(0, space)));
        }
        return counts;
    }

    /** Returns the private name of a column of the questions. */
    private static String number(int column) {
        return "c" + column;
    }

    /** Returns the SQL expression of a name of the works, as text. */
    private static String name(List<String> inputs, List<String> types, String column) {
        int at = inputs.indexOf(column);
        if (at < 0) {
            throw new IllegalArgumentException("the table has no column " + column + "; it has " + inputs);
        }
        String cell = "a." + number(at);
        // A cast of bytes writes those that are no letters as \x and digits, which is the name of another work.
        return types.get(at).equals("BLOB")
                ? "CASE WHEN " + cell + " IS NOT NULL THEN coalesce(try(decode(" + cell + ")), '" + Question.NOT_UTF8
                        + "') END"
                : "CAST(" + cell + " AS VARCHAR)";
    }

    private static List<String> names(DuckDBDataChunkReader in, int from, int row) {
        List<@Nullable String> names = new ArrayList<>();
        for (int i = from; i < in.columnCount(); i++) {
            DuckDBReadableVector column = in.vector(i);
            names.add(column.isNull(row) ? null : column.getString(row));
        }
        return Question.present(names);
    }

    private static String keys(Question question, List<String> names) {
        return question.keys(names)
                .map(keys -> keys.stream()
                        .map(key -> key.prefix64() + ":" + PostingTable.rest(key))
                        .collect(Collectors.joining(" ")))
                .orElse(UNREADABLE);
    }

    private static void judge(Question question, DuckDBDataChunkReader in, DuckDBWritableVector out) {
        List<Question.Joined> works = new ArrayList<>();
        for (int i = 0; i < in.rowCount(); i++) {
            works.add(new Question.Joined(
                    names(in, 1, i), List.of(in.vector(0).getString(i).split(BETWEEN_ROWS))));
        }
        List<Decision> decisions = question.decide(works);
        for (int i = 0; i < works.size(); i++) {
            Decision decision = decisions.get(i);
            out.setString(i, decision.word() + "\t" + decision.reason().wireName() + "\t" + Question.matched(decision));
        }
    }
}
