package org.askfirst.bench.subject;

import static org.askfirst.bench.harness.Report.number;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.askfirst.bench.harness.Arguments;
import org.askfirst.bench.harness.Machine;
import org.askfirst.bench.harness.Report;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The part {@code subject}: the benchmark, and a long run of the fuzz test of subjects. */
public final class SubjectRates {
    private SubjectRates() {}

    public static void main(String[] arguments) throws IOException, InterruptedException, RunnerException {
        Arguments run = Arguments.parse(
                "subject",
                Set.of("rates"),
                Set.of("fuzz"),
                List.of(
                        "urls", Arguments.data() + "/urls.txt",
                        "only", "",
                        "seconds", "2",
                        "profiler", "",
                        "seed", "20261122",
                        "inputs", "6000000"),
                arguments);
        try (Report report = Report.start("Subjects", run)) {
            if (run.includes("rates")) {
                rates(run, report);
            }
            if (run.includes("fuzz")) {
                report.section("Fuzz run");
                report.add(fuzz(run));
            }
        }
    }

    private static void rates(Arguments run, Report report) throws IOException, RunnerException {
        TimeValue time = new TimeValue(run.number("seconds"), TimeUnit.SECONDS);
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(SubjectBenchmark.class.getSimpleName() + "." + run.text("only"))
                .param("file", run.path("urls").toString())
                .warmupTime(time)
                .measurementTime(time);
        String[] profiler = run.text("profiler").split(":", 2);
        if (!profiler[0].isEmpty()) {
            options.addProfiler(profiler[0], profiler.length > 1 ? profiler[1] : "");
        }
        List<List<String>> rows = new ArrayList<>(List.of(List.of("benchmark", "operations a second", "99.9 % interval")));
        List<String> more = new ArrayList<>();
        for (RunResult result : new Runner(options.build()).run()) {
            Result<?> primary = result.getPrimaryResult();
            rows.add(List.of(
                    "`" + primary.getLabel() + "`", number(primary.getScore()), "± " + number(primary.getScoreError())));
            result.getSecondaryResults().forEach((label, found) -> {
                String text = found.extendedInfo().strip();
                if (!text.isEmpty()) {
                    more.add(primary.getLabel() + ":\n\n```\n" + text + "\n```\n");
                }
            });
        }
        report.add("One thread, one fork, three iterations to warm up and five measured.\n");
        report.table(rows);
        for (String text : more) {
            report.add(text);
        }
    }

    /** Runs the fuzz test's own program. It is one of core's tests, and it is repeatable. */
    private static String fuzz(Arguments run) throws IOException, InterruptedException {
        String classes = System.getProperty("java.class.path") + File.pathSeparator + "src/core/target/test-classes";
        Process process = new ProcessBuilder(
                        Machine.tool("java"), "-cp", classes, "org.askfirst.subject.SubjectFuzz", run.text("seed"), run.text("inputs"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the fuzz run failed: " + printed);
        }
        return printed;
    }
}
