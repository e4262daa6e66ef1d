package org.askfirst.registry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.junit.jupiter.api.Test;

/** Splitting a stream into lines, with all line ends and all sizes of reads. */
class LinesTest {
    private static final int MAX = 10;

    private static List<String> lines(String text) {
        return lines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), MAX);
    }

    private static List<String> lines(InputStream in, int maxLength) {
        Lines lines = new Lines(in, maxLength, () -> {});
        List<String> read = new ArrayList<>();
        for (Lines.Line line = lines.next(); line != null; line = lines.next()) {
            assertEquals(read.size() + 1, line.number());
            read.add(line.tooLong() ? "(too long)" : new String(line.bytes(), StandardCharsets.UTF_8));
        }
        return read;
    }

    @Test
    void aLineEndsWithLfOrCrLf() {
        assertEquals(List.of(), lines(""));
        assertEquals(List.of("a"), lines("a"));
        assertEquals(List.of("a"), lines("a\n"));
        assertEquals(List.of("a", "b"), lines("a\nb"));
        assertEquals(List.of("a", "b"), lines("a\r\nb\r\n"));
        assertEquals(List.of("", "", "a"), lines("\n\r\na\n"));
        assertEquals(List.of("a\rb"), lines("a\rb\n"), "a lone return ends nothing");
        assertEquals(List.of("a\r"), lines("a\r\r\n"), "one return belongs to the end, not two");
        assertEquals(List.of("a\u2028b\u0085c"), lines("a\u2028b\u0085c\n"), "nothing else ends a line");
    }

    @Test
    void aByteOrderMarkIsIgnored() {
        assertEquals(List.of("{}", "{}"), lines("\ufeff{}\n{}\n"));
        assertEquals(List.of("a", "\ufeffb"), lines("a\n\ufeffb\n"));
        assertEquals(List.of(""), lines("\ufeff"));
    }

    @Test
    void theLongestAllowedLineIsReadWithMarkAndReturn() {
        String longest = "x".repeat(MAX);
        assertEquals(List.of(longest), lines(longest));
        assertEquals(List.of(longest), lines(longest + "\r\n"));
        assertEquals(List.of(longest, "y"), lines("\ufeff" + longest + "\r\ny"));
        assertEquals(List.of("(too long)", "y"), lines(longest + "x\ny"));
        assertEquals(List.of("(too long)", "y"), lines(longest + "x\r\ny"));
        assertEquals(List.of("(too long)", "y"), lines("\ufeff" + longest + "x\ny"));
        assertEquals(List.of("(too long)"), lines("x".repeat(100_000)));
    }

    @Test
    void aLineFarLongerThanMemoryIsSkipped() {
        InputStream endless = new InputStream() {
            private long left = 1L << 28;

            @Override
            public int read() {
                return left-- > 0 ? 'x' : -1;
            }

            @Override
            public int read(byte[] into, int from, int length) {
                if (left <= 0) {
                    return -1;
                }
                int read = (int) Math.min(length, left);
                java.util.Arrays.fill(into, from, from + read, (byte) 'x');
                left -= read;
                return read;
            }
        };
        InputStream then = new ByteArrayInputStream("\nok".getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of("(too long)", "ok"), lines(new SequenceInputStream(endless, then), MAX));
    }

    @Test
    void anySizeOfReadsGivesTheSameLines() {
        Random random = new Random(10);
        for (int round = 0; round < 300; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append("ab{\r\n\n한\ufeff".charAt(random.nextInt(8)));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            InputStream dribbling = new ByteArrayInputStream(bytes) {
                @Override
                public synchronized int read(byte[] into, int from, int length) {
                    return super.read(into, from, Math.min(length, 1 + random.nextInt(3)));
                }
            };
            assertEquals(lines(new ByteArrayInputStream(bytes), 1000), lines(dribbling, 1000), text.toString());
        }
    }

    @Test
    void linesLongerThanTheBufferAreReadWhole() {
        String longLine = "한".repeat(50_000);
        assertEquals(
                List.of(longLine, "b"),
                lines(new ByteArrayInputStream((longLine + "\nb").getBytes(StandardCharsets.UTF_8)), 200_000));
    }

    @Test
    void beforeWaitingIsCalledEvenInTheMiddleOfALine() {
        List<String> events = new ArrayList<>();
        java.util.ArrayDeque<String> pieces = new java.util.ArrayDeque<>(List.of("a\nb", "c\n", "d"));
        InputStream sender = new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] into, int from, int length) {
                String piece = pieces.poll();
                if (piece == null) {
                    return -1;
                }
                events.add("sent " + piece.replace('\n', '|'));
                byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
                System.arraycopy(bytes, 0, into, from, bytes.length);
                return bytes.length;
            }
        };
        Lines lines = new Lines(sender, MAX, () -> events.add("waiting"));
        for (Lines.Line line = lines.next(); line != null; line = lines.next()) {
            events.add("line " + new String(line.bytes(), StandardCharsets.UTF_8));
        }
        assertEquals(
                List.of(
                        "waiting",
                        "sent a\nb".replace('\n', '|'),
                        "line a",
                        "waiting",
                        "sent c|",
                        "line bc",
                        "waiting",
                        "sent d",
                        "waiting",
                        "line d",
                        "waiting"),
                events);
    }

    @Test
    void beforeWaitingIsNotCalledForAvailableBytes() {
        List<String> waits = new ArrayList<>();
        byte[] bytes = "a\n".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        Lines lines = new Lines(new ByteArrayInputStream(bytes), MAX, () -> waits.add("waiting"));
        for (int i = 0; i < 100_000; i++) {
            lines.next();
        }
        assertEquals(List.of(), waits);
    }

    @Test
    void aBlankLineHasOnlySpacesAndTabs() {
        Lines lines =
                new Lines(new ByteArrayInputStream(" \t\n x\n\n".getBytes(StandardCharsets.UTF_8)), MAX, () -> {});
        assertTrue(java.util.Objects.requireNonNull(lines.next()).isBlank());
        assertFalse(java.util.Objects.requireNonNull(lines.next()).isBlank());
        assertTrue(java.util.Objects.requireNonNull(lines.next()).isBlank());
    }

    @Test
    void aTooLongLineIsNotBlank() {
        Lines lines =
                new Lines(new ByteArrayInputStream(" ".repeat(100).getBytes(StandardCharsets.UTF_8)), MAX, () -> {});
        assertFalse(java.util.Objects.requireNonNull(lines.next()).isBlank());
    }

    @Test
    void aStreamThatBreaksOffIsAProblemOfTheRequest() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the sender is gone");
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                throw new IOException("the sender is gone");
            }
        };
        ProblemException problem = assertThrows(ProblemException.class, () -> new Lines(broken, MAX, () -> {}).next());
        assertEquals(Problem.MALFORMED_REQUEST, problem.problem());
    }
}
