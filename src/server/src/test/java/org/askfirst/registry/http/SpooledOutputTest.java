package org.askfirst.registry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** An output never waits for its reader while the request is being read. */
class SpooledOutputTest {
    /** A connection that has room for some bytes. A write of more would wait for the reader; here it fails the test. */
    private static final class Connection extends OutputStream {
        private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
        private int room;
        private boolean waitingAllowed;
        private int flushes;

        Connection(int room) {
            this.room = room;
        }

        boolean isFull() {
            return room <= 0;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            assertTrue(waitingAllowed || !isFull(), "the answer waited for a reader that is still sending");
            room -= length;
            sent.write(bytes, from, length);
        }

        @Override
        public void flush() {
            assertTrue(waitingAllowed || !isFull(), "a flush waits too");
            flushes++;
        }

        String text() {
            return sent.toString(StandardCharsets.UTF_8);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The framework sends long writes buffer by buffer, and waits between two buffers if the connection is full. */
    @Test
    void aLongWriteDoesNotWaitHalfway() throws IOException {
        int buffer = 8191;
        Connection connection = new Connection(3 * buffer);
        OutputStream buffered = new OutputStream() {
            @Override
            public void write(int b) {
                connection.write(b);
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                for (int sent = 0; sent < length; sent += buffer) {
                    connection.write(bytes, from + sent, Math.min(buffer, length - sent));
                }
            }

            @Override
            public void flush() {
                connection.flush();
            }
        };
        SpooledOutput answers = new SpooledOutput(buffered, connection::isFull);
        String block = "{\"line\":1}\n".repeat(50_000);
        answers.write(bytes(block));
        assertTrue(connection.text().length() < 4 * buffer, "more went out than there was room for");
        connection.waitingAllowed = true;
        answers.close();
        assertEquals(block, connection.text());
    }

    @Test
    void aReaderThatNeverReadsUntilTheEndGetsEverythingInOrder() throws IOException {
        Connection connection = new Connection(1_000);
        StringBuilder expected = new StringBuilder();
        SpooledOutput answers = new SpooledOutput(connection, connection::isFull);
        for (int i = 0; i < 20_000; i++) {
            String line = "{\"line\":" + i + "}\n";
            expected.append(line);
            answers.write(bytes(line));
            answers.flush();
        }
        String early = connection.text();
        assertTrue(early.length() < 1_100, "more went out than there was room for: " + early.length());
        connection.waitingAllowed = true;
        answers.close();
        assertEquals(expected.toString(), connection.text());
    }

    @Test
    void laterBytesFollowStoredBytes() throws IOException {
        Connection connection = new Connection(1);
        SpooledOutput answers = new SpooledOutput(connection, connection::isFull);
        answers.write(bytes("first "));
        answers.write(bytes("second "));
        connection.room = 1_000;
        answers.write(bytes("third"));
        connection.waitingAllowed = true;
        answers.close();
        assertEquals("first second third", connection.text());
    }

    @Test
    void aReaderThatKeepsUpGetsEveryAnswerAtOnce() throws IOException {
        Connection connection = new Connection(1 << 20);
        try (SpooledOutput answers = new SpooledOutput(connection, connection::isFull)) {
            answers.write(bytes("one\n"));
            answers.flush();
            assertEquals("one\n", connection.text());
            assertEquals(1, connection.flushes);
        }
    }

    @Test
    void anEmptyAnswerIsFlushed() throws IOException {
        Connection connection = new Connection(10);
        new SpooledOutput(connection, connection::isFull).close();
        assertEquals("", connection.text());
        assertFalse(connection.flushes == 0);
    }

    @Test
    void aDisconnectedReaderFailsTheWrite() throws IOException {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("gone");
            }
        };
        SpooledOutput answers = new SpooledOutput(gone, () -> true);
        answers.write(bytes("kept"));
        assertThrows(IOException.class, answers::close);
    }

    /** A reader that starts while the request is still sent gets what was stored, without waiting for the end. */
    @Test
    void storedBytesAreSentAsSoonAsThereIsRoom() throws IOException {
        Connection connection = new Connection(0);
        SpooledOutput answers = new SpooledOutput(connection, connection::isFull);
        answers.write(bytes("first "));
        connection.room = 100;
        answers.write(bytes("second "));
        assertEquals("first second ", connection.text());
        connection.room = 0;
        answers.write(bytes("third"));
        assertEquals("first second ", connection.text());
        connection.waitingAllowed = true;
        answers.close();
        assertEquals("first second third", connection.text());
    }

    private static final class Counted extends OutputStream {
        private long sent;

        @Override
        public void write(int b) {
            sent++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            sent += length;
        }
    }

    /** A short request with a long answer must not fill the disk. */
    @Test
    void anAnswerThatIsMuchLongerThanItsRequestWaitsForItsReader() throws IOException {
        Counted connection = new Counted();
        byte[] block = new byte[1 << 20];
        try (SpooledOutput answers = new SpooledOutput(connection, () -> true)) {
            for (long stored = 0; stored < SpooledOutput.MOST; stored += block.length) {
                answers.write(block);
            }
            assertEquals(0, connection.sent);
            answers.write(block);
            assertEquals(SpooledOutput.MOST + block.length, connection.sent);
        }
    }

    @Test
    void theAnswerToALongRequestMayBeStored() throws IOException {
        Counted connection = new Counted();
        byte[] block = new byte[1 << 20];
        try (SpooledOutput answers = new SpooledOutput(connection, () -> true)) {
            answers.received(SpooledOutput.MOST / 4);
            for (long stored = 0; stored < 2 * SpooledOutput.MOST; stored += block.length) {
                answers.write(block);
            }
            assertEquals(0, connection.sent);
        }
        assertEquals(2 * SpooledOutput.MOST, connection.sent);
    }
}
