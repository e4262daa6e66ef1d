package org.askfirst.tlog;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * One signature line of a note: {@code — name base64(key id || signature)}. The key may be unknown.
 *
 * <p>The line is only a claim; {@link SignedNote#verify} checks it.
 */
public final class NoteSignature {
    private static final String DASH = "— ";

    private final String name;
    private final int keyId;
    private final byte[] signature;

    NoteSignature(String name, int keyId, byte[] signature) {
        this.name = name;
        this.keyId = keyId;
        this.signature = signature;
    }

    /** Reads one line, without its newline. */
    static NoteSignature parse(String line) throws MalformedException {
        int space = line.indexOf(' ', DASH.length());
        if (!line.startsWith(DASH) || space < 0) {
            throw new MalformedException("a signature line must look like '— name base64'");
        }
        String name = line.substring(DASH.length(), space);
        if (!KeyName.isValid(name)) {
            throw new MalformedException("a key name has no spaces and no plus signs");
        }
        byte[] idAndSignature = StrictText.base64(line.substring(space + 1), "signature");
        if (idAndSignature.length <= Integer.BYTES) {
            throw new MalformedException("a signature has a key id of four bytes and at least one more byte");
        }
        return new NoteSignature(
                name,
                ByteBuffer.wrap(idAndSignature).getInt(),
                Arrays.copyOfRange(idAndSignature, Integer.BYTES, idAndSignature.length));
    }

    /** Returns the claimed name of the key. */
    public String name() {
        return name;
    }

    /** Returns the key id, of which all 32 bits are used. */
    public int keyId() {
        return keyId;
    }

    /** Returns the signature without the key id, in a new array. Its length depends on the signature type. */
    public byte[] signature() {
        return signature.clone();
    }

    /** Returns true if the line has the name and the key id of this key. */
    public boolean isMeantFor(NoteVerifier verifier) {
        return keyId == verifier.keyId() && name.equals(verifier.name());
    }

    /** Returns the line that {@link #parse} reads, without its newline. */
    @Override
    public String toString() {
        byte[] idAndSignature = ByteBuffer.allocate(Integer.BYTES + signature.length)
                .putInt(keyId)
                .put(signature)
                .array();
        return DASH + name + " " + Base64.getEncoder().encodeToString(idAndSignature);
    }
}
