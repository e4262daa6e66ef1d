package org.askfirst.bench.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The results of one run: a Markdown file in {@code bench/results}, named after the date and the part.
 *
 * <p>It begins with the commit, the machine and all parameters. It is written as far as the run has come, so that a run
 * that fails leaves what it measured. {@link #close} prints it.
 */
public final class Report implements AutoCloseable {
    private static final Path RESULTS = Path.of("bench", "results");

    private final @Nullable Path file;
    private final StringBuilder text = new StringBuilder();
    private final List<List<String>> goals = new ArrayList<>();

    private Report(@Nullable Path file) {
        this.file = file;
    }

    /** Starts the report of a run. */
    public static Report start(String title, Arguments arguments) throws IOException, InterruptedException {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        Report report = new Report(file(today, arguments));
        report.add("# " + title + ", " + today + "\n");
        report.table(List.of(
                List.of("run", ""),
                List.of("command", "`" + arguments.command() + "`"),
                List.of("parameters", arguments.parameters()),
                List.of("commit", Machine.commit()),
                List.of("machine", Machine.description() + "; load before " + Machine.load()),
                List.of("Java", Machine.java())));
        return report;
    }

    private static @Nullable Path file(LocalDate today, Arguments arguments) {
        if (arguments.result().equals(Arguments.NO_FILE)) {
            return null;
        }
        if (!arguments.result().isEmpty()) {
            return Path.of(arguments.result()).toAbsolutePath();
        }
        String name = today + "-" + arguments.name();
        Path file = RESULTS.resolve(name + ".md");
        // An earlier run of the day keeps its file.
        for (int number = 2; Files.exists(file); number++) {
            file = RESULTS.resolve(name + "-" + number + ".md");
        }
        return file.toAbsolutePath();
    }

    /** Adds lines as they are. */
    public void add(String lines) throws IOException {
        text.append(lines).append('\n');
        if (file != null) {
            Files.writeString(file, text);
        }
    }

    public void section(String title) throws IOException {
        Machine.say(title);
        add("## " + title + "\n");
    }

    /** Adds a table. The first row is its head; numbers are to the right of the first column. */
    public void table(List<List<String>> rows) throws IOException {
        StringBuilder table = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            List<String> row = rows.get(i);
            table.append("| ").append(String.join(" | ", row)).append(" |\n");
            if (i == 0) {
                boolean numbers = row.size() > 2;
                table.append("|---|").append((numbers ? "---:|" : "---|").repeat(row.size() - 1)).append('\n');
            }
        }
        add(table.toString());
    }

    /** Adds a goal, and how far this run reached it. All goals are one table at the end. */
    public void goal(String subject, String wanted, String reached, boolean isReached) {
        goals.add(List.of(subject, wanted, reached, isReached ? "yes" : "**no**"));
    }

    public static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    public static String decimal(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }

    /** Adds the goals, and prints everything. */
    @Override
    public void close() {
        try {
            if (!goals.isEmpty()) {
                section("Goals");
                List<List<String>> rows = new ArrayList<>(List.of(List.of("goal", "wanted", "measured", "reached")));
                rows.addAll(goals);
                table(rows);
            }
        } catch (IOException notWritten) {
            throw new UncheckedIOException(notWritten);
        } finally {
            System.out.println(text);
            if (file != null) {
                System.out.println("Written to " + file);
            }
        }
    }
}
