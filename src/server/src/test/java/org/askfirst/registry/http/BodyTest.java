package org.askfirst.registry.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole bodies: up to a limit, in UTF-8, one strict JSON value. */
class BodyTest {
    private static InputStream of(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Problem problemOf(byte[] body) {
        return assertThrows(ProblemException.class, () -> Body.json(new ByteArrayInputStream(body), 1_000_000))
                .problem();
    }

    @Test
    void aBodyUpToTheLimitIsRead() {
        assertArrayEquals(new byte[10], Body.bytes(new ByteArrayInputStream(new byte[10]), 10));
        ProblemException problem =
                assertThrows(ProblemException.class, () -> Body.bytes(new ByteArrayInputStream(new byte[11]), 10));
        assertEquals(Problem.TOO_LARGE, problem.problem());
    }

    @Test
    void aBodyThatIsTooLargeIsDrained() throws IOException {
        InputStream body = new ByteArrayInputStream(new byte[1 << 20]);
        assertThrows(ProblemException.class, () -> Body.bytes(body, 10));
        assertEquals(-1, body.read());
    }

    @Test
    void aBodyThatBreaksOffIsAProblemOfTheRequest() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                throw new IOException("gone");
            }
        };
        ProblemException problem = assertThrows(ProblemException.class, () -> Body.bytes(broken, 10));
        assertEquals(Problem.MALFORMED_REQUEST, problem.problem());
    }

    @Test
    void textIsUtf8() {
        assertEquals("봄\n😀", Body.text(of("봄\n😀"), 100));
        byte[] latin = "é".getBytes(StandardCharsets.ISO_8859_1);
        ProblemException problem =
                assertThrows(ProblemException.class, () -> Body.text(new ByteArrayInputStream(latin), 100));
        assertEquals(Problem.MALFORMED_REQUEST, problem.problem());
    }

    @Test
    void jsonIsRead() {
        assertEquals("봄", Body.json(of(" {\"a\":\"봄\"} \n"), 100).path("a").asText());
        assertTrue(Body.json(of("[]"), 100).isArray());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  \n",
                "{",
                "{\"a\":1,\"a\":1}",
                "{} {}",
                "{\"a\":1}x",
                "{'a':1}",
                "{a:1}",
                "[1,]",
                "[NaN]",
                "[01]",
                "// c\n{}",
                "\"\u0001\""
            })
    void jsonThatIsNotStrictIsRefused(String text) {
        assertEquals(Problem.MALFORMED_JSON, problemOf(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String fault(String text, long line) {
        ProblemException problem = assertThrows(ProblemException.class, () -> Json.parse(text, line));
        return problem.violations().get(0).reason().word() + " | " + problem.detail();
    }

    @Test
    void malformedJsonIsReportedWithItsPlace() {
        assertEquals("empty | The body is empty", fault(" ", 0));
        assertEquals(
                "syntax-error | This is not JSON: there is a syntax error at line 2, column 7",
                fault("{\n \"a\": x}", 0));
        assertEquals(
                "duplicate-member | The member \"it's\" is named twice, the second time at line 1, column 17",
                fault("{\"it's\":1,\"it's\":2}", 0));
        assertEquals("too-deep | The JSON is nested deeper than 16 levels", fault("[".repeat(20), 0));
        assertEquals(
                "too-long | A string has more than 100000 characters",
                fault("\"" + "x".repeat(200_000) + "\"", 0).replaceFirst(" at line 1, column [0-9]+$", ""));
        assertEquals(
                "too-long | A number has more than 40 digits",
                fault("1".repeat(50), 0).replaceFirst(" at line 1, column [0-9]+$", ""));
        assertEquals(
                "too-long | The name of a member has more than 50000 characters",
                fault("{\"" + "x".repeat(60_000) + "\":1}", 0).replaceFirst(" at line 1, column [0-9]+$", ""));
    }

    @Test
    void aLineIsCountedInTheWholeBody() {
        assertEquals("syntax-error | This is not JSON: there is a syntax error at line 8, column 1", fault("x", 8));
        assertEquals("too-deep | The JSON is nested deeper than 16 levels at line 9", fault("[".repeat(20), 9));
    }

    @Test
    void jsonThatIsTooDeepOrTooLongIsRefused() {
        assertEquals(Problem.MALFORMED_JSON, problemOf("[".repeat(100_000).getBytes(StandardCharsets.UTF_8)));
        assertEquals(
                Problem.MALFORMED_JSON, problemOf(("[".repeat(50) + "]".repeat(50)).getBytes(StandardCharsets.UTF_8)));
        assertEquals(Problem.MALFORMED_JSON, problemOf("1".repeat(1_000).getBytes(StandardCharsets.UTF_8)));
        assertEquals(
                Problem.MALFORMED_JSON,
                problemOf(("\"" + "x".repeat(500_000) + "\"").getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aBodyThatIsNotUtf8IsRefused() {
        assertEquals(Problem.MALFORMED_JSON, problemOf(new byte[] {'"', (byte) 0xff, '"'}));
        assertEquals(Problem.MALFORMED_JSON, problemOf(new byte[] {'"', (byte) 0xc3, '"'}));
        assertEquals(Problem.MALFORMED_JSON, problemOf(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'}), "overlong");
        assertEquals(
                Problem.MALFORMED_JSON,
                problemOf(new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}),
                "half of a pair");
        assertEquals(Problem.MALFORMED_JSON, problemOf("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE)));
        assertEquals(Problem.MALFORMED_JSON, problemOf("{\"a\":1}".getBytes(StandardCharsets.UTF_16)));
    }
}
