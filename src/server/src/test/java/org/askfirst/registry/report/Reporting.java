package org.askfirst.registry.report;

import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Offer;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;

/** A society with two members, a licensee with a grant of three works, and the reports that it sends. */
final class Reporting {
    final Party society = Party.openReachable();
    final Party licensee = Party.open();
    final Party moon = Party.openReachable();
    final Party river = Party.openReachable();
    final String book = Names.file();
    final String poem = Names.url();
    final String ownBook = Names.file();
    final String period = YearMonth.from(TestClock.ofService().instant().atZone(ZoneOffset.UTC))
            .toString();
    final String grant;

    Reporting(Map<String, ?> price) {
        declares(moon, book);
        declares(river, poem);
        society.declares(Draft.reserved("text-and-data-mining").of(ownBook));
        grant = granted(Map.of("subjects", List.of(book, poem, ownBook)), price);
    }

    private void declares(Party member, String work) {
        String mandate = society.offersMandate(Offer.toMember(member)).id();
        member.acceptsMandate(mandate);
        society.declares(Draft.reserved("text-and-data-mining").of(work).under(mandate));
    }

    /** Gives the licensee a grant that is reported by month, and returns its id. */
    String granted(Map<String, ?> works, Map<String, ?> price) {
        Map<String, Object> terms = new HashMap<>(Map.of(
                "uses",
                List.of("generative-ai-training"),
                "model",
                Map.of("scope", "any"),
                "validTo",
                "2999-01-01T00:00:00Z",
                "reporting",
                "month"));
        terms.put("price", price);
        return Answers.id(society.says(Map.of("licensee", licensee.id(), "works", works, "terms", terms))
                .post("/v1/grants")
                .then()
                .statusCode(201));
    }

    String path(int revision) {
        return "/v1/grants/" + grant + "/reports/" + period + "/" + revision;
    }

    ValidatableResponse opening(int revision, Map<String, ?> facts) {
        return licensee.says(facts).put(path(revision)).then();
    }

    ValidatableResponse sending(int revision, int after, String type, String lines) {
        return licensee.asks()
                .contentType(type)
                .queryParam("after", after)
                .body(lines.getBytes(StandardCharsets.UTF_8))
                .patch(path(revision) + "/lines")
                .then();
    }

    ValidatableResponse sending(int revision, String... lines) {
        return sending(revision, 0, "application/x-ndjson", String.join("\n", lines) + "\n");
    }

    ValidatableResponse filing(int revision, int lines) {
        return licensee.says(Map.of("lines", lines))
                .put(path(revision) + "/filing")
                .then();
    }

    /** Opens, sends and files a revision. */
    void files(int revision, Map<String, ?> facts, String... lines) {
        opening(revision, facts).statusCode(200);
        sending(revision, lines).statusCode(200);
        filing(revision, lines.length).statusCode(200);
    }

    /** The three works as the golden statements use them. */
    String[] usual() {
        return new String[] {
            line(book, "1000", "1", "book", ""),
            line(poem, "301", "0.5", "poem", ""),
            line(ownBook, "200", "1", "book", "")
        };
    }

    static String line(String work, String units, String share, String kind, String ref) {
        return "{\"work\":\"" + work + "\",\"units\":\"" + units + "\",\"share\":\"" + share + "\""
                + (kind.isEmpty() ? "" : ",\"kind\":\"" + kind + "\"")
                + (ref.isEmpty() ? "" : ",\"ref\":\"" + ref + "\"") + "}";
    }

    /** Returns a member of each line, in order. */
    List<String> ofLines(int revision, String member) {
        List<String> values = new ArrayList<>();
        society.asks()
                .queryParam("limit", 10_000)
                .get(path(revision) + "/lines")
                .then()
                .statusCode(200)
                .extract()
                .<List<Map<String, Object>>>path("lines")
                .forEach(line -> values.add(String.valueOf(line.get(member))));
        return values;
    }

    Map<String, Object> statement(int revision) {
        return society.asks()
                .get(path(revision) + "/statement")
                .then()
                .statusCode(200)
                .extract()
                .path("");
    }
}
