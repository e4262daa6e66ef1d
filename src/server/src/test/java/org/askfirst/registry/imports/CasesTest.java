package org.askfirst.registry.imports;

import static org.askfirst.testkit.Draft.reserved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Eventually;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Files that other programs read wrongly, from a folder beside the project. Each is sent, planned and started, and what
 * became of every row is compared with what is right.
 */
@QuarkusTest
class CasesTest extends RegistryTest {
    /** The right outcomes of the rows, by file: see {@link #outcome}. A file that is refused has a part of the reason. */
    private static final Map<String, List<String>> RIGHT = right();

    private static Map<String, List<String>> right() {
        Map<String, List<String>> right = new LinkedHashMap<>();
        right.put(
                "header-eaten.csv",
                List.of(
                        "1 isbn:9791197300011",
                        "2 isbn:9791197300028",
                        "3 isbn:9791197300035",
                        "4 isbn:9791197300042"));
        right.put(
                "header-eaten-en.csv",
                List.of(
                        "2 isbn:9791197300059",
                        "3 isbn:9791197300066",
                        "4 isbn:9791197300073",
                        "5 isbn:9791197300080",
                        "6 isbn:9791197300097"));
        right.put("open-quote.csv", List.of("refused: Row 5 has a quotation mark that is not closed"));
        right.put(
                "isbn-issn-column.csv",
                List.of("2 issn:12256463 학술지", "3 issn:03784371 학회지", "4 isbn:9791197300547 책"));
        right.put(
                "two-dois.csv",
                List.of(
                        "2 doi:10.5555/aaa-1 doi:10.5555/aaa-2 A",
                        "3 doi:10.5555/bbb-1 doi:10.5555/bbb-2 B",
                        "4 doi:10.5555/ccc-1 doi:10.5555/ccc-2 C",
                        "5 doi:10.5555/ddd-1 doi:10.5555/ddd-2 D",
                        "6 doi:10.5555/eee-1 doi:10.5555/eee-2 E"));
        right.put(
                "sici.csv",
                List.of(
                        "2 doi:10.5555/(sici)1097-0001(199801)49:8<693::aid-asi4>3.0.co;2-o A",
                        "3 doi:10.5555/0001-0002(1998)001<0001:abc>2.0.co;2 B"));
        right.put(
                "url-space.csv",
                List.of(
                        "2 url:https://h1.example/%EB%82%B4%20%EC%86%8C%EC%84%A4.pdf 봄",
                        "3 url:https://h1.example/my%20novel%202.pdf 여름",
                        "4 url:https://h1.example/a%20(1)%20final.docx 가을"));
        right.put(
                "file-and-mail-as-link.csv",
                List.of("2 봄 +1 note", "3 여름 +1 note", "4 가을 +1 note", "5 겨울 +1 note", "6 다섯 +1 note"));
        right.put(
                "isbn-in-parens.csv",
                List.of("2 isbn:9791197300554 isbn:9791197300561 봄", "3 isbn:9791197300578 isbn:9791197300585 여름"));
        right.put(
                "invisible-end.csv",
                List.of(
                        "2 url:https://h3.example/a 봄",
                        "3 url:https://h3.example/b 여름",
                        "4 url:https://h3.example/c 가을",
                        "5 url:https://h3.example/d 겨울"));
        List<String> series = new ArrayList<>();
        for (int row = 2; row <= 201; row++) {
            series.add(row + " 사랑과 전쟁");
        }
        right.put("cp949-series.csv", series);
        right.put("cp949-one-row.csv", List.of("2 isbn:9791197300592 봄의 끝"));
        right.put("one-nul.csv", List.of("2 isbn:9791197300813 A +1 note", "3 isbn:9791197300820 B"));
        right.put("date-d.xlsx", List.of("2 isbn:9791197300837 봄"));
        right.put("shared-orphan.xlsx", List.of("2 isbn:9791197300844 봄"));
        right.put("formula-novalue.xlsx", List.of("2 봄 +1 note", "3 isbn:9791197300899 여름"));
        right.put("hidden-first.xlsx", List.of("2 isbn:9791197300905 봄"));
        right.put("x000D.xlsx", List.of("2 isbn:9791197300929 url:https://h4.example/a 봄"));
        right.put("stray-XFD.xlsx", List.of("2 isbn:9791197300936 봄", "3 isbn:9791197300943 여름"));
        right.put("inline-pretty.xlsx", List.of("2 isbn:9791197300998 봄"));
        right.put("float-title.xlsx", List.of("2 isbn:9791197301018 3.3", "3 isbn:9791197301025 1.1"));
        right.put("strict.xlsx", List.of("2 isbn:9791197301049 봄"));
        right.put("dos-number.xlsx", List.of("refused: a number that no spreadsheet can hold"));
        right.put(
                "totals-and-repeats.csv",
                List.of(
                        "2 skipped explains-columns",
                        "3 봄",
                        "4 skipped repeats-header",
                        "5 여름",
                        "6 skipped total",
                        "7 skipped no-content",
                        "8 skipped no-content",
                        "9 skipped no-content"));
        right.put("html.xls", List.of("refused: This is a web page"));
        return right;
    }

