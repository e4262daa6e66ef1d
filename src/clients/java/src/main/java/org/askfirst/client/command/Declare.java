package org.askfirst.client.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.askfirst.json.CanonicalJson;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code askfirst declare}: declares files by their hashes. The files stay here. */
@Command(
        name = "declare",
        description = {
            "Declares your own files by the hashes of their content. The files are not sent; their names become titles.",
            "What was declared before is not declared again, so the command can be repeated."
        },
        mixinStandardHelpOptions = true)
final class Declare implements Callable<Integer> {
    private static final int TOGETHER = 1_000;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofMinutes(5);
    private static final int OK = 200;

    @Option(names = "--online", required = true, description = "The registry, such as https://registry.example")
    private @Nullable URI online;

    @Option(names = "--api-key", description = "Your key.", defaultValue = "${env:ASKFIRST_API_KEY}")
    private @Nullable String apiKey;

    @Option(
            names = "--stance",
            required = true,
            description =
                    "reserved, permitted-with-terms or permitted. A permission counts only if your right is proved.")
    private String stance = "";

    @Option(
            names = "--use",
            description = "A use that you mean; may be repeated. Default: text-and-data-mining, which is all of them.")
    private List<String> uses = List.of("text-and-data-mining");

    @Option(names = "--contact", description = "Where people ask you, such as mailto:rights@example.com. It is public.")
    private @Nullable String contact;

    @Option(names = "--without-titles", description = "Keeps the names of the files to yourself.")
    private boolean withoutTitles;

    @Option(names = "--dry-run", description = "Checks everything and declares nothing.")
    private boolean dryRun;

    @Parameters(arity = "1..*", description = "Files and folders.", paramLabel = "FILE")
    private List<Path> files = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private long declared;
    private long before;
    private long refused;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandSpec line = Objects.requireNonNull(spec);
        if (apiKey == null || apiKey.isEmpty()) {
            throw new ParameterException(line.commandLine(), "give your key with --api-key or ASKFIRST_API_KEY");
        }
        if (Stance.named(stance).isEmpty()) {
            throw new ParameterException(line.commandLine(), "no such stance: " + stance);
        }
        for (String use : uses) {
            if (Use.named(use).isEmpty()) {
                throw new ParameterException(line.commandLine(), "no such use: " + use);
            }
        }
        List<String> all = new ArrayList<>();
        for (Path file : files) {
            all.addAll(Hashes.filesIn(file));
        }
        try (Progress progress = new Progress(line.commandLine().getErr(), "files", all.size())) {
            for (int from = 0; from < all.size(); from += TOGETHER) {
                declare(all.subList(from, Math.min(all.size(), from + TOGETHER)), progress);
            }
        }
        line.commandLine()
                .getErr()
                .printf(
                        "%,d files: %,d %s, %,d as before, %,d refused%n",
                        all.size(), declared, dryRun ? "could be declared" : "declared", before, refused);
        return refused > 0 ? AskFirst.NOT_ALLOWED : AskFirst.ALLOWED;
    }

    private void declare(List<String> some, Progress progress) throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        for (String file : some) {
            lines.append(CanonicalJson.write(body(Path.of(file)))).append('\n');
            progress.add(1);
        }
        String address = Objects.requireNonNull(online).toString();
        HttpRequest request = HttpRequest.newBuilder(URI.create((address.endsWith("/") ? address : address + "/")
                        + "v1/declarations/batch"
                        + (dryRun ? "?dryRun=true" : "")))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + apiKey)
                .header("Content-Type", "application/x-ndjson")
                .header("Accept", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(lines.toString()))
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != OK) {
            throw new IOException("the registry answered " + answer.statusCode() + ": " + answer.body());
        }
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        int answered = 0;
        for (String line : answer.body().lines().toList()) {
            Map<?, ?> one = CanonicalJson.parseObject(line);
            if (one.containsKey("continue")) {
                throw new IOException("the registry takes no more today: " + line + ". Repeat the command later");
            }
            String file = some.get(answered++);
            if (one.get("problem") instanceof Map<?, ?> problem) {
                refused++;
                out.println(file + "\trefused\t" + problem.get("detail"));
            } else {
                boolean isKnown = Boolean.TRUE.equals(one.get("alreadyDeclared"));
                declared += isKnown ? 0 : 1;
                before += isKnown ? 1 : 0;
                Object id = one.get("id");
                out.println(file + "\t" + (isKnown ? "as before" : dryRun ? "can be declared" : "declared") + "\t"
                        + (id == null ? "" : id));
            }
        }
        out.flush();
        if (answered < some.size()) {
            throw new IOException("the registry answered " + answered + " of " + some.size()
                    + " lines; repeat the command, and nothing is declared twice");
        }
    }

    private Map<String, Object> body(Path file) throws IOException {
        Map<String, Object> stances = new LinkedHashMap<>();
        uses.forEach(use -> stances.put(use, stance));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("subjects", List.of("sha256:" + Hashes.sha256(file)));
        body.put("stances", stances);
        if (contact != null) {
            body.put("terms", Map.of("contact", contact));
        }
        if (!withoutTitles) {
            body.put("work", Map.of("title", title(file)));
        }
        return body;
    }

    /** Returns the name of a file without its ending. */
    private static String title(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
