package org.askfirst.subject;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 for everything except the Merkle trees, which have their own.
 *
 * <p>Each thread has its own instance: the lookup of the algorithm costs more than the hash of a subject, and the JDK's
 * digest is not safe for two threads. Subjects are hashed as slices of a buffer, without garbage.
 */
public final class Sha256 {
    private static final ThreadLocal<Sha256> OF_THREAD = ThreadLocal.withInitial(Sha256::new);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int BUFFER = 1 << 16;

    private final MessageDigest digest;
    private final byte[] result = new byte[SubjectKey.BYTES];

    private Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Returns the SHA-256 of those parts, one after the other. */
    public static byte[] of(byte[]... parts) {
        MessageDigest digest = ofThread().digest;
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    /** Returns the SHA-256 of that text in UTF-8. */
    public static byte[] of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the SHA-256 of everything that the stream still has, in hexadecimal. The caller closes it. */
    public static String hexOf(InputStream in) throws IOException {
        // One of its own: a read that fails would leave that of the thread half fed.
        MessageDigest digest = new Sha256().digest;
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            digest.update(buffer, 0, read);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Returns the instance of the calling thread. Never store it in a field. */
    static Sha256 ofThread() {
        return OF_THREAD.get();
    }

    /** Returns the key of {@code buffer[from, to)}. */
    SubjectKey key(byte[] buffer, int from, int to) {
        run(buffer, from, to);
        return new SubjectKey(word(0), word(1), word(2), word(3));
    }

    /** Writes the four big-endian words of the hash of {@code buffer[from, to)} to {@code words} at {@code index}. */
    void write(byte[] buffer, int from, int to, long[] words, int index) {
        run(buffer, from, to);
        for (int i = 0; i < 4; i++) {
            words[index + i] = word(i);
        }
    }

    private void run(byte[] buffer, int from, int to) {
        digest.update(buffer, from, to - from);
        try {
            digest.digest(result, 0, result.length);
        } catch (DigestException e) {
            throw new IllegalStateException("the buffer has room for a SHA-256", e);
        }
    }

    private long word(int index) {
        return (long) LONGS.get(result, index * Long.BYTES);
    }
}
