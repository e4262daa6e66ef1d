package org.askfirst.engines;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.askfirst.json.CanonicalJson;

/** The files for people beside a release: statements for DuckDB, a script for Spark, and a description as Croissant. */
final class Guides {
    private static final String SQL = """
        -- The release %LOG% at position %POSITION%, for DuckDB. Run it in the folder of the files: duckdb -init duckdb.sql
        -- These statements show what is declared. They give no verdict: a verdict needs all keys of a work, and the
        -- rules. The command "askfirst-engines duckdb" computes both, for each row of your table.

        -- From this time on, nothing may be answered from these files.
        SELECT CASE WHEN epoch(now()) >= %EXPIRES_SECOND%
            THEN error('expired: this release was valid until %EXPIRES%; export a new one') END AS checked;

        CREATE OR REPLACE VIEW postings AS SELECT * FROM read_parquet(['%POSTINGS%']);
        CREATE OR REPLACE VIEW register AS SELECT * FROM read_parquet(['%REGISTER%']);
        CREATE OR REPLACE VIEW sites AS SELECT * FROM read_parquet(['%SITES%']);

        -- The two columns of the key of a canonical subject, such as 'isbn:9788936434120'.
        CREATE OR REPLACE MACRO askfirst_prefix(subject) AS CAST(
            CAST(CAST('0x' || left(sha256(subject), 16) AS UBIGINT) AS HUGEINT)
            - CASE WHEN left(sha256(subject), 1) >= '8' THEN 18446744073709551616 ELSE 0 END AS BIGINT);
        CREATE OR REPLACE MACRO askfirst_rest(subject) AS unhex(substr(sha256(subject), 17));

        -- Everything about exactly one subject:
        -- SELECT * FROM postings WHERE prefix = askfirst_prefix('isbn:9788936434120')
        --     AND rest = askfirst_rest('isbn:9788936434120');

        SELECT kind, count(*) AS rows, count(DISTINCT party) AS parties FROM postings GROUP BY kind ORDER BY kind;
        """;

    private static final String PYTHON = """
        # Answers a table of questions with Spark, and writes the same rows with the answers:
        #   spark-submit --jars askfirst-engines-command.jar spark.py FOLDER_OF_THE_RELEASE ASKED ANSWERED [COLUMN ...]
        # ASKED and ANSWERED are Parquet. Only "allow" in askfirst_verdict is permission.
        import sys

        from pyspark.sql import DataFrame, SparkSession

        folder, asked, answered, *columns = sys.argv[1:]
        uses = ["ai-training"]  # the uses that you intend
        log_key = None  # the log's key from somebody you trust; None takes the word of the maker of the release

        spark = SparkSession.builder.appName("askfirst").getOrCreate()
        rows = spark.read.parquet(asked)
        join = spark._jvm.org.askfirst.engines.SparkJoin
        result = join.answer(spark._jsparkSession, folder, log_key, rows._jdf, columns or ["url"], uses)
        DataFrame(result, spark).write.parquet(answered)
        """;

    private Guides() {}

    static String duckDb(ParquetRelease release) {
        return SQL.replace("%LOG%", release.catalog().log().replaceAll("[^A-Za-z0-9./-]", "?"))
                .replace("%POSITION%", Long.toString(release.catalog().position()))
                .replace(
                        "%EXPIRES_SECOND%",
                        Long.toString(release.catalog().expiresAt().getEpochSecond()))
                .replace("%EXPIRES%", release.catalog().expiresAt().toString())
                .replace("%POSTINGS%", release.postings().path())
                .replace("%REGISTER%", release.register().path())
                .replace("%SITES%", release.sites().path());
    }

    static String spark() {
        return PYTHON;
    }

    /** Returns the description in the format Croissant 1.0 of MLCommons. */
    static String croissant(ParquetRelease release) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(
                "@context",
                Map.ofEntries(
                        Map.entry("@language", "en"),
                        Map.entry("@vocab", "https://schema.org/"),
                        Map.entry("sc", "https://schema.org/"),
                        Map.entry("cr", "http://mlcommons.org/croissant/"),
                        Map.entry("dct", "http://purl.org/dc/terms/"),
                        Map.entry("conformsTo", "dct:conformsTo"),
                        Map.entry("recordSet", "cr:recordSet"),
                        Map.entry("field", "cr:field"),
                        Map.entry("source", "cr:source"),
                        Map.entry("extract", "cr:extract"),
                        Map.entry("column", "cr:column"),
                        Map.entry("fileObject", "cr:fileObject"),
                        Map.entry("dataType", Map.of("@id", "cr:dataType", "@type", "@vocab"))));
        tree.put("@type", "sc:Dataset");
        tree.put("conformsTo", "http://mlcommons.org/croissant/1.0");
        tree.put("name", "askfirst-release");
        tree.put(
                "description",
                "What rightsholders declare about uses of their works by AI, by the SHA-256 of the name of the work."
                        + " The registry " + release.catalog().log() + " at position "
                        + release.catalog().position() + ". It has no names and no contacts. Only a verdict of allow is"
                        + " permission. It may be used until "
                        + release.catalog().expiresAt() + ".");
        tree.put("datePublished", release.catalog().issuedAt().toString());
        tree.put("expires", release.catalog().expiresAt().toString());
        tree.put("version", "0.0." + release.catalog().position());
        List<Object> files = new ArrayList<>();
        for (ReleaseFile file : release.files()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("@type", "cr:FileObject");
            one.put("@id", file.path());
            one.put("name", file.path());
            one.put("contentUrl", file.path());
            one.put("contentSize", file.bytes() + " B");
            one.put("encodingFormat", "application/x-parquet");
            one.put("sha256", file.sha256());
            files.add(one);
        }
        tree.put("distribution", files);
        tree.put(
                "recordSet",
                List.of(
                        records("postings", release.postings(), PostingTable.COLUMNS),
                        records("register", release.register(), RegisterTable.COLUMNS),
                        records("sites", release.sites(), ReleaseWriter.SITE_COLUMNS)));
        return CanonicalJson.write(tree) + "\n";
    }

    private static Map<String, Object> records(String name, ReleaseFile file, List<TableColumn> columns) {
        List<Object> fields = new ArrayList<>();
        for (TableColumn column : columns) {
            Map<String, Object> field = new LinkedHashMap<>();
            field.put("@type", "cr:Field");
            field.put("@id", name + "/" + column.name());
            field.put("name", column.name());
            field.put(
                    "dataType",
                    switch (column.type()) {
                        case TEXT, BYTES -> "sc:Text";
                        case NUMBER -> "sc:Integer";
                        case FLAG -> "sc:Boolean";
                    });
            field.put(
                    "source",
                    Map.of(
                            "fileObject", Map.of("@id", file.path()),
                            "extract", Map.of("column", column.name())));
            fields.add(field);
        }
        Map<String, Object> records = new LinkedHashMap<>();
        records.put("@type", "cr:RecordSet");
        records.put("@id", name);
        records.put("name", name);
        records.put("field", fields);
        return records;
    }
}
