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
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.askfirst.catalog.Catalog;
import org.askfirst.client.Decision;
import org.askfirst.client.FilterCopy;
import org.askfirst.client.OnlineRegistry;
import org.askfirst.client.Ranges;
import org.askfirst.client.RefusedException;
import org.askfirst.client.Snapshot;
import org.askfirst.tlog.Ed25519Signer;
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
            "With --output, it reads Parquet too.",
            "Only allow is permission."
        },
        mixinStandardHelpOptions = true)
final class Check implements Callable<Integer> {
    private static final int TOGETHER = 4_096;

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

    @Option(names = "--output", description = "The file for the answered rows. Default: the standard output")
    private @Nullable Path output;

    @Option(names = "--report", description = "A file for the numbers of works by verdict, reason and party, in JSON.")
    private @Nullable Path report;

    @Option(names = "--sign-with", description = "Your Ed25519 key in PEM, which signs the report.")
    private @Nullable Path signWith;

    @Parameters(description = "Works.", paramLabel = "WORK")
    private List<String> works = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    private final Report counts = new Report();
    private boolean allAllowed = true;
    private boolean learned = true;

    /** Answers a block of works. */
    private interface Answers {
        List<Decision> of(List<List<String>> works);
    }

    @Override
    public Integer call() throws IOException, RefusedException {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        Set<Use> asked = asked();
        Ed25519Signer signer = signer();
        String key = apiKey == null || apiKey.isEmpty() ? null : apiKey;
        if (input == null && works.isEmpty()) {
            throw new ParameterException(line, "give works, or a file with --input");
        }
        Answers answers;
        String place;
        if (online != null && filter != null) {
            throw new ParameterException(line, "give --online or --filter, and not both");
        }
        requireWeb("--online", online);
        requireWeb("--filter", filter);
        if (online != null) {
            OnlineRegistry registry = new OnlineRegistry(online, key);
            answers = block -> registry.decideAll(block, asked);
            place = online.toString();
        } else if (filter != null) {
            FilterCopy filters = copy.openFilters();
            Ranges registry = new Ranges(filter, key);
            answers = block -> filters.decideAll(block, asked, registry);
            Catalog catalog = filters.catalog();
            if (catalog == null) {
                // It says why nothing can be answered.
                filters.verify();
            }
            place = catalog == null ? "" : catalog.log();
        } else {
            Snapshot snapshot = copy.open();
            answers = block -> snapshot.decideAll(block, asked);
            Catalog catalog = snapshot.catalog();
            if (catalog == null) {
                snapshot.verify();
            }
            place = catalog == null ? "" : catalog.log();
        }
        if (output == null) {
            write(answers, line.getOut());
        } else {
            write(answers, output);
        }
        report(asked, place, signer);
        return !learned ? AskFirst.NOTHING_LEARNED : allAllowed ? AskFirst.ALLOWED : AskFirst.NOT_ALLOWED;
    }