    @Test
    void everyRowOfEveryFileIsReadRightly() throws IOException {
        Path folder = Path.of(System.getProperty("askfirst.data", ""), "cases");
        boolean isThere = Files.isRegularFile(folder.resolve("EXPECTED.json"));
        if (!isThere) {
            System.err.println("NOT TESTED: no folder of cases; -Daskfirst.data names the folder above it");
        }
        Assumptions.assumeTrue(isThere, "no folder of cases; -Daskfirst.data names the folder above it");
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (String name : RIGHT.keySet()) {
            long start = System.nanoTime();
            found.put(name, outcomes(folder.resolve(name)));
            Duration taken = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(taken.compareTo(Duration.ofSeconds(20)) < 0, name + " took " + taken);
        }
        for (Map.Entry<String, List<String>> right : RIGHT.entrySet()) {
            List<String> rows = Objects.requireNonNull(found.get(right.getKey()), right.getKey());
            if (right.getValue().get(0).startsWith("refused")) {
                String reason = right.getValue().get(0).substring("refused: ".length());
                assertTrue(rows.size() == 1 && rows.get(0).contains(reason), right.getKey() + ": " + rows);
            } else {
                assertEquals(String.join("\n", right.getValue()), String.join("\n", rows), right.getKey());
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(one -> one.toString().matches(".*\\.(csv|tsv|xlsx|xls)"))
                    .toList()) {
                assertTrue(RIGHT.containsKey(file.getFileName().toString()), "nobody said what is right for " + file);
            }
        }
    }

    /** Sends a file, plans it, starts it, and returns what became of each row. */
    private static List<String> outcomes(Path file) throws IOException {
        Party party = Party.openReachable();
        ValidatableResponse received = party.asks()
                .contentType("application/octet-stream")
                .body(Files.readAllBytes(file))
                .post("/v1/imports?name=" + file.getFileName())
                .then();
        JsonNode one = Answers.tree(received);
        int status = received.extract().statusCode();
        if (status != 201) {
            assertEquals(422, status, file + ": " + one);
            return List.of("refused: " + one.path("detail").textValue());
        }
        String path = "/v1/imports/" + one.path("id").textValue();
        party.says(reserved("ai-training")).put(path + "/plan").then().statusCode(200);
        party.asks().post(path + "/start").then().statusCode(202);
        Eventually.get(
                () -> party.asks().get(path).then().statusCode(200),
                answer -> Answers.tree(answer).get("status").textValue().equals("done"));
        List<String> outcomes = new ArrayList<>();
        for (JsonNode line : Answers.lines(party.asks()
                .accept("application/x-ndjson")
                .get(path + "/report")
                .then()
                .statusCode(200))) {
            outcomes.add(line.path("row").asText() + outcome(party, line));
        }
        return outcomes;
    }

    /** Returns the subjects and the title of the row's declaration, and the number of its notes; or why it has none. */
    private static String outcome(Party party, JsonNode line) {
        if (line.has("skipped")) {
            return " skipped " + line.get("skipped").textValue();
        }
        if (line.has("problem")) {
            return " refused " + line.get("problem").path("detail").textValue();
        }
        JsonNode declared = Answers.tree(party.asks()
                .get("/v1/declarations/" + line.get("id").textValue())
                .then()
                .statusCode(200));
        StringBuilder outcome = new StringBuilder();
        declared.path("subjects").forEach(subject -> {
            if (!subject.asText().startsWith("work:")) {
                outcome.append(' ').append(subject.asText());
            }
        });
        if (declared.at("/work/title").isTextual()) {
            outcome.append(' ').append(declared.at("/work/title").textValue());
        }
        return outcome + (line.has("notes") ? " +" + line.get("notes").size() + " note" : "");
    }
}
