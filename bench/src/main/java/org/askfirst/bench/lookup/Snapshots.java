package org.askfirst.bench.lookup;

import static org.askfirst.bench.harness.Report.decimal;
import static org.askfirst.bench.harness.Report.number;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.askfirst.bench.harness.Exchange;
import org.askfirst.bench.harness.Machine;
import org.askfirst.bench.harness.Report;
import org.askfirst.bench.harness.Server;
import org.askfirst.bench.lookup.Lookup.Plan;
import org.askfirst.catalog.Catalog;
import org.askfirst.catalog.SnapshotFile;
import org.askfirst.catalog.SnapshotFolder;
import org.askfirst.client.Decision;
import org.askfirst.client.Snapshot;
import org.askfirst.client.SnapshotSource;
import org.askfirst.index.IndexChange;
import org.askfirst.index.LookupIndex;
import org.askfirst.index.Match;
import org.askfirst.subject.Subject;
import org.askfirst.tlog.Checkpoint;
import org.askfirst.tlog.Ed25519Signer;
import org.askfirst.tlog.Hash;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.askfirst.verdict.Verdicts;

/**
 * A snapshot of many keys as static files, the changes of one per cent of the works, and the verdicts of the clients in
 * three languages beside those of the index.
 */
final class Snapshots {
    private static final int QUESTIONS = 100_000;
    private static final int TOGETHER = 1_000;
    private static final int GROUP = 2_000;
    private static final int PART_CHANGED = 100;
    private static final double NANOS = 1e9;
    private static final List<Use> ASKED = List.of(Use.AI_TRAINING);
    private static final String HASH = "00".repeat(32);
    private static final Pattern ANSWER = Pattern.compile("\"id\": ?\"?([0-9]+)\"?, ?\"verdict\": ?\"([a-z]+)\"");
    private static final Hash NO_ROOT = Hash.of(new byte[32]);
    private static final Path CLIENTS = Path.of("src", "clients");

    private final Plan plan;
    private final Report report;
    private final List<List<String>> rows = new ArrayList<>();
    private final Ed25519Signer signer;
    private final Path published;
    private Duration age = Duration.ZERO;

    Snapshots(Plan plan, Report report) throws Exception {
        this.plan = plan;
        this.report = report;
        this.published = plan.folder().resolve("snapshot");
        KeyPair key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        this.signer = Ed25519Signer.of(Build.LEDGER, key.getPrivate());
    }

    void run() throws Exception {
        long size = plan.served();
        Path folder = plan.folder().resolve("index-of-snapshot");
        Machine.delete(folder);
        Machine.java(Build.class, List.of("-Xmx512m"), folder, size, plan.urls());
        Works works = Works.of(plan.urls());
        List<String> questions = new ArrayList<>(QUESTIONS);
        for (long i = 0; i < QUESTIONS; i++) {
            questions.add(works.asked(i, size, false));
        }
        rows.add(List.of("step", "seconds", "what"));
        try (LookupIndex index = LookupIndex.open(folder, Build.LEDGER);
                SnapshotFolder files = new SnapshotFolder(
                        published,
                        Duration.ofDays(1),
                        Duration.ofDays(1),
                        reason -> Machine.say("  anew: " + reason))) {
            Catalog first = timed("write a release", () -> publish(files, index), catalog -> bytes(catalog, index));
            Snapshot copy = Snapshot.open(plan.folder().resolve("copy"), key());
            timed("fetch and check it, Java", () -> update(copy), catalog -> "from a folder");
            compare("the release", copy, index, questions, first);

            long changed = change(index, works, size);
            Catalog second = timed(
                    "write the changes of 1 % of the works",
                    () -> publish(files, index),
                    catalog -> bytes(catalog.deltas().get(catalog.deltas().size() - 1), changed, "changed works"));
            timed("follow them, Java", () -> update(copy), catalog -> "position " + catalog.position());
            compare("the changes", copy, index, questions, second);
            Path mirrored = plan.folder().resolve("mirror");
            mirror("a mirror's first answer, from an empty folder", mirrored, works);
            mirror("a mirror's first answer, from its copy", mirrored, works);
            refused(second);
        }
        report.section("The snapshot, in three languages");
        report.add(String.format(
                Locale.ROOT,
                "%,d declared works, %,d questions, in process and from static files.%n",
                size,
                QUESTIONS));
        report.table(rows);
    }

    private interface Step<T> {
        T run() throws Exception;
    }

    private interface Told<T> {
        String of(T result) throws Exception;
    }

    private <T> T timed(String name, Step<T> step, Told<T> told) throws Exception {
        long start = System.nanoTime();
        T result = step.run();
        rows.add(List.of(name, decimal((System.nanoTime() - start) / NANOS), told.of(result)));
        return result;
    }

