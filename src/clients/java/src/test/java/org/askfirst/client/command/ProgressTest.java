package org.askfirst.client.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final long SECOND = 1_000_000_000;

    private final StringWriter out = new StringWriter();
    private long now = 5 * SECOND;

    private Progress progress(long total, boolean isTerminal) {
        return new Progress(new PrintWriter(out), "rows", total, isTerminal, () -> now);
    }

    @Test
    void aShortWorkSaysNothing() {
        try (Progress progress = progress(100, false)) {
            now += 9 * SECOND;
            progress.add(100);
        }
        assertEquals("", out.toString());
    }

    @Test
    void withoutATerminalThereIsALineEveryTenSeconds() {
        try (Progress progress = progress(4_000, false)) {
            for (int i = 0; i < 25; i++) {
                now += SECOND;
                progress.add(100);
            }
        }
        assertEquals(
                String.format(
                        "25 %%, 1,000 rows, 100 a second, 30 s left%n50 %%, 2,000 rows, 100 a second, 20 s left%n"),
                out.toString());
    }

    @Test
    void aTerminalGetsABarThatIsRemoved() {
        try (Progress progress = progress(400_000, true)) {
            now += SECOND;
            progress.add(100_000);
            progress.add(1);
            now += SECOND;
            progress.begin(-1);
            now += 2 * SECOND;
            progress.add(50);
        }
        assertEquals(
                "\r\u001b[K[#####               ] 25 %, 100,000 rows, 100,000 a second, 3 s left\r\u001b[K"
                        + "\r\u001b[K50 rows, 25 a second\r\u001b[K",
                out.toString());
    }

    @Test
    void bytesAreCountedAsTheyAreRead() throws IOException {
        try (Progress progress = progress(1_000_000_000, false);
                InputStream in = progress.counting(new ByteArrayInputStream(new byte[100]))) {
            assertEquals(0, in.read());
            now += 10_000 * SECOND;
            assertEquals(99, in.readAllBytes().length);
        }
        assertEquals(String.format("0 %%, 100 rows, 0 a second, 27777775 h left%n"), out.toString());
    }
}
