package org.askfirst.registry.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.askfirst.entry.Content;
import org.askfirst.entry.Work;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Violation;
import org.askfirst.registry.declaration.DeclarationRequest;
import org.askfirst.registry.declaration.DeclarationTemplate;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.table.RowReader;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A row and a plan make the same declaration as a request with the same members. */
class ImportTemplateTest {
    private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");
    private static final Subject BOOK = Subject.parse("isbn:9788936434120");
    private static final String ASKED = "\"stances\":{\"ai-training\":\"permitted-with-terms\"}";

    private static JsonNode json(String text) {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static DeclarationTemplate template(String plan) {
        return Objects.requireNonNull(ImportPlan.fromStored(json(plan)).template());
    }

    private static RowReader.Reading row(
            @Nullable String title, List<String> creators, @Nullable String kind, @Nullable String contact) {
        return new RowReader.Reading(
                List.of(BOOK), title, creators, kind, contact, null, null, List.of(), List.of(), 0, null);
    }

    private static List<String> pointers(ProblemException refused) {
        return refused.violations().stream().map(Violation::pointer).toList();
    }

    @Test
    void aRowDeclaresWhatTheRequestDeclares() {
        String alike = "\"stances\":{\"ai-training\":\"reserved\",\"ai-index\":\"permitted\"},"
                + "\"terms\":{\"contact\":\"mailto:a@example.com\",\"territory\":[\"KR\"],\"text\":\"ask\"},"
                + "\"validFrom\":\"2026-01-01T00:00:00Z\",\"validTo\":\"2027-01-01T00:00:00Z\","
                + "\"mandate\":\"m_0000000000000000000000000a\"";
        Content expected = DeclarationRequest.parse(
                        json("{\"subjects\":[\"isbn:9788936434120\"]," + alike
                                + ",\"work\":{\"title\":\"봄의 끝\",\"creators\":[\"이서연\"],\"kind\":\"book\"}}"),
                        false,
                        NOW,
                        false)
                .content();
        DeclarationTemplate template = template("{\"kind\":\"book\"," + alike + "}");
        assertEquals(expected, template.with(row("봄의 끝", List.of("이서연"), null, null), false, NOW));
    }

    @Test
    void aRowNamesItsOwnKindAndContact() {
        DeclarationTemplate template =
                template("{\"kind\":\"book\",\"terms\":{\"contact\":\"mailto:a@example.com\"}," + ASKED + "}");
        Content content = template.with(row("봄", List.of(), "poem", "tel:+82 2 123"), false, NOW);
        assertEquals(new Work("봄", List.of(), "poem"), content.work());
        assertEquals("tel:+82 2 123", content.terms().contact());
    }

    @Test
    void allViolationsOfARowAreReported() {
        DeclarationTemplate template = template("{\"validTo\":\"2026-01-01T00:00:00Z\"," + ASKED + "}");
        RowReader.Reading row = row("x".repeat(1001), List.of("a", "y".repeat(501)), null, "Seoul");
        ProblemException refused = assertThrows(ProblemException.class, () -> template.with(row, false, NOW));
        assertEquals(
                List.of("/terms/contact", "/validTo", "/work/title", "/work/creators/1", "/terms"), pointers(refused));
    }

    @Test
    void aPlanIsRefusedWhereNoRowCouldBeDeclared() {
        String late = "{\"validTo\":\"2026-01-01T00:00:00Z\"," + ASKED + "}";
        assertEquals(
                List.of("/validTo", "/terms"),
                pointers(assertThrows(ProblemException.class, () -> ImportPlan.parse(json(late), false, NOW))));
        String own = "{\"columns\":[\"isbn\",\"contact\"]," + ASKED + "}";
        DeclarationTemplate template =
                Objects.requireNonNull(ImportPlan.parse(json(own), false, NOW).template());
        assertEquals(
                List.of("/terms"),
                pointers(assertThrows(
                        ProblemException.class, () -> template.with(row(null, List.of(), null, null), false, NOW))));
    }
}
