package org.askfirst.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Canonical JSON by RFC 8785: its own examples, the vectors of others, and a round trip of any value. */
class CanonicalJsonTest {
    /** The example of RFC 8785, sections 3.2.2 and 3.2.3. */
    @Test
    void theExampleOfTheStandard() {
        String input = "{\"numbers\": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],"
                + " \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\","
                + " \"literals\": [null, true, false]}";
        assertEquals(
                "{\"literals\":[null,true,false],"
                        + "\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                        + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}",
                CanonicalJson.write(CanonicalJson.parse(input)));
    }

    @Test
    void membersAreSortedByUtf16CodeUnits() {
        String input = "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet\","
                + "\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji\",\"\\u0080\":\"Control\",\"\\u00f6\":\"Latin\"}";
        assertEquals(
                "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin\","
                        + "\"€\":\"Euro Sign\",\"😀\":\"Emoji\",\"\ufb33\":\"Hebrew Letter Dalet\"}",
                CanonicalJson.write(CanonicalJson.parse(input)));
    }

    @Test
    void othersVectors() throws IOException {
        String folder = System.getProperty("askfirst.vectors", "");
        if (folder.isBlank()) {
            String warning = "SKIPPED: the vectors in jcs.json were not tested; set -Daskfirst.vectors=<folder>";
            System.err.println(warning);
            Assumptions.abort(warning);
        }
        JsonNode cases = new ObjectMapper()
                .readTree(Files.readString(Path.of(folder, "jcs.json")))
                .path("cases");
        assertTrue(cases.size() >= 5, "only " + cases.size() + " vectors");
        for (JsonNode one : cases) {
            String expected =
                    new String(HexFormat.of().parseHex(one.path("outputHex").asText()), StandardCharsets.UTF_8);
            String name = one.path("name").asText();
            assertEquals(
                    expected,
                    CanonicalJson.write(CanonicalJson.parse(one.path("input").asText())),
                    name);
            assertEquals(expected, CanonicalJson.write(CanonicalJson.parse(expected)), name + ", once more");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "{\"a\" 1}",
                "{\"a\":1,\"a\":2}",
                "[01]",
                "[1.]",
                "[.5]",
                "[+1]",
                "[--1]",
                "[1e]",
                "[NaN]",
                "tru",
                "nul",
                "\"",
                "\"\\",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\u\uff11\uff12\uff13\uff14\"",
                "\"\n\"",
                "{} {}",
                "[1] x",
                "\ufeff{}"
            })
    void whatIsNotOneValueIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> CanonicalJson.parse(text));
    }

    @Test
    void whatNestsWithoutEndIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> CanonicalJson.parse("[".repeat(100_000)));
        assertEquals("[[[]]]", CanonicalJson.write(CanonicalJson.parse("[[[]]]")));
    }

    @Test
    void whatHasNoCanonicalTextIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> CanonicalJson.write("\ud800"));
        assertThrows(IllegalArgumentException.class, () -> CanonicalJson.write("a\udc00b"));
        assertThrows(IllegalArgumentException.class, () -> CanonicalJson.write(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> CanonicalJson.write(Double.POSITIVE_INFINITY));
        assertThrows(IllegalArgumentException.class, () -> CanonicalJson.write(Instant.EPOCH));
        assertThrows(IllegalArgumentException.class, () -> CanonicalJson.write(Map.of("\udc00", 1)));
    }

    @Test
    void anyValueComesBackFromItsText() {
        Random random = new Random(8785);
        for (int i = 0; i < 5_000; i++) {
            String text = CanonicalJson.write(value(random, 0));
            assertEquals(text, CanonicalJson.write(CanonicalJson.parse(text)));
        }
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 3 ? 4 : 6)) {
            case 0 -> random.nextBoolean();
            case 1 -> (double) random.nextInt() / (1 + random.nextInt(1000));
            case 2 -> (long) random.nextInt();
            case 3 -> text(random);
            case 4 -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, depth + 1));
                }
                yield list;
            }
            default -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.put(text(random), value(random, depth + 1));
                }
                yield map;
            }
        };
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            int c = random.nextInt(random.nextBoolean() ? 0x80 : 0x11_0000);
            text.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? 'x' : c);
        }
        return text.toString();
    }
}
