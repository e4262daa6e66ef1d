package org.askfirst.registry.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.askfirst.problem.ProblemException;
import org.junit.jupiter.api.Test;

/** Lines of CSV, as programs and people write them. */
class CsvLineTest {
    private static List<String> fields(String line) {
        return CsvLine.fields(line.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void fieldsAreReadWithoutTheirQuotationMarksAndBlanks() {
        assertEquals(List.of("a", "b"), fields("a,b"));
        assertEquals(List.of("a", "b"), fields(" a\t, b "));
        assertEquals(List.of("12,04", "say \"no\"", ""), fields("\"12,04\", \"say \"\"no\"\"\" ,"));
        assertEquals(List.of(""), fields(""));
        assertEquals(List.of("5\" disc", "b"), fields("5\" disc,b"));
    }

    @Test
    void anAmbiguousLineIsRefused() {
        for (String line : List.of("a,\"b", "\"", "a,\"b\"c", "a\rb,c")) {
            ProblemException refused = assertThrows(ProblemException.class, () -> fields(line), line);
            assertTrue(refused.detail().endsWith("line") || refused.detail().contains("LF"), refused.detail());
        }
    }

    @Test
    void writtenFieldsAreReadBackAndAreNeverFormulas() {
        for (String field : List.of("", "plain", "12,04", "say \"no\"")) {
            assertEquals(List.of(field, "end"), fields(CsvLine.written(field) + ",end"));
        }
        assertEquals("'=1+1", CsvLine.written("=1+1"));
    }
}