    private String key() {
        return signer.verifier().toString();
    }

    private Catalog publish(SnapshotFolder files, LookupIndex index) throws IOException {
        return files.publish(
                index.cut(),
                Instant.now().minus(age),
                catalog -> new Checkpoint(catalog.log(), catalog.position(), NO_ROOT, List.of(catalog.noteLine()))
                        .sign(List.of(signer))
                        .toString());
    }

    private static String bytes(Catalog catalog, LookupIndex index) {
        return bytes(catalog.releases().get(0), index.view().keys(), "keys");
    }

    /** Says how long a file and its filter are, for each key. */
    private static String bytes(SnapshotFile file, long count, String what) {
        long filter = Objects.requireNonNull(file.filter()).bytes();
        return String.format(
                Locale.ROOT,
                "%,d bytes, %.1f for each of %,d %s; filter %,d bytes, %.2f",
                file.bytes(),
                (double) file.bytes() / count,
                count,
                what,
                filter,
                (double) filter / count);
    }

    private Catalog update(Snapshot copy) throws Exception {
        return copy.update(SnapshotSource.of(published.toString()), file -> {});
    }

    /** Measures the time from the start of the process to the first verdict. */
    private void mirror(String name, Path folder, Works works) throws Exception {
        Files.createDirectories(folder);
        long start = System.nanoTime();
        try (Server mirror = Server.service(
                        folder,
                        plan.options(),
                        Map.of(
                                "ASKFIRST_MIRROR_SOURCE",
                                        published.toAbsolutePath().toString(),
                                "ASKFIRST_MIRROR_KEY", key()));
                Exchange asker = new Exchange(mirror.port())) {
            // The changes declare it.
            String asked = "/v1/lookup?detail=verdict&use=" + ASKED.get(0).wireName() + "&subject="
                    + URLEncoder.encode(works.declared(plan.served() + 2), StandardCharsets.UTF_8);
            String answer = asker.ask("GET", asked, null, null, "").text();
            while (!answer.contains("\"verdict\":\"")) {
                Thread.sleep(5);
                answer = asker.ask("GET", asked, null, null, "").text();
            }
            double seconds = (System.nanoTime() - start) / NANOS;
            if (answer.contains(Verdict.UNKNOWN.wireName())) {
                throw new IllegalStateException("the mirror does not know a declared work: " + answer);
            }
            rows.add(List.of(
                    name,
                    decimal(seconds),
                    "the service's process, " + decimal(mirror.startSeconds()) + " s until it says that it is ready"));
        }
    }

    /** Half of the changed works are new; of the others, another party reserves a half and the party ends a half. */
    private static long change(LookupIndex index, Works works, long size) {
        long count = size / PART_CHANGED;
        long position = index.view().position();
        List<IndexChange> changes = new ArrayList<>(GROUP);
        for (long i = 0; i < count; i++) {
            position++;
            long old = i * PART_CHANGED;
            changes.add(
                    switch ((int) (i % 4)) {
                        case 0 ->
                            new IndexChange.Ended(Subject.parse(works.declared(old)), Build.position(old), position);
                        case 1 ->
                            new IndexChange.Kept(
                                    Subject.parse(works.declared(old)), Build.posting(old + Build.WORKS, position));
                        default ->
                            new IndexChange.Kept(
                                    Subject.parse(works.declared(size + i)), Build.posting(size + i, position));
                    });
            if (changes.size() == GROUP || i == count - 1) {
                index.apply(changes, position, HASH);
                changes = new ArrayList<>(GROUP);
            }
        }
        return count;
    }

    private static Map<Integer, String> byIndex(LookupIndex index, List<String> questions) {
        List<Subject> subjects = new ArrayList<>();
        questions.forEach(question -> subjects.add(Subject.parse(question)));
        Map<Integer, String> verdicts = new HashMap<>();
        int at = 0;
        for (List<Match> matches : index.view().reaching(subjects)) {
            verdicts.put(
                    at++,
                    Verdicts.of(matches.stream().map(Match::statement).toList(), ASKED, Instant.now())
                            .verdict()
                            .wireName());
        }
        return verdicts;
    }

