package org.askfirst.client.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.askfirst.client.Decision;
import org.askfirst.client.FilterCopy;
import org.askfirst.client.OnlineRegistry;
import org.askfirst.client.Ranges;
import org.askfirst.client.RefusedException;
import org.askfirst.client.Snapshot;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code askfirst check}: writes the same rows with the answer beside them. */
@Command(
        name = "check",
        description = {
            "Checks works. A work is an address, a subject such as isbn:9788936434120, or a file or a folder of files,"
                    + " which are hashed here and are not sent.",
            "With --input, it reads lines, CSV, TSV, JSON lines or CDXJ and writes the same rows with "
                    + "askfirst_verdict, askfirst_reason, matched_subject, checked_at and log_size.",
            "Only allow is permission."
        },
        mixinStandardHelpOptions = true)
final class Check implements Callable<Integer> {
    private static final int TOGETHER = 4_096;
    private static final int PROGRESS = 1_000_000;

    @CommandLine.Mixin
    private AskFirst.Copy copy = new AskFirst.Copy();

    @Option(
            names = "--online",
            description = "Asks this registry instead of the copy, such as https://registry.example")
    private @Nullable URI online;

    @Option(
            names = "--filter",
            description =
                    "Asks the filters of the copy, and this registry by a part of the key if they are not enough.")
    private @Nullable URI filter;

    @Option(
            names = "--api-key",
            description = "The key for --online and --filter.",
            defaultValue = "${env:ASKFIRST_API_KEY}")
    private @Nullable String apiKey;

    @Option(
            names = "--use",
            description =
                    "A use that you intend; may be repeated. Default: text-and-data-mining, which is all of them.")
    private List<String> uses = List.of();

    @Option(names = "--input", description = "A file of works; - for standard input.")
    private @Nullable String input;

    @Option(names = "--column", description = "The column or the member of the input that names the works.")
    private @Nullable String column;

    @Parameters(description = "Works.", paramLabel = "WORK")
    private List<String> works = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    private final Map<String, Long> answered = new TreeMap<>();
    private long checked;
    private boolean allAllowed = true;
    private boolean learned = true;

    /** Answers a block of works. */
    private interface Answers {
        List<Decision> of(List<List<String>> works);
    }

