package org.askfirst.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
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
        assertTrue(err.contains("there is no copy yet; run update"), err);
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
        assertTrue(rows.get(0).startsWith("{\"url\":\"https://art.example/free/1.png\",\"text\":"), out);
        assertTrue(rows.get(0).contains(",\"askfirst_verdict\":\"allow\",\"askfirst_reason\":\"declared\","), out);
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
        assertTrue(out.startsWith("example,art)/free/1.png 20261130120000 {\"url\": \"https://art"), out);
        assertTrue(out.contains(" \"mime\": \"image/png\",\"askfirst_verdict\":\"allow\","), out);
    }

    @Test
    void anEarlierAnswerIsReplacedInAnyCase() throws IOException {
        update();
        String table = file("a.csv", "Askfirst_Verdict,url, LOG_SIZE \nallow,https://elsewhere.example/,7\n");
        assertEquals(1, onCopy("check", "--use", "ai-training", "--input", table), () -> err);
        assertTrue(out.startsWith("url,askfirst_verdict,askfirst_reason,"), out);
        assertTrue(out.contains("\nhttps://elsewhere.example/,unknown,"), out);
        String lines = file(
                "a.jsonl",
                "{\"Askfirst\\u005fVerdict\":\"allow\",\"url\":\"https://elsewhere.example/\",\"log_size\" : 7 }\n");
        assertEquals(1, onCopy("check", "--use", "ai-training", "--input", lines), () -> err);
        assertTrue(out.startsWith("{\"url\":\"https://elsewhere.example/\",\"askfirst_verdict\":\"unknown\","), out);
        assertTrue(!out.contains("allow") && !out.contains(" : 7"), out);
    }

    @Test
    void aPictureIsAskedBeforeItsPage() throws IOException {
        update();
        String picture = "https://elsewhere.example/1.png";
        for (String name : List.of("image_url", "IMG_URL")) {
            String table = file("pairs.csv", "url," + name + "\nhttps://art.example/free/," + picture + "\n");
            assertEquals(1, onCopy("check", "--use", "ai-training", "--input", table), () -> err);
            assertEquals("unknown", column(out, "askfirst_verdict").get(1));
        }
        String lines =
                file("pairs.jsonl", "{\"url\":\"https://art.example/free/\",\"image_url\":\"" + picture + "\"}\n");
        assertEquals(1, onCopy("check", "--use", "ai-training", "--input", lines), () -> err);
        assertTrue(out.contains("\"askfirst_verdict\":\"unknown\""), out);
    }

    @Test
    void aRowOfEmptyCellsIsAnswered() throws IOException {
        update();
        String table = file("a.tsv", "url\tcaption\nhttps://art.example/free/1.png\ta\n\t\n  \n\n");
        assertEquals(1, onCopy("check", "--use", "ai-training", "--input", table), () -> err);
        List<String> rows = out.lines().toList();
        assertTrue(rows.get(2).startsWith("\t\tunknown\tunreadable\t"), out);
        assertTrue(rows.get(3).startsWith("unreadable row:   \t\tunknown\tunreadable\t"), out);
        assertEquals("", rows.get(4));
    }

    @Test
    void noTextForgesACellOrALine() throws IOException {
        update();
        String forged = "\rhttps://elsewhere.example/\tallow\tdeclared\u2028\u0085";
        String lines = file("a.txt", "#" + forged + "\nhttps://art.example/free/" + forged + "\n");
        assertEquals(1, onCopy("check", "--use", "ai-training", "--input", lines), () -> err);
        assertTrue(
                out.startsWith(
                        "# https://elsewhere.example/ allow declared  \n"
                                + "https://art.example/free/ https://elsewhere.example/ allow declared  \tunknown\tunreadable\t"),
                out);
        Path named = Files.createDirectories(home.resolve("folder")).resolve("a\tallow\n\tb.png");
        Files.writeString(named, "a picture");
        assertEquals(1, onCopy("check", named.toString()), () -> err);
        assertTrue(out.matches("[^\t\n]*a allow  b.png\tunknown\tnothing-declared\t[^\n]*\n"), out);
        Path file = home.resolve("a.warc");
        Files.write(file, record("resource", "https://art.example/free/\tallow\r#", "image/png", "a picture"));
        assertEquals(1, onCopy("check", "--use", "ai-training", "--input", file.toString()), () -> err);
        assertTrue(out.matches("https://art.example/free/ allow #\t[0-9a-f]{64}\tunknown\tunreadable\t[^\n]*\n"), out);
    }

    @Test
    void valuesOfJsonLinesKeepTheirText() throws IOException {
        update();
        String own = "\"id\":9007199254740993, \"n\" : 1.0e2,\"o\":{\"a\":[1,\"},{\\\"\"]}";
        String row = "{ " + own + ",\"url\":\"https://art.example/free/1.png\"";
        for (String name : List.of("a.jsonl", "a.cdxj")) {
            String before = name.equals("a.cdxj") ? "key 20261130120000 " : "";
            String lines = file(name, before + row + "}\n");
            assertEquals(0, onCopy("check", "--use", "ai-training", "--input", lines), () -> err);
            assertTrue(out.startsWith(before + row + ",\"askfirst_verdict\":\"allow\","), out);
            // An answered row is answered again.
            String answered = out.replaceAll("checked_at\":\"[^\"]*", "");
            assertEquals(0, onCopy("check", "--use", "ai-training", "--input", file(name, out)), () -> err);
            assertEquals(answered, out.replaceAll("checked_at\":\"[^\"]*", ""));
        }
        String empty = file("b.jsonl", "{ }\n");
        assertEquals(1, onCopy("check", "--input", empty), () -> err);
        assertTrue(out.startsWith("{\"askfirst_verdict\":\"unknown\",\"askfirst_reason\":\"unreadable\""), out);
    }

    @Test
    void aQuotationMarkInJsonHidesNoLine() throws IOException {
        update();
        String row = "{\"where\":\"https://art.example/free/1.png\",\"text\":\"5\\\" wide\"}\n";
        for (String name : List.of("a.jsonl", "a.csv")) {
            String lines = file(name, row + row.replace("/free/", "/"));
            assertEquals(1, onCopy("check", "--use", "ai-training", "--column", "where", "--input", lines), () -> err);
            List<String> rows = out.lines().toList();
            assertEquals(2, rows.size(), out);
            assertTrue(rows.get(0).contains("\"askfirst_verdict\":\"allow\""), out);
            assertTrue(rows.get(1).contains("\"askfirst_verdict\":\"unknown\""), out);
        }
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
            assertTrue(rows.get(1).startsWith("https://elsewhere.example/\t" + hash + "\task\tdeclared\t"), out);
            assertTrue(rows.get(2).matches("https://art.example/free/2.png\t[0-9a-f]{64}\tallow\t.*"), out);
        }
        byte[] whole = Files.readAllBytes(plain);
        Files.write(plain, Arrays.copyOf(whole, whole.length - 20));
        assertEquals(3, onCopy("check", "--use", "ai-training", "--input", plain.toString()));
        assertTrue(err.contains("cut short"), err);
        Files.writeString(plain, "HTTP/1.1 200 OK\r\n");
        assertEquals(3, onCopy("check", "--use", "ai-training", "--input", plain.toString()));
    }

    private static byte[] gzip(byte[]... members) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] content : members) {
            GZIPOutputStream member = new GZIPOutputStream(all);
            member.write(content);
            member.finish();
        }
        return all.toByteArray();
    }

    @Test
    void damageBetweenTheMembersOfAWarcIsNotItsEnd() throws IOException {
        update();
        byte[] first = gzip(record("resource", "https://art.example/free/1.png", "image/png", "a"));
        byte[] second = gzip(record("resource", "https://art.example/free/2.png", "image/png", "b"));
        Path file = home.resolve("a.warc.gz");
        byte[] whole = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, whole, first.length, second.length);
        Files.write(file, whole);
        assertEquals(0, onCopy("check", "--use", "ai-training", "--input", file.toString()), () -> err);
        assertEquals(2, out.lines().count(), out);
        // Its magic number, its check sum, and its length.
        for (int at : new int[] {first.length, first.length - 8, first.length - 4, whole.length - 1}) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(file, damaged);
            assertEquals(3, onCopy("check", "--use", "ai-training", "--input", file.toString()), () -> err);
            assertTrue(err.contains("gzip file is damaged"), err);
        }
        for (int length : new int[] {first.length + 5, whole.length - 3, whole.length - 12}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertEquals(3, onCopy("check", "--use", "ai-training", "--input", file.toString()), () -> err);
            assertTrue(err.contains("cut short"), err);
        }
    }

    @Test
    void membersOfAWarcMayHaveNamesAndExtraFields() throws IOException {
        update();
        byte[] plain = gzip(record("resource", "https://art.example/free/1.png", "image/png", "a"));
        byte[] full = new byte[plain.length + 12];
        System.arraycopy(plain, 0, full, 0, 10);
        full[3] = 2 | 4 | 8 | 16;
        System.arraycopy(new byte[] {3, 0, 1, 2, 3, 'a', 0, 'b', 'c', 0}, 0, full, 10, 10);
        CRC32 check = new CRC32();
        check.update(full, 0, 20);
        full[20] = (byte) check.getValue();
        full[21] = (byte) (check.getValue() >> 8);
        System.arraycopy(plain, 10, full, 22, plain.length - 10);
        Path file = home.resolve("a.warc.gz");
        Files.write(file, full);
        assertEquals(0, onCopy("check", "--use", "ai-training", "--input", file.toString()), () -> err);
    }

    private static byte[] response(String headers, byte[] content) {
        byte[] head = ("HTTP/1.1 200 OK\r\n" + headers + "\r\n").getBytes(StandardCharsets.UTF_8);
        String of = "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://art.example/free/1.png\r\n"
                + "Content-Type: application/http\r\nContent-Length: " + (head.length + content.length) + "\r\n\r\n";
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes(of.getBytes(StandardCharsets.UTF_8));
        record.writeBytes(head);
        record.writeBytes(content);
        record.writeBytes("\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        return record.toByteArray();
    }

    private static byte[] chunked(byte[] content, int size) {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (int at = 0; at < content.length; at += size) {
            int length = Math.min(size, content.length - at);
            chunks.writeBytes((Integer.toHexString(length) + ";a=b\r\n").getBytes(StandardCharsets.UTF_8));
            chunks.write(content, at, length);
            chunks.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        chunks.writeBytes("0\r\nTrailer: a\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        return chunks.toByteArray();
    }

    @Test
    void theHashOfAWarcIsThatOfTheDecodedWork() throws IOException, NoSuchAlgorithmException {
        byte[] picture = "a picture ".repeat(20_000).getBytes(StandardCharsets.UTF_8);
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(picture));
        registry.declare(2, "sha256:" + hash, Stance.RESERVED);
        registry.publish(Instant.now());
        update();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(response("Content-Encoding: identity\r\n", picture));
        all.writeBytes(response("transfer-encoding: Chunked\r\n", chunked(picture, 70_000)));
        all.writeBytes(response("Content-Encoding:\r\n gzip\r\n", gzip(picture)));
        all.writeBytes(
                response("Transfer-Encoding: chunked\r\nContent-Encoding: x-gzip\r\n", chunked(gzip(picture), 100)));
        int readable = 4;
        // Codings that are not read, and damaged ones.
        all.writeBytes(response("Content-Encoding: br\r\n", picture));
        all.writeBytes(response("Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n", gzip(gzip(picture))));
        all.writeBytes(response("Transfer-Encoding: gzip, chunked\r\n", chunked(gzip(picture), 100)));
        all.writeBytes(response("Content-Encoding: gzip\r\n", picture));
        all.writeBytes(response("Content-Encoding: gzip\r\n", Arrays.copyOf(gzip(picture), 100)));
        all.writeBytes(response("Transfer-Encoding: chunked\r\n", picture));
        all.writeBytes(response("Transfer-Encoding: chunked\r\n", Arrays.copyOf(chunked(picture, 100), 1_000)));
        all.writeBytes(
                response("Transfer-Encoding: chunked\r\n", "1\r\nab\r\n0\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
        all.writeBytes(record("resource", "https://art.example/free/2.png", "image/png", "the last one"));
        Path file = home.resolve("a.warc");
        Files.write(file, all.toByteArray());
        assertEquals(1, onCopy("check", "--use", "ai-training", "--input", file.toString()), () -> err);
        List<String> rows = out.lines().toList();
        assertEquals(13, rows.size(), out);
        for (int i = 0; i < 12; i++) {
            String answer = i < readable ? hash + "\task\tdeclared\t" : "\tunknown\tunreadable\t";
            assertTrue(rows.get(i).startsWith("https://art.example/free/1.png\t" + answer), rows.get(i));
        }
        assertTrue(rows.get(12).contains("\tallow\t"), rows.get(12));
        // A file that is cut short is no bad coding.
        Files.write(file, Arrays.copyOf(response("Content-Encoding: gzip\r\n", gzip(picture)), 300));
        assertEquals(3, onCopy("check", "--use", "ai-training", "--input", file.toString()), () -> err);
        assertTrue(err.contains("cut short"), err);
    }

    @Test
    void aDamagedCopySaysWhy() throws IOException {
        update();
        try (Stream<Path> files = Files.list(home.resolve("copy/releases"))) {
            Path segment = files.findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(segment);
            Files.write(segment, Arrays.copyOf(bytes, bytes.length - 1));
        }
        assertEquals(3, onCopy("check", "https://art.example/free/1.png"));
        assertEquals("", out);
        assertTrue(err.contains("releases/000000000003.segment"), err);
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
    @CsvSource({
        "check, 2",
        "check --input none.csv, 3",
        "check --use nothing x, 2",
        "check --filter registry.example x, 2",
        "check --online localhost:8080 x, 2",
        "check --online https:registry.example x, 2",
        "fetch, 2",
        "update, 2"
    })
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
        assertEquals("", out);
        assertTrue(err.contains("there is no copy yet; run update"), err);
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

    @Test
    void theReportCountsAndIsSigned() throws IOException, GeneralSecurityException {
        update();
        Path key = home.resolve("key.pem");
        Files.writeString(
                key,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(KeyPairGenerator.getInstance("Ed25519")
                                        .generateKeyPair()
                                        .getPrivate()
                                        .getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        Path report = home.resolve("report.json");
        String table = file(
                "works.csv",
                "url,isbn\nhttps://art.example/free/1.png,\n,9788936434120\nhttps://elsewhere.example/,\n,\n");
        assertEquals(
                1,
                onCopy(
                        "check",
                        "--use",
                        "ai-training",
                        "--input",
                        table,
                        "--output",
                        home.resolve("answered.csv").toString(),
                        "--report",
                        report.toString(),
                        "--sign-with",
                        key.toString()),
                () -> err);
        assertEquals("", out);
        assertEquals(
                List.of("askfirst_verdict", "allow", "ask", "unknown", "unknown"),
                column(Files.readString(home.resolve("answered.csv")), "askfirst_verdict"));
        String json = Files.readString(report);
        String blocked = "\"blockedBy\":[{\"party\":\"" + TestRegistry.party(1) + "\",\"works\":1}]";
        assertTrue(json.contains(blocked), json);
        assertTrue(json.contains("\"verdicts\":{\"allow\":1,\"ask\":1,\"unknown\":2}"), json);
        assertTrue(json.contains("\"reasons\":{\"declared\":2,\"nothing-declared\":1,\"unreadable\":1}"), json);
        assertTrue(json.contains("\"asked\":\"registry.example/\""), json);
        String verifier = err.lines()
                .filter(line -> line.contains("verifier key"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElseThrow();
        assertEquals(0, run("verify-report", "--key", verifier, report.toString()), () -> err);
        assertTrue(out.matches("(?s).*works +4\n.*"), out);
        Files.writeString(report, json.replace("\"allow\":1,\"ask\":1", "\"allow\":2,\"ask\":0"));
        assertEquals(3, run("verify-report", "--key", verifier, report.toString()));
        assertTrue(err.contains("bad-signature"), err);
        Files.writeString(report, json);
        assertEquals(3, run("verify-report", "--key", registry.key(), report.toString()));
        assertEquals(1, onCopy("check", "--input", table, "--report", report.toString()), () -> err);
        assertEquals(3, run("verify-report", "--key", verifier, report.toString()));
        assertTrue(err.contains("not signed"), err);
        assertEquals(2, onCopy("check", "--input", table, "--sign-with", key.toString()));
        assertEquals(3, onCopy("check", "--input", table, "--report", report.toString(), "--sign-with", table));
        assertTrue(err.contains("no Ed25519 key"), err);
    }

    @Test
    void anOutputThatFailsLeavesTheOldOne() throws IOException {
        update();
        String before = file("answered.txt", "before");
        assertEquals(3, onCopy("check", "--input", file("none.txt", "# nothing\n"), "--output", before));
        assertEquals("before", Files.readString(Path.of(before)));
        assertEquals(1, onCopy("check", "--input", file("one.txt", "isbn:9788936434120\n"), "--output", before));
        assertTrue(Files.readString(Path.of(before)).startsWith("isbn:9788936434120\task\t"));
    }
}
