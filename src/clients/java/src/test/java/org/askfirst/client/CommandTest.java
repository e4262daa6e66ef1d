package org.askfirst.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.askfirst.client.command.AskFirst;
import org.askfirst.verdict.Stance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CommandTest {
    @TempDir
    Path home = Path.of("");

    private TestRegistry registry;
    private String out = "";
    private String err = "";

    @BeforeEach
    void start() throws IOException {
        registry = new TestRegistry(home.resolve("registry"));
        registry.declare(1, "isbn:9788936434120", Stance.RESERVED);
        registry.declare(1, "under:https://art.example/free/", Stance.PERMITTED);
        registry.prove(1, "domain:art.example");
        registry.publish(Instant.now());
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
    }

    private int run(String... arguments) {
        StringWriter printed = new StringWriter();
        StringWriter errors = new StringWriter();
        CommandLine command = AskFirst.command();
        command.setOut(new PrintWriter(printed));
        command.setErr(new PrintWriter(errors));
        int code = command.execute(arguments);
        out = printed.toString();
        err = errors.toString();
        return code;
    }

    private int onCopy(String command, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of(command, "--copy", home.resolve("copy").toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private void update() {
        assertEquals(0, onCopy("update", "--key", registry.key(), registry.folder.toString()), () -> err);
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(home.resolve(name), content).toString();
    }

    @Test
    void aWorkIsCheckedAgainstTheCopy() {
        update();
        assertEquals(0, onCopy("check", "--use", "ai-training", "https://art.example/free/1.png"), () -> err);
        assertTrue(
                out.startsWith("https://art.example/free/1.png\tallow\tdeclared\tunder:https://art.example/free/\t"),
                out);
        assertEquals(1, onCopy("check", "--use", "ai-training", "978-89-364-3412-0"));
        assertTrue(out.contains("\task\tdeclared\tisbn:9788936434120\t"), out);
        assertEquals(1, onCopy("check", "https://elsewhere.example/"));
        assertTrue(out.contains("\tunknown\tnothing-declared\t\t"), out);
        assertEquals(1, onCopy("check", "isbn:1"));
        assertTrue(out.contains("\tunknown\tunreadable\t\t"), out);
        assertTrue(err.contains("1 works checked"), err);
    }

    @Test
    void aWorkIsCheckedAgainstTheFilters() throws IOException {
        String folder = registry.serve();
        String address = folder.replace("/snapshot/", "");
        assertEquals(3, onCopy("check", "--filter", address, "--key", registry.key(), "isbn:9788936434120"));
        assertEquals(0, onCopy("update", "--filter", "--key", registry.key(), folder), () -> err);
        assertTrue(err.contains("fetching releases/000000000003.filter"), err);
        assertTrue(!err.contains(".segment"), err);
        assertEquals(0, onCopy("verify", "--filter"), () -> err);
        assertTrue(out.contains("position     3"), out);
        assertEquals(0, onCopy("check", "--filter", address, "--use", "ai-training", "https://art.example/free/1.png"));
        assertTrue(
                out.startsWith("https://art.example/free/1.png\tallow\tdeclared\tunder:https://art.example/free/\t"),
                out);
        assertEquals(1, onCopy("check", "--filter", address, "--use", "ai-training", "978-89-364-3412-0"));
        assertTrue(out.contains("\task\tdeclared\tisbn:9788936434120\t"), out);
        int asked = registry.ranges.asked.size();
        assertEquals(1, onCopy("check", "--filter", address, "https://elsewhere.example/"));
        assertTrue(out.contains("\tunknown\tnothing-declared\t\t"), out);
        assertEquals(asked, registry.ranges.asked.size(), "what is absent needs no call");
        registry.ranges.status = 404;
        assertEquals(3, onCopy("check", "--filter", address, "isbn:9788936434120"));
        assertTrue(out.contains("\tunreachable\tunreachable\t"), out);
        assertEquals(2, onCopy("check", "--filter", address, "--online", address, "isbn:9788936434120"));
        assertEquals(3, onCopy("check", "isbn:9788936434120"), "there are no segments");
    }

    @Test
    void filesAreHashedHere() throws IOException, NoSuchAlgorithmException {
        Path folder = Files.createDirectories(home.resolve("pictures/more"));
        Files.writeString(folder.resolve("a.png"), "a picture");
        Files.writeString(folder.resolveSibling("b.png"), "another");
        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest("a picture".getBytes(StandardCharsets.UTF_8)));
        registry.declare(1, "sha256:" + hash, Stance.RESERVED);
        registry.publish(Instant.now());
        update();
        assertEquals(
                1,
                onCopy("check", "--use", "ai-training", home.resolve("pictures").toString()),
                () -> err);
        List<String> rows = out.lines().toList();
        assertEquals(2, rows.size());
        assertTrue(rows.get(0).contains("b.png\tunknown\t"), out);
        assertTrue(rows.get(1).contains("a.png\task\tdeclared\tsha256:" + hash), out);
    }

    @Test
    void aTableGetsColumns() throws IOException {
        update();
        String table = file(
                "laion.csv",
                "caption,URL,sha256\n\"a, \"\"b\"\"\",https://art.example/free/1.png,\nc,https://elsewhere.example/x,\nd,,\n\n");
        assertEquals(1, onCopy("check", "--use", "ai-training", "--input", table), () -> err);
        List<String> rows = out.lines().toList();
        assertEquals(
                "caption,URL,sha256,askfirst_verdict,askfirst_reason,matched_subject,checked_at,log_size", rows.get(0));
        assertTrue(
                rows.get(1).startsWith("\"a, \"\"b\"\"\",https://art.example/free/1.png,,allow,declared,under:"), out);
        assertTrue(rows.get(2).startsWith("c,https://elsewhere.example/x,,unknown,nothing-declared,,"), out);
        assertTrue(rows.get(3).startsWith("d,,,unknown,unreadable,,"), out);
        assertEquals("", rows.get(4));
        assertTrue(err.matches("(?s).*allow \\(declared\\) +1\n.*"), err);
    }

    @Test
    void noRowCanMoveTheColumnsOfTheAnswer() throws IOException {
        update();
        String table = file("captions.csv", """
                url,caption
                https://elsewhere.example/1.png,"a
                https://art.example/free/1.png"
                https://elsewhere.example/2.png,a,allow
                https://art.example/free/3.png
                https://art.example/free/4.png,b
                https://art.example/free/5.png,"never closed""");
        assertEquals(1, onCopy("check", "--use", "ai-training", "--input", table), () -> err);
        assertEquals(
                List.of("unknown", "unknown", "unknown", "allow", "unknown"),
                column(out, "askfirst_verdict").subList(1, 6),
                out);
        assertEquals("https://elsewhere.example/1.png", column(out, "url").get(1));
        assertEquals("unreadable", column(out, "askfirst_reason").get(2));
        // An answered table is answered again, in the same columns.
        String before = out;
        assertEquals(1, onCopy("check", "--use", "ai-training", "--input", file("again.csv", before)), () -> err);
        assertEquals(before.lines().findFirst(), out.lines().findFirst(), "the columns of the answer are there once");
        assertEquals(column(before, "askfirst_verdict"), column(out, "askfirst_verdict"));
    }

    /** Reads one column as RFC 4180 says, with the heading. */
    private static List<String> column(String csv, String name) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < csv.length(); i++) {
            char c = csv.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted || (c != ',' && c != '\n')) {
                cell.append(c);
            } else {
                row.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    rows.add(row);
                    row = new ArrayList<>();
                }
            }
        }
        int at = rows.get(0).indexOf(name);
        return rows.stream().map(one -> one.get(at)).toList();
    }

    @Test
    void anotherAddressInARowIsAnotherWork() throws IOException {
        update();
        String table = file(
                "pairs.csv", "page_url,image_url,sha256\nhttps://art.example/free/,https://elsewhere.example/1.png,\n");
        assertEquals(1, onCopy("check", "--use", "ai-training", "--input", table), () -> err);
        assertEquals("unknown", column(out, "askfirst_verdict").get(1));
        String lines = file(
                "pairs.jsonl", "{\"url\":[\"https://elsewhere.example/\"],\"sha256\":\"" + "ab".repeat(32) + "\"}\n");
        assertEquals(1, onCopy("check", "--use", "ai-training", "--input", lines), () -> err);
        assertTrue(out.contains("\"askfirst_reason\":\"unreadable\""), out);
        Path broken = home.resolve("latin1.txt");
        Files.write(broken, "https://art.example/free/\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(1, onCopy("check", "--use", "ai-training", "--input", broken.toString()), () -> err);
        assertTrue(out.contains("\tunknown\tunreadable\t"), out);
    }

    @Test
    void nothingToCheckIsNoSuccess() throws IOException {
        update();
        Files.createDirectories(home.resolve("empty"));
        assertEquals(3, onCopy("check", home.resolve("empty").toString()));
        assertEquals(3, onCopy("check", "--input", file("none.txt", "")));
        assertEquals(3, onCopy("check", "--input", file("comments.txt", "# none\n\n")));
        assertTrue(err.contains("nothing to check"), err);
        Path folder = Files.createDirectories(home.resolve("folder"));
        Files.writeString(folder.resolve("a.png"), "a");
        Path link = Files.createSymbolicLink(home.resolve("link"), folder);
        assertEquals(1, onCopy("check", link.toString()), () -> err);
        assertEquals(1, out.lines().count());
    }

    @Test
    void jsonLinesGetMembers() throws IOException {
        update();
        String lines = file(
                "set.jsonl",
                "{\"url\":\"https://art.example/free/1.png\",\"text\":\"한글\"}\n{\"text\":\"none\"}\nnot json\n");
        assertEquals(1, onCopy("check", "--use", "ai-training", "--input", lines), () -> err);
        List<String> rows = out.lines().toList();
        assertTrue(rows.get(0).startsWith("{\"askfirst_reason\":\"declared\",\"askfirst_verdict\":\"allow\","), out);
        assertTrue(rows.get(0).contains("\"text\":\"한글\""), out);
        assertTrue(rows.get(1).contains("\"askfirst_reason\":\"unreadable\""), out);
        assertTrue(rows.get(2).contains("\"askfirst_unreadable\":\"not json\""), out);
    }

    @Test
    void linesOfCommonCrawlKeepTheirKey() throws IOException {
        update();
        String lines = file(
                "part.cdxj",
                "example,art)/free/1.png 20261130120000 {\"url\": \"https://art.example/free/1.png\", \"mime\": \"image/png\"}\n");
        assertEquals(0, onCopy("check", "--use", "ai-training", "--input", lines), () -> err);
        assertTrue(out.startsWith("example,art)/free/1.png 20261130120000 {\"askfirst_reason\":\"declared\""), out);
    }

    private static byte[] record(String type, String address, String mediaType, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return ("WARC/1.1\r\nWARC-Type: " + type + "\r\nWARC-Target-URI: " + address + "\r\nContent-Type: " + mediaType
                        + "\r\nContent-Length: " + bytes.length + "\r\n\r\n" + content + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static List<byte[]> records() {
        String http = "application/http; msgtype=response";
        return List.of(
                record("warcinfo", "", "application/warc-fields", "software: test\r\n"),
                record(
                        "request",
                        "https://art.example/free/1.png",
                        "application/http; msgtype=request",
                        "GET / HTTP/1.1\r\n\r\n"),
                record(
                        "response",
                        "<https://art.example/free/1.png>",
                        http,
                        "HTTP/1.1 200 OK\r\nA: b\r\n\r\na picture"),
                record("response", "https://elsewhere.example/", http, "HTTP/1.1 200 OK\n\na picture"),
                record("resource", "https://art.example/free/2.png", "image/png", "another\n\npicture"));
    }

    @Test
    void documentsOfAWarcAreAskedByAddressAndContent() throws IOException, NoSuchAlgorithmException {
        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest("a picture".getBytes(StandardCharsets.UTF_8)));
        registry.declare(2, "sha256:" + hash, Stance.RESERVED);
        registry.publish(Instant.now());
        update();
        Path plain = home.resolve("a.warc");
        Path compressed = home.resolve("a.warc.gz");
        try (OutputStream one = Files.newOutputStream(plain);
                OutputStream other = Files.newOutputStream(compressed)) {
            for (byte[] record : records()) {
                one.write(record);
                // Each record is a member of its own, so that readers can begin at it.
                GZIPOutputStream member = new GZIPOutputStream(other);
                member.write(record);
                member.finish();
            }
        }
        for (Path file : List.of(plain, compressed)) {
            assertEquals(1, onCopy("check", "--use", "ai-training", "--input", file.toString()), () -> err);
            List<String> rows = out.lines().toList();
            assertEquals(3, rows.size(), out);
            assertTrue(rows.get(0).startsWith("https://art.example/free/1.png\t" + hash + "\task\t"), out);
            assertTrue(rows.get(1).startsWith("https://elsewhere.example/\t" + hash + "\task\tdeclared\tsha256:"), out);
            assertTrue(rows.get(2).matches("https://art.example/free/2.png\t[0-9a-f]{64}\tallow\t.*"), out);
        }
        byte[] whole = Files.readAllBytes(plain);
        Files.write(plain, Arrays.copyOf(whole, whole.length - 20));
        assertEquals(3, onCopy("check", "--use", "ai-training", "--input", plain.toString()));
        assertTrue(err.contains("cut short"), err);
        Files.writeString(plain, "HTTP/1.1 200 OK\r\n");
        assertEquals(3, onCopy("check", "--use", "ai-training", "--input", plain.toString()));
    }

    @Test
    void manyLinesAreAnsweredInOrder() throws IOException {
        update();
        String lines = file(
                "urls.txt",
                IntStream.range(0, 10_000)
                        .mapToObj(i -> "https://" + (i % 2 == 0 ? "art.example/free/" : "elsewhere.example/") + i)
                        .collect(Collectors.joining("\n")));
        assertEquals(1, onCopy("check", "--use", "ai-training", "--input", lines), () -> err);
        List<String> rows = out.lines().toList();
        assertEquals(10_000, rows.size());
        for (int i = 0; i < rows.size(); i++) {
            assertTrue(rows.get(i).contains("/" + i + (i % 2 == 0 ? "\tallow\t" : "\tunknown\t")), rows.get(i));
        }
    }

    @ParameterizedTest
    @CsvSource({"check, 2", "check --input none.csv, 3", "check --use nothing x, 2", "fetch, 2", "update, 2"})
    void misuseHasACodeOfItsOwn(String arguments, int code) {
        update();
        String[] words = arguments.split(" ");
        String[] more = new String[words.length - 1];
        System.arraycopy(words, 1, more, 0, more.length);
        assertEquals(code, onCopy(words[0], more), () -> err);
        assertTrue(!err.isBlank());
    }

    @Test
    void aTableWithoutAKnownColumnIsNotGuessed() throws IOException {
        update();
        assertEquals(2, onCopy("check", "--input", file("a.csv", "md5,title\n1,2\n")));
        assertTrue(err.contains("no column is known to name works"), err);
        assertEquals(1, onCopy("check", "--column", "where", "--input", file("b.csv", "where\nhttps://a.example/\n")));
    }

    @Test
    void withoutACopyNothingIsLearned() {
        assertEquals(3, onCopy("check", "https://art.example/free/1.png"));
        assertTrue(err.contains("--key"), err);
        assertEquals(3, onCopy("check", "--key", registry.key(), "https://art.example/free/1.png"));
        assertTrue(out.contains("\tunreachable\tunreachable\t"), out);
        assertEquals(3, onCopy("update", registry.folder.toString()));
        assertEquals(
                3,
                onCopy("update", "--key", TestRegistry.signer().verifier().verifierKey(), registry.folder.toString()));
        assertTrue(err.contains("bad-signature"), err);
    }

    @Test
    void theCopyIsVerified() throws IOException {
        update();
        assertEquals(0, onCopy("verify"), () -> err);
        assertTrue(out.contains("position     3"), out);
        assertEquals(
                3, onCopy("verify", "--key", TestRegistry.signer().verifier().verifierKey()));
        assertTrue(err.contains("another key"), err);
        registry.publish(Instant.now().minus(Duration.ofDays(2)));
        assertEquals(3, onCopy("update", registry.folder.toString()));
        assertTrue(err.contains("expired") || err.contains("rolled-back"), err);
    }
}
