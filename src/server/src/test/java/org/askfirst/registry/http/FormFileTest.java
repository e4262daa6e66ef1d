package org.askfirst.registry.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.junit.jupiter.api.Test;

/** The file of a form, with any content and any sizes of reads. */
class FormFileTest {
    private static final String TYPE = "multipart/form-data; boundary=b-1";
    private static final String HEAD = String.join(
            "\r\n",
            "--b-1",
            "Content-Disposition: form-data; name=\"file\"; filename=\"목록.csv\"",
            "Content-Type: text/csv",
            "",
            "");
    private static final String END = "\r\n--b-1--\r\n";

    private static InputStream body(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(String text) throws IOException {
        return new String(FormFile.in(body(text), TYPE).readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Problem refusal(String text, String type) {
        return assertThrows(
                        ProblemException.class,
                        () -> FormFile.in(body(text), type).readAllBytes())
                .problem();
    }

    @Test
    void theFileIsBetweenTheDelimiters() throws IOException {
        assertEquals("a,b\r\n1,2", read(HEAD + "a,b\r\n1,2" + END));
        assertEquals("", read(HEAD + END));
        assertEquals("\r\n", read(HEAD + "\r\n" + END));
        assertEquals("a\r\n--b-\r\n--b\r--b-1", read(HEAD + "a\r\n--b-\r\n--b\r--b-1" + END));
        assertEquals("a", read(HEAD + "a" + END + "what stands behind a form is nobody's"));
    }

    @Test
    void theNameComesFromTheForm() {
        assertEquals("목록.csv", FormFile.in(body(HEAD + END), TYPE).name());
        assertNull(FormFile.in(body(HEAD.replace("; filename=\"목록.csv\"", "") + END), TYPE)
                .name());
        assertEquals(
                "a\"b.csv",
                FormFile.in(body(HEAD.replace("목록.csv", "a\\\"b.csv") + END), "multipart/form-data; boundary=\"b-1\"")
                        .name());
    }

    @Test
    void aFormWithOtherPartsIsRefused() {
        assertEquals(Problem.INVALID_REQUEST, refusal(HEAD.replace("\"file\"", "\"list\"") + END, TYPE));
        assertEquals(Problem.INVALID_REQUEST, refusal(HEAD + "a\r\n" + HEAD + "b" + END, TYPE), "two files");
        assertEquals(Problem.MALFORMED_REQUEST, refusal("a,b\r\n", TYPE));
        assertEquals(Problem.MALFORMED_REQUEST, refusal("", TYPE));
        assertEquals(Problem.MALFORMED_REQUEST, refusal("--b-1\r\nContent-Disposition: form-data", TYPE));
        assertEquals(Problem.MALFORMED_REQUEST, refusal("--b-1\r\n" + "x".repeat(10_000), TYPE));
        assertEquals(Problem.MALFORMED_REQUEST, refusal(HEAD + END, "multipart/form-data"));
    }

    @Test
    void anIncompleteFormFails() {
        for (String cut : List.of("", "a,b", "a,b\r", "a,b\r\n--b-1", "a,b\r\n--b-1-")) {
            assertThrows(IOException.class, () -> read(HEAD + cut), cut);
        }
    }

    @Test
    void anyBytesInAnySizesOfReadsAreReturned() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            // The content uses the delimiter's characters, so that parts of the delimiter are everywhere.
            byte[] file = new byte[random.nextInt(200_000)];
            for (int i = 0; i < file.length; i++) {
                file[i] = (byte) "\r\n--b2".charAt(random.nextInt(6));
            }
            byte[] form = (HEAD + new String(file, StandardCharsets.ISO_8859_1) + END).getBytes(StandardCharsets.UTF_8);
            InputStream pieces = new ByteArrayInputStream(form) {
                @Override
                public synchronized int read(byte[] bytes, int offset, int length) {
                    return super.read(bytes, offset, Math.min(length, 1 + random.nextInt(9_000)));
                }
            };
            assertArrayEquals(file, FormFile.in(pieces, TYPE).readAllBytes());
        }
    }
}
