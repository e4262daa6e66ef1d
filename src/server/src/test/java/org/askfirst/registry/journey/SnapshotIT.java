package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.askfirst.client.Decision;
import org.askfirst.client.FilterCopy;
import org.askfirst.client.OnlineRegistry;
import org.askfirst.client.Ranges;
import org.askfirst.client.Refusal;
import org.askfirst.client.RefusedException;
import org.askfirst.client.Snapshot;
import org.askfirst.client.SnapshotSource;
import org.askfirst.client.command.AskFirst;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Draft;
import org.askfirst.verdict.Use;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * A crawler takes the snapshot of a running registry as static files, and asks it in Java, Python and JavaScript. All
 * three decide as the service does, also after changes, and all three refuse a copy that was changed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SnapshotIT {
    private static final int WORKS = 6_000;
    private static final int QUESTIONS = 20_000;
    private static final int TOGETHER = 10_000;

    /** Test subjects with a verdict. */
    private static final List<String> TESTS = List.of("allow", "ask", "terms", "deny", "mixed", "unknown", "none");

    private static final int ASKED_BY_RANGE = 1_000;
    private static final Pattern KEY = Pattern.compile("afk_[0-9a-z]{59}");
    private static final Pattern ID = Pattern.compile("d_[0-9a-z]{26}");
    private static final Path CLIENTS = Path.of("..", "clients");
    private static final Set<Use> USES = Set.of(Use.AI_TRAINING, Use.AI_INPUT);

    private final Service service = Service.inEmptyFolder().onNewestJava().with("ASKFIRST_SNAPSHOT_EVERY", "1S");
    private final ObjectMapper json = new ObjectMapper();
    private final Random random = new Random(20_261_130);
    private final List<List<String>> questions = new ArrayList<>();
    private final List<String> declarations = new ArrayList<>();
    private final StringWriter printed = new StringWriter();
    private final StringWriter errors = new StringWriter();
    private String party = "";

    @TempDir
    static Path home = Path.of("");

    @BeforeAll
    void declare() {
        service.start();
        for (int i = 0; i < 3; i++) {
            party = open("하늘 " + i);
            batch(i);
        }
        for (int i = 0; i < QUESTIONS; i++) {
            questions.add(question(i));
        }
    }

    @AfterAll
    void close() {
        service.close();
    }

    private String open(String name) {
        Matcher key = KEY.matcher(
                post("/v1/parties", "application/json", Bodies.text(Map.of("name", name, "kind", "creator"))));
        assertTrue(key.find());
        return key.group();
    }

    private String post(String path, String type, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.uri(path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!party.isEmpty()) {
            request.header("Authorization", "Bearer " + party);
        }
        return service.send(request).body();
    }

    /** Declares every third work, with every stance, with and without somebody to ask. */
    private void batch(int which) {
        List<Draft> lines = new ArrayList<>();
        for (int work = which; work < WORKS; work += 3) {
            Draft draft = switch (work % 4) {
                case 0 -> Draft.reserved("text-and-data-mining");
                case 1 -> Draft.reserved("ai-training").permitting("ai-input");
                case 2 -> Draft.permitted("ai-training");
                default -> Draft.permittedWithTerms("ai-training").reserving("search-indexing");
            };
            if (work % 4 == 3 || work % 5 == 0) {
                draft = draft.with(Draft.terms().contact("mailto:rights@haneul.example"));
            }
            lines.add(draft.of(subject(work)));
        }
        String answers = post("/v1/declarations/batch", "application/x-ndjson", Bodies.lines(lines));
        Matcher id = ID.matcher(answers);
        int before = declarations.size();
        while (id.find()) {
            if (!declarations.contains(id.group())) {
                declarations.add(id.group());
            }
        }
        assertEquals(WORKS / 3, declarations.size() - before, () -> answers.substring(0, 2_000));
    }

    private static String subject(int work) {
        return switch (work % 6) {
            case 0 -> "url:https://" + host(work) + "/art/" + work + ".png";
            case 1 -> "url:https://www." + host(work) + "/view?id=" + work + "&lang=ko";
            case 2 -> "isbn:" + isbn(work);
            case 3 -> "doi:10." + (1000 + work % 50) + "/work." + work;
            case 4 -> "sha256:" + String.format(Locale.ROOT, "%064x", 7L * work + 1);
            default -> "account:instagram:artist_" + work;
        };
    }

    private static String host(int work) {
        return "gallery" + work % 40 + ".example.com";
    }

    private static String isbn(int work) {
        String head = String.format(Locale.ROOT, "97889%07d", work);
        int sum = 0;
        for (int i = 0; i < head.length(); i++) {
            sum += (head.charAt(i) - '0') * (i % 2 == 0 ? 1 : 3);
        }
        return head + (10 - sum % 10) % 10;
    }

    /** Returns a work that is declared, one beside it, another spelling, several names of one, or nonsense. */
    private List<String> question(int number) {
        int work = random.nextInt(2 * WORKS);
        String subject = subject(work);
        return switch (number % 8) {
            case 0 ->
                List.of(subject
                        + (subject.startsWith("url:") ? (subject.contains("?") ? "&" : "?") + "utm_source=x" : ""));
            case 1 ->
                List.of(subject.replace("https://www.", "https://m.").replace("https://gallery", "http://www.gallery"));
            case 2 -> List.of(subject, subject(random.nextInt(WORKS)));
            case 3 -> List.of("url:https://www.instagram.com/artist_" + work + "/?igsh=abc");
            case 4 -> List.of("url:https://" + host(work) + "/ART/" + work + ".png#top");
            case 5 ->
                switch (number % 80) {
                    case 5 -> List.of("isbn:9788900000000");
                    case 13 -> List.of("url:https://" + TESTS.get(number / 80 % TESTS.size()) + ".askfirst.example/x");
                    case 21 -> List.of("domain:allow.askfirst.example", subject);
                    default -> List.of("doi:10.9999/none." + number);
                };
            default -> List.of(subject);
        };
    }

    private Map<Integer, String> service() throws IOException {
        Map<Integer, String> verdicts = new TreeMap<>();
        for (int from = 0; from < questions.size(); from += TOGETHER) {
            ObjectNode body = json.createObjectNode();
            ArrayNode items = body.putArray("items");
            for (int i = from; i < Math.min(questions.size(), from + TOGETHER); i++) {
                items.addObject().put("id", String.valueOf(i)).set("subjects", json.valueToTree(questions.get(i)));
            }
            body.set("uses", json.valueToTree(USES.stream().map(Use::wireName).toList()));
            JsonNode answers = json.readTree(post("/v1/lookups?detail=verdict", "application/json", body.toString()));
            for (JsonNode answer : answers.path("answers")) {
                verdicts.put(
                        answer.path("id").asInt(),
                        answer.has("problem")
                                ? "unreadable"
                                : answer.path("verdict").asText());
            }
        }
        assertEquals(QUESTIONS, verdicts.size());
        return verdicts;
    }

    private Map<Integer, String> decided(List<Decision> decisions) {
        Map<Integer, String> verdicts = new TreeMap<>();
        for (int i = 0; i < decisions.size(); i++) {
            Decision decision = decisions.get(i);
            assertNotEquals(Decision.Reason.UNREACHABLE, decision.reason());
            verdicts.put(
                    i,
                    decision.reason() == Decision.Reason.UNREADABLE
                            ? "unreadable"
                            : decision.verdict().wireName());
        }
        return verdicts;
    }

    /** Runs a client in another language over the questions. */
    private String run(Path folder, boolean succeeds, String... command) throws IOException {
        Path asked = home.resolve("questions.jsonl");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < questions.size(); i++) {
            lines.append(json.writeValueAsString(Map.of(
                            "id",
                            String.valueOf(i),
                            "subjects",
                            questions.get(i),
                            "uses",
                            USES.stream().map(Use::wireName).toList())))
                    .append('\n');
        }
        Files.writeString(asked, lines);
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(List.of(
                folder.toAbsolutePath().toString(),
                key(),
                asked.toAbsolutePath().toString()));
        Path out = home.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectOutput(out.toFile())
                .redirectError(home.resolve("err").toFile());
        builder.environment()
                .put(
                        "PYTHONPATH",
                        CLIENTS.resolve("python").resolve("src").toAbsolutePath() + ":"
                                + CLIENTS.resolve("python").toAbsolutePath());
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(5, TimeUnit.MINUTES), "it ends");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
        String errors = Files.readString(home.resolve("err"));
        assertEquals(succeeds, process.exitValue() == 0, errors);
        return Files.readString(out) + errors;
    }

    private Map<Integer, String> answersOf(Path folder, String... command) throws IOException {
        Map<Integer, String> verdicts = new TreeMap<>();
        for (String line : run(folder, true, command).lines().toList()) {
            if (line.startsWith("{")) {
                JsonNode answer = json.readTree(line);
                verdicts.put(
                        answer.path("id").asInt(),
                        answer.path("reason").asText("").equals("unreadable")
                                ? "unreadable"
                                : answer.path("verdict").asText());
            }
        }
        return verdicts;
    }

    private static String[] python() {
        return new String[] {"python3", "-m", "askfirst.conformance"};
    }

    private static String[] javaScript() {
        return new String[] {
            "node",
            CLIENTS.resolve("javascript")
                    .resolve("bin")
                    .resolve("conformance.js")
                    .toAbsolutePath()
                    .toString()
        };
    }

    private String key() {
        return service.send(HttpRequest.newBuilder(service.uri("/log/verifier-key")))
                .body()
                .strip();
    }

    private Path folder() {
        return service.folder().resolve("data").resolve("snapshot");
    }

    /** Waits until the catalogue reaches the end of the ledger. */
    private void awaitSnapshot() throws IOException {
        long end = Long.parseLong(service.send(HttpRequest.newBuilder(service.uri("/v1/changes?after=now")))
                .headers()
                .firstValue("Askfirst-Position")
                .orElseThrow());
        long reached = -1;
        for (int i = 0; i < 300 && reached < end; i++) {
            Service.pause();
            HttpResponse<String> catalog = service.send(HttpRequest.newBuilder(service.uri("/snapshot/catalog.json")));
            if (catalog.statusCode() == 200) {
                reached = json.readTree(catalog.body())
                        .path("catalog")
                        .path("position")
                        .asLong();
            }
        }
        assertEquals(end, reached, "the snapshot follows the ledger");
    }

    private void assertAllAgree(Snapshot snapshot) throws IOException {
        Map<Integer, String> expected = service();
        Map<String, Integer> counts = new TreeMap<>();
        expected.values().forEach(verdict -> counts.merge(verdict, 1, Integer::sum));
        System.out.println("The service's verdicts: " + counts);
        assertEquals(Set.of("allow", "ask", "deny", "unknown", "unreadable").size(), counts.size() + missing(counts));
        assertTrue(counts.getOrDefault("ask", 0) > 1_000 && counts.getOrDefault("deny", 0) > 1_000, counts::toString);
        assertSame(expected, decided(snapshot.decideAll(questions, USES)), "Java");
        assertSame(expected, decided(online().decideAll(questions, USES)), "Java, online");
        assertSame(expected, answersOf(folder(), python()), "Python");
        assertSame(expected, answersOf(folder(), javaScript()), "JavaScript");
    }

    /** Nobody's permission counts here: no site is proved. */
    private static int missing(Map<String, Integer> counts) {
        return counts.containsKey("allow") ? 0 : 1;
    }

    private OnlineRegistry online() {
        return new OnlineRegistry(URI.create("http://localhost:" + service.port()), null);
    }

    private void assertSame(Map<Integer, String> expected, Map<Integer, String> actual, String client) {
        Map<String, String> differences = new LinkedHashMap<>();
        expected.forEach((id, verdict) -> {
            if (!verdict.equals(actual.get(id)) && differences.size() < 10) {
                differences.put(questions.get(id).toString(), verdict + ", not " + actual.get(id));
            }
        });
        assertEquals(Map.of(), differences, client);
        assertEquals(expected.size(), actual.size(), client);
    }

    @Test
    @Order(1)
    void threeClientsDecideAsTheServiceDoes() throws IOException, RefusedException {
        awaitSnapshot();
        Snapshot snapshot = Snapshot.open(home.resolve("copy"), key());
        snapshot.update(SnapshotSource.of(service.uri("/snapshot/").toString()), file -> {});
        assertAllAgree(snapshot);
    }

    @Test
    @Order(2)
    void alsoAfterChanges() throws IOException, RefusedException {
        Snapshot snapshot = Snapshot.open(home.resolve("copy"), key());
        long before = Objects.requireNonNull(snapshot.catalog()).position();
        for (int i = 0; i < declarations.size() / 100; i++) {
            // The last party withdraws some of its declarations, and declares others.
            HttpResponse<String> withdrawn = service.send(HttpRequest.newBuilder(
                            service.uri("/v1/declarations/" + declarations.get(declarations.size() - 1 - i)))
                    .header("Authorization", "Bearer " + party)
                    .DELETE());
            assertEquals(200, withdrawn.statusCode(), withdrawn.body());
        }
        post(
                "/v1/declarations",
                "application/json",
                Draft.reserved("text-and-data-mining")
                        .of(subject(WORKS + 1), subject(WORKS + 2))
                        .toString());
        awaitSnapshot();
        List<String> fetched = new ArrayList<>();
        snapshot.update(SnapshotSource.of(service.uri("/snapshot/").toString()), file -> fetched.add(file.path()));
        assertTrue(Objects.requireNonNull(snapshot.catalog()).position() > before);
        assertTrue(fetched.stream().allMatch(path -> path.startsWith("deltas/")), fetched::toString);
        assertAllAgree(snapshot);
    }

    @Test
    @Order(3)
    void filtersAndRangesDecideAsTheServiceDoes() throws IOException, RefusedException {
        FilterCopy filters = FilterCopy.open(home.resolve("filters"), key());
        List<String> fetched = new ArrayList<>();
        filters.update(SnapshotSource.of(service.uri("/snapshot/").toString()), file -> fetched.add(file.path()));
        assertTrue(fetched.stream().allMatch(path -> path.endsWith(".filter")), fetched::toString);
        Map<Integer, String> expected = service();
        expected.keySet().removeIf(id -> id >= ASKED_BY_RANGE);
        Ranges ranges = new Ranges(URI.create("http://localhost:" + service.port()), null);
        assertSame(expected, decided(filters.decideAll(questions.subList(0, ASKED_BY_RANGE), USES, ranges)), "filters");
    }

    @Test
    @Order(4)
    void filesComeInPartsAndStayTheSame() throws IOException {
        JsonNode release = json.readTree(service.send(HttpRequest.newBuilder(service.uri("/snapshot/catalog.json")))
                        .body())
                .path("catalog")
                .path("releases")
                .path(0);
        URI address = service.uri("/snapshot/" + release.path("path").asText());
        HttpResponse<String> part = service.send(HttpRequest.newBuilder(address).header("Range", "bytes=0-7"));
        assertEquals(206, part.statusCode());
        assertEquals("AskFirst", part.body());
        assertEquals(
                "bytes 0-7/" + release.path("bytes").asLong(),
                part.headers().firstValue("Content-Range").orElse(""));
        assertTrue(part.headers().firstValue("Cache-Control").orElse("").contains("immutable"));
        for (String range :
                List.of("bytes=-8", "bytes=8-", "bytes=99999999999-", "bytes=9-2", "lines=1-2", "bytes=-")) {
            int status = service.send(HttpRequest.newBuilder(address).header("Range", range))
                    .statusCode();
            assertEquals(range.equals("bytes=-8") || range.equals("bytes=8-") ? 206 : 200, status, range);
        }
        String filter = release.path("filter").path("path").asText();
        String content = service.send(HttpRequest.newBuilder(service.uri("/snapshot/" + filter)))
                .body();
        assertTrue(content.startsWith("AskFiltr"));
        for (String path : List.of(
                "/snapshot/releases/999999999999.segment",
                "/snapshot/releases/999999999999.filter",
                "/snapshot/deltas/1.filter",
                "/snapshot/deltas/1.segment",
                "/snapshot/log.key",
                "/snapshot/")) {
            assertEquals(
                    404, service.send(HttpRequest.newBuilder(service.uri(path))).statusCode(), path);
        }
    }

    /** A photographer declares a folder of files with the command, and a crawler finds them by their content. */
    @Test
    @Order(5)
    void aFolderIsDeclaredByTheCommand() throws IOException {
        Path pictures = Files.createDirectories(home.resolve("pictures"));
        Files.writeString(pictures.resolve("봄.jpg"), "a picture of spring");
        Files.writeString(pictures.resolve("여름.jpg"), "a picture of summer");
        String registry = "http://localhost:" + service.port();
        String[] declare = {
            "declare",
            "--online",
            registry,
            "--api-key",
            party,
            "--stance",
            "reserved",
            "--contact",
            "mailto:rights@haneul.example",
            pictures.toString()
        };
        assertEquals(0, command(declare), errors::toString);
        assertTrue(printed.toString().contains("봄.jpg\tdeclared\td_"), printed::toString);
        assertEquals(0, command(declare), errors::toString);
        assertTrue(printed.toString().contains("봄.jpg\tas before\td_"), printed::toString);
        assertEquals(1, command("check", "--online", registry, pictures.toString()), errors::toString);
        assertEquals(
                2,
                printed.toString()
                        .lines()
                        .filter(line -> line.contains("\task\tdeclared\t"))
                        .count(),
                printed::toString);
        declare[4] = party.substring(0, party.length() - 1);
        assertEquals(3, command(declare));
        assertTrue(errors.toString().contains("401"), errors::toString);
    }

    private int command(String... arguments) {
        printed.getBuffer().setLength(0);
        errors.getBuffer().setLength(0);
        CommandLine command = AskFirst.command();
        command.setOut(new PrintWriter(printed, true));
        command.setErr(new PrintWriter(errors, true));
        return command.execute(arguments);
    }

    @Test
    @Order(6)
    void aCommandWritesTheSameBesideTheService() throws IOException, RefusedException {
        Path other = home.resolve("written");
        Service beside = service.another().onNewestJava();
        assertEquals(0, beside.run("snapshot", other.toAbsolutePath().toString()), beside::errors);
        Snapshot snapshot = Snapshot.open(home.resolve("copy-of-written"), key());
        snapshot.update(SnapshotSource.of(other.toString()), file -> {});
        assertSame(service(), decided(snapshot.decideAll(questions, USES)), "the command's snapshot");
    }

    @Test
    @Order(7)
    void allThreeRefuseWhatWasChanged() throws IOException, RefusedException {
        Path changed = home.resolve("changed");
        try (Stream<Path> files = Files.walk(folder())) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = changed.resolve(folder().relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        JsonNode catalog =
                json.readTree(changed.resolve("catalog.json").toFile()).path("catalog");
        Path release =
                changed.resolve(catalog.path("releases").path(0).path("path").asText());
        byte[] bytes = Files.readAllBytes(release);
        bytes[bytes.length / 2] ^= 1;
        Files.write(release, bytes);
        assertRefused(changed, Refusal.TAMPERED);
        Files.write(release, Arrays.copyOf(bytes, bytes.length - 100));
        assertRefused(changed, Refusal.TRUNCATED);
        String text = Files.readString(changed.resolve("catalog.json"), StandardCharsets.UTF_8);
        Files.writeString(changed.resolve("catalog.json"), text.replaceFirst("\"expiresAt\":\"2", "\"expiresAt\":\"3"));
        assertRefused(changed, Refusal.BAD_SIGNATURE);
    }

    private void assertRefused(Path folder, Refusal refusal) throws IOException, RefusedException {
        Snapshot snapshot = Snapshot.open(home.resolve("of-" + refusal.wireName()), key());
        RefusedException refused = assertThrows(
                RefusedException.class, () -> snapshot.update(SnapshotSource.of(folder.toString()), file -> {}));
        assertEquals(refusal, refused.refusal());
        assertTrue(run(folder, false, python()).contains(refusal.wireName()), "Python: " + refusal);
        assertTrue(run(folder, false, javaScript()).contains(refusal.wireName()), "JavaScript: " + refusal);
    }
}