    private void compare(String when, Snapshot copy, LookupIndex index, List<String> questions, Catalog catalog)
            throws Exception {
        Map<Integer, String> expected = byIndex(index, questions);
        long known = expected.values().stream()
                .filter(verdict -> !verdict.equals(Verdict.UNKNOWN.wireName()))
                .count();
        if (known < QUESTIONS / 20) {
            throw new IllegalStateException("too few works are declared: " + known);
        }
        same("Java, after " + when, expected, () -> {
            Map<Integer, String> verdicts = new HashMap<>();
            for (int from = 0; from < QUESTIONS; from += TOGETHER) {
                List<List<String>> asked = new ArrayList<>(TOGETHER);
                questions.subList(from, from + TOGETHER).forEach(one -> asked.add(List.of(one)));
                for (Decision decision : copy.decideAll(asked, ASKED)) {
                    verdicts.put(verdicts.size(), decision.verdict().wireName());
                }
            }
            return verdicts;
        });
        Path asked = plan.folder().resolve("questions.jsonl");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < QUESTIONS; i++) {
            lines.append("{\"id\":\"").append(i).append("\",\"subjects\":[\"").append(questions.get(i));
            lines.append("\"],\"uses\":[\"").append(ASKED.get(0).wireName()).append("\"]}\n");
        }
        Files.writeString(asked, lines);
        for (String client : List.of("Python", "JavaScript")) {
            same(client + ", after " + when + ", with its start and copy", expected, () -> {
                String printed = printed(client, asked);
                Map<Integer, String> verdicts = new HashMap<>();
                for (Matcher answer = ANSWER.matcher(printed); answer.find(); ) {
                    verdicts.put(Integer.valueOf(answer.group(1)), answer.group(2));
                }
                return verdicts;
            });
        }
        Machine.say("  compared at position " + catalog.position());
    }

    private void same(String client, Map<Integer, String> expected, Step<Map<Integer, String>> asking)
            throws Exception {
        long start = System.nanoTime();
        Map<Integer, String> found = asking.run();
        double seconds = (System.nanoTime() - start) / NANOS;
        long different = expected.entrySet().stream()
                .filter(one -> !Objects.equals(one.getValue(), found.get(one.getKey())))
                .count();
        if (different > 0 || found.size() != expected.size()) {
            throw new IllegalStateException(
                    client + " gives " + different + " other verdicts, of " + found.size() + " answers");
        }
        rows.add(List.of(
                number((long) QUESTIONS) + " verdicts: " + client,
                decimal(seconds),
                "0 differences, " + number(QUESTIONS / seconds) + "/s"));
    }

    /** Returns what the client printed; its exit status if it refused. */
    private String printed(String client, Path asked) throws Exception {
        List<String> command = client.equals("Python")
                ? List.of("python3", "-m", "askfirst.conformance")
                : List.of(
                        "node", CLIENTS.resolve("javascript/bin/conformance.js").toString());
        Path out = plan.folder().resolve("answers");
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(
                        command.stream(), Stream.of(published.toAbsolutePath().toString(), key(), asked.toString()))
                .toList());
        builder.environment()
                .put("PYTHONPATH", CLIENTS.resolve("python").toAbsolutePath().toString());
        Process process = builder.redirectOutput(out.toFile())
                .redirectError(plan.folder().resolve("errors").toFile())
                .start();
        int status = process.waitFor();
        String text = Files.readString(out, StandardCharsets.UTF_8);
        return status == 0 ? text : "refused " + status + " " + text;
    }

    /** A catalogue of two days ago, and a file in which one byte is another: nobody answers from them. */
    private void refused(Catalog catalog) throws Exception {
        Path asked = plan.folder().resolve("questions.jsonl");
        Path json = published.resolve(Catalog.FILE);
        String current = Files.readString(json);
        Catalog old = new Catalog(
                catalog.log(),
                catalog.position(),
                catalog.issuedAt().minus(Duration.ofDays(2)),
                catalog.expiresAt().minus(Duration.ofDays(2)),
                catalog.minimumClient(),
                catalog.rules(),
                catalog.releases(),
                catalog.deltas());
        Files.writeString(
                json,
                old.with(new Checkpoint(old.log(), old.position(), NO_ROOT, List.of(old.noteLine()))
                                .sign(List.of(signer))
                                .toString())
                        .json());
        assertRefused("frozen", asked);
        Files.writeString(json, current);
        Path delta = published.resolve(
                catalog.deltas().get(catalog.deltas().size() - 1).path());
        byte[] bytes = Files.readAllBytes(delta);
        bytes[bytes.length / 2] ^= 1;
        Files.write(delta, bytes);
        assertRefused("tampered", asked);
    }

    private void assertRefused(String how, Path asked) throws Exception {
        for (String client : List.of("Python", "JavaScript")) {
            String printed = printed(client, asked);
            if (!printed.startsWith("refused") || printed.contains("verdict")) {
                throw new IllegalStateException(client + " answers from a " + how + " folder");
            }
        }
        try {
            update(Snapshot.open(plan.folder().resolve("copy-" + how), key()));
            throw new IllegalStateException("Java answers from a " + how + " folder");
        } catch (org.askfirst.client.RefusedException refused) {
            rows.add(List.of("a " + how + " folder", "", "refused by all three; Java says: " + refused.getMessage()));
        }
    }
}
