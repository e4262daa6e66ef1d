package org.askfirst.engines.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.askfirst.client.RefusedException;
import org.askfirst.engines.SparkJoin;
import org.askfirst.verdict.Use;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code askfirst-engines spark}, for spark-submit. */
@Command(
        name = "spark",
        description = {
            "Answers a table in Parquet or CSV with Spark; run it with spark-submit. It writes a folder of Parquet.",
            "Only allow is permission."
        },
        mixinStandardHelpOptions = true)
final class Spark implements Callable<Integer> {
    @CommandLine.Mixin
    private Engines.Asked asked = new Engines.Asked();

    @Override
    public Integer call() throws IOException, RefusedException {
        SparkSession spark = SparkSession.builder().appName("askfirst").getOrCreate();
        String input = asked.input();
        Dataset<Row> table = input.endsWith(".csv") || input.endsWith(".csv.gz")
                ? spark.read()
                        .option("header", true)
                        .option("multiLine", true)
                        .option("escape", "\"")
                        .option("mode", "FAILFAST")
                        .csv(input)
                : spark.read().parquet(input);
        SparkJoin.answer(
                        spark,
                        asked.release(),
                        asked.key(),
                        table,
                        asked.columns(),
                        asked.uses().stream().map(Use::wireName).toList())
                .write()
                .parquet(asked.output());
        return Engines.DONE;
    }
}
