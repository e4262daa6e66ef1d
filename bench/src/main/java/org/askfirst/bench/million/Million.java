package org.askfirst.bench.million;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.askfirst.bench.harness.Arguments;
import org.askfirst.bench.harness.Machine;
import org.askfirst.bench.harness.Report;

/**
 * The part {@code million}: two journeys of the service with a million works each, in a heap of 256 MB. They check every
 * answer and print a table, which the report repeats.
 */
public final class Million {
    private Million() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Arguments run = Arguments.parse("million", Set.of(), Set.of(), List.of("rows", "1000000"), arguments);
        try (Report report = Report.start("A million works of one party", run)) {
            Process maven = new ProcessBuilder(
                            "mvn",
                            "-B",
                            "-Plong",
                            "-pl",
                            "src/server",
                            "-am",
                            "verify",
                            // No unit test has that name; only the journeys are wanted.
                            "-Dtest=none",
                            "-Dsurefire.failIfNoSpecifiedTests=false",
                            "-Dit.test=ManyLinesIT,ImportIT#manyRows*",
                            "-Daskfirst.at-once=1",
                            "-DargLine=-Daskfirst.rows=" + run.number("rows"))
                    .redirectErrorStream(true)
                    .start();
            List<String> table = new ArrayList<>();
            try (BufferedReader lines = maven.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    Machine.say(line);
                    if (line.startsWith("|")) {
                        table.add(line);
                    }
                }
            }
            if (maven.waitFor() != 0 || table.isEmpty()) {
                throw new IllegalStateException("the journeys failed; Maven printed why");
            }
            report.add(tables(table));
        }
    }

    /** Each table has a head, a rule and a row; an empty line goes before the next. */
    private static String tables(List<String> lines) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            text.append(i > 0 && i % 3 == 0 ? "\n" : "").append(lines.get(i)).append('\n');
        }
        return text.toString();
    }
}
