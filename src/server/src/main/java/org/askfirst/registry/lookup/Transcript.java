package org.askfirst.registry.lookup;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.askfirst.registry.http.Lines;

/**
 * Hashes the lines of one stream for its receipt, as {@code docs/formats/receipts.md} specifies. A line of the request
 * is hashed once it is paid for, because only such lines are answered.
 */
final class Transcript {
    private static final byte NEW_LINE = '\n';

    private final MessageDigest asked = sha256();
    private final MessageDigest answered = sha256();
    private final Deque<byte[]> unpaid = new ArrayDeque<>();
    private long count;

    /** Adds a line of the request that is not paid for yet. */
    void read(Lines.Line line) {
        unpaid.add(line.bytes());
    }

    /** Hashes the first lines that were not paid for. */
    void paid(int lines) {
        for (int i = 0; i < lines; i++) {
            asked.update(unpaid.removeFirst());
            asked.update(NEW_LINE);
        }
        count += lines;
    }

    /** Hashes lines of the answer, line ends included. */
    void wrote(byte[] lines) {
        answered.update(lines);
    }

    /** Returns the number of lines of the request that were hashed. */
    long count() {
        return count;
    }

    /** Returns the hash of the lines of the request so far. Called once. */
    byte[] asked() {
        return asked.digest();
    }

    /** Returns the hash of the lines of the answer so far. Called once. */
    byte[] answered() {
        return answered.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