    private void requireWeb(String option, @Nullable URI registry) {
        if (registry == null) {
            return;
        }
        String scheme = String.valueOf(registry.getScheme()).toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || registry.getHost() == null) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    option + " needs an address that begins with http:// or https://, and not " + registry);
        }
    }

    private @Nullable Ed25519Signer signer() throws IOException {
        if (signWith == null) {
            return null;
        }
        if (report == null) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "--sign-with signs the report; give --report too");
        }
        return Report.signer(signWith);
    }

    /** Writes the answers to a file, which gets its name when it is complete. */
    private void write(Answers answers, Path target) throws IOException {
        Path unfinished = target.resolveSibling(target.getFileName() + ".unfinished");
        try {
            if (isParquet()) {
                copyParquet(Path.of(Objects.requireNonNull(input)), unfinished, answers);
            } else {
                try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(unfinished, StandardCharsets.UTF_8))) {
                    write(answers, out);
                }
            }
            Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private boolean isParquet() {
        return input != null && Parquet.isNamed(input);
    }

    private void write(Answers answers, PrintWriter out) throws IOException {
        if (isParquet()) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "give a file for the answered Parquet with --output");
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
                out.println(Rows.cell(rows.get(i)) + "\t" + String.join("\t", cells(decisions.get(i))));
            }
        }
        if (input != null) {
            copyRows(answers, out);
        }
        if (out.checkError()) {
            throw new IOException("the answers cannot be written");
        }
        requireWorks();
    }

    private void requireWorks() throws IOException {
        if (counts.works() == 0) {
            throw new IOException("there was nothing to check");
        }
    }

    private void copyParquet(Path from, Path to, Answers answers) throws IOException {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        if (!works.isEmpty()) {
            throw new ParameterException(line, "give works or a Parquet file, and not both");
        }
        try (Parquet table = Parquet.open(from, column);
                Progress progress = new Progress(line.getErr(), "rows", table.rows())) {
            table.copy(to, block -> {
                List<List<String>> cells =
                        answers.of(block).stream().map(this::cells).toList();
                progress.add(cells.size());
                return cells;
            });
        } catch (IllegalArgumentException unknown) {
            throw new ParameterException(line, String.valueOf(unknown.getMessage()));
        }
        requireWorks();
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
        try (Progress progress = progress(name);
                InputStream in = progress.counting(Files.newInputStream(Path.of(name)))) {
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
        List<Decision> decisions =
                answers.of(documents.stream().map(Check::subjects).toList());
        for (int i = 0; i < documents.size(); i++) {
            Warc.Document one = documents.get(i);
            String hash = Objects.requireNonNullElse(one.sha256(), "");
            out.println(Rows.cell(one.address()) + "\t" + hash + "\t" + String.join("\t", cells(decisions.get(i))));
        }
    }

    private static List<String> subjects(Warc.Document document) {
        boolean isReadable = Rows.isReadable(document.address()) && !Rows.hasControls(document.address());
        return isReadable && document.sha256() != null
                ? List.of(document.address(), "sha256:" + document.sha256())
                : Rows.UNREADABLE;
    }

    private Progress progress(String name) throws IOException {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        return new Progress(err, "bytes", name.equals("-") ? -1 : Files.size(Path.of(name)));
    }

    private void copyRows(Answers answers, PrintWriter out) throws IOException {
        String name = Objects.requireNonNull(input);
        if (Warc.isNamed(name)) {
            copyDocuments(name, answers, out);
            return;
        }
        try (Progress progress = progress(name);
                InputStream in = progress.counting(name.equals("-") ? System.in : Files.newInputStream(Path.of(name)));
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            reader.mark(1);
            boolean isJson = reader.read() == '{';
            reader.reset();
            // A quotation mark in a line of JSON may be escaped, and then none closes it.
            String row = Rows.line(reader, !isJson && (Rows.isTable(name) || column != null));
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
            out.println(
                    block.get(i).isEmpty()
                            ? form.copied(rows.get(i))
                            : form.with(rows.get(i), cells(decisions.get(at++))));
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
        counts.add(decision);
        allAllowed &= decision.allowed();
        learned &= decision.isAnswer() || decision.reason() == Decision.Reason.UNREADABLE;
        String matched = decision.matched();
        return List.of(
                decision.word(),
                decision.reason().wireName(),
                matched == null ? "" : matched,
                decision.checkedAt().toString(),
                Long.toString(decision.position()));
    }

    /** Prints how many works have which answer, and writes the report. */
    private void report(Set<Use> asked, String place, @Nullable Ed25519Signer signer) throws IOException {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        err.printf("%,d works checked%n", counts.works());
        counts.answers().forEach((answer, count) -> err.printf("  %-32s %,12d%n", answer, count));
        if (report != null) {
            counts.write(report, asked, place, signer);
        }
        if (signer != null) {
            err.println("The report is signed. Its verifier key is "
                    + signer.verifier().verifierKey());
        }
        err.flush();
    }
}