    @Override
    public Integer call() throws IOException, RefusedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Set<Use> asked = asked();
        String key = apiKey == null || apiKey.isEmpty() ? null : apiKey;
        Answers answers;
        if (online != null && filter != null) {
            throw new ParameterException(spec.commandLine(), "give --online or --filter, and not both");
        } else if (online != null) {
            OnlineRegistry registry = new OnlineRegistry(online, key);
            answers = block -> registry.decideAll(block, asked);
        } else if (filter != null) {
            FilterCopy filters = copy.openFilters();
            Ranges registry = new Ranges(filter, key);
            answers = block -> filters.decideAll(block, asked, registry);
        } else {
            Snapshot snapshot = copy.open();
            answers = block -> snapshot.decideAll(block, asked);
        }
        if (input == null && works.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "give works, or a file with --input");
        }
        List<String> rows = new ArrayList<>();
        List<List<String>> block = new ArrayList<>();
        for (String work : works) {
            for (String one : expand(work)) {
                rows.add(one);
                block.add(List.of(Files.isRegularFile(Path.of(one)) ? "sha256:" + Hashes.sha256(Path.of(one)) : one));
            }
        }
        if (!rows.isEmpty()) {
            List<Decision> decisions = answers.of(block);
            for (int i = 0; i < rows.size(); i++) {
                out.println(rows.get(i) + "\t" + String.join("\t", cells(decisions.get(i))));
            }
        }
        if (input != null) {
            copyRows(answers, out);
        }
        report();
        if (out.checkError()) {
            throw new IOException("the answers cannot be written");
        }
        if (checked == 0) {
            throw new IOException("there was nothing to check");
        }
        return !learned ? AskFirst.NOTHING_LEARNED : allAllowed ? AskFirst.ALLOWED : AskFirst.NOT_ALLOWED;
    }

    private Set<Use> asked() {
        Set<Use> asked = EnumSet.noneOf(Use.class);
        for (String name : uses) {
            asked.add(Use.named(name)
                    .orElseThrow(() -> new ParameterException(
                            Objects.requireNonNull(spec).commandLine(), "no such use: " + name)));
        }
        return asked.isEmpty() ? EnumSet.of(Use.TEXT_AND_DATA_MINING) : asked;
    }

    /** Returns the files of a folder, or the work itself. */
    private static List<String> expand(String work) throws IOException {
        return work.contains(":") ? List.of(work) : Hashes.filesIn(Path.of(work));
    }

    /** Writes a line for each document of a WARC file: its address, the hash of its content, and the answer. */
    private void copyDocuments(String name, Answers answers, PrintWriter out) throws IOException {
        try (InputStream in = Files.newInputStream(Path.of(name))) {
            Warc file = Warc.of(in);
            List<Warc.Document> block = new ArrayList<>();
            for (Warc.Document one = file.next(); one != null; one = file.next()) {
                block.add(one);
                if (block.size() == TOGETHER) {
                    write(block, answers, out);
                    block.clear();
                }
            }
            write(block, answers, out);
        }
    }

    private void write(List<Warc.Document> documents, Answers answers, PrintWriter out) {
        List<Decision> decisions = answers.of(documents.stream()
                .map(one -> List.of(one.address(), "sha256:" + one.sha256()))
                .toList());
        for (int i = 0; i < documents.size(); i++) {
            Warc.Document one = documents.get(i);
            out.println(one.address() + "\t" + one.sha256() + "\t" + String.join("\t", cells(decisions.get(i))));
        }
    }

    private void copyRows(Answers answers, PrintWriter out) throws IOException {
        String name = Objects.requireNonNull(input);
        if (Warc.isNamed(name)) {
            copyDocuments(name, answers, out);
            return;
        }
        try (InputStream in = name.equals("-") ? System.in : Files.newInputStream(Path.of(name));
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            String row = Rows.line(reader, Rows.isTable(name) || column != null);
            if (row == null) {
                return;
            }
            Rows form;
            try {
                form = Rows.of(name, row, column);
            } catch (IllegalArgumentException unknown) {
                throw new ParameterException(
                        Objects.requireNonNull(spec).commandLine(), String.valueOf(unknown.getMessage()));
            }
            String heading = form.heading(row);
            if (heading != null) {
                out.println(heading);
                row = form.next(reader);
            }
            List<String> rows = new ArrayList<>();
            while (row != null) {
                rows.add(row);
                if (rows.size() == TOGETHER) {
                    write(form, rows, answers, out);
                    rows.clear();
                }
                row = form.next(reader);
            }
            write(form, rows, answers, out);
        }
    }

    private void write(Rows form, List<String> rows, Answers answers, PrintWriter out) {
        List<List<String>> block = new ArrayList<>(rows.size());
        for (String row : rows) {
            block.add(subjects(form, row));
        }
        List<List<String>> asked = block.stream().filter(one -> !one.isEmpty()).toList();
        List<Decision> decisions = answers.of(asked);
        int at = 0;
        for (int i = 0; i < rows.size(); i++) {
            out.println(block.get(i).isEmpty() ? rows.get(i) : form.with(rows.get(i), cells(decisions.get(at++))));
        }
    }

    /** Returns what a row names. A row that cannot be read names something unreadable, so it is not allowed. */
    private static List<String> subjects(Rows form, String row) {
        try {
            return form.subjects(row);
        } catch (IllegalArgumentException malformed) {
            return Rows.UNREADABLE;
        }
    }

    private List<String> cells(Decision decision) {
        checked++;
        allAllowed &= decision.allowed();
        learned &= decision.isAnswer() || decision.reason() == Decision.Reason.UNREADABLE;
        answered.merge(decision.word() + " (" + decision.reason().wireName() + ")", 1L, Long::sum);
        if (checked % PROGRESS == 0) {
            Objects.requireNonNull(spec).commandLine().getErr().printf("%,d works checked%n", checked);
        }
        String matched = decision.matched();
        return List.of(
                decision.word(),
                decision.reason().wireName(),
                matched == null ? "" : matched,
                decision.checkedAt().toString(),
                Long.toString(decision.position()));
    }

    /** Prints how many works have which answer. */
    private void report() {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        err.printf("%,d works checked%n", checked);
        answered.forEach((answer, count) -> err.printf("  %-32s %,12d%n", answer, count));
        err.flush();
    }
}
