package org.askfirst.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The results file, written as far as it has come. */
final class Report {
    private final @Nullable Path file;
    private final StringBuilder text = new StringBuilder();
    private final List<String> goals = new ArrayList<>();

    Report(@Nullable Path file) {
        this.file = file;
    }

    void add(String lines) throws IOException {
        text.append(lines).append('\n');
        if (file != null) {
            Files.writeString(file, text);
        }
    }

    void section(String title) throws IOException {
        Machine.say("%s", title);
        add("## " + title + "\n");
    }

    /** A table; the first row is its head. */
    void table(List<List<String>> rows) throws IOException {
        StringBuilder table = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            table.append("| ").append(String.join(" | ", rows.get(i))).append(" |\n");
            if (i == 0) {
                table.append("|---|").append("---:|".repeat(rows.get(0).size() - 1)).append('\n');
            }
        }
        add(table.toString());
    }

    /** Something that was to be reached, and what was. */
    void goal(String what, String wanted, String reached, boolean isReached) {
        goals.add("| " + what + " | " + wanted + " | " + reached + " | " + (isReached ? "yes" : "**no**") + " |");
    }

    void goals() throws IOException {
        if (!goals.isEmpty()) {
            section("What was to be reached");
            add("| what | wanted | measured | reached |\n|---|---:|---:|---|\n" + String.join("\n", goals) + "\n");
        }
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    static String decimal(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
