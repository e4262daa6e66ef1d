package org.askfirst.tlog;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * One signature line of a note, whoever's it may be: {@code — name base64(key id || signature)}.
 *
 * <p>It is a claim; only {@link SignedNote#verify} says whether it is true.
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
            throw new MalformedException("a signature has a key id of four bytes and something after it");
        }
        return new NoteSignature(
                name,
                ByteBuffer.wrap(idAndSignature).getInt(),
                Arrays.copyOfRange(idAndSignature, Integer.BYTES, idAndSignature.length));
    }

    /** The name that the key is said to sign under. */
    public String name() {
        return name;
    }

    /** The key id, all 32 bits of it used. */
    public int keyId() {
        return keyId;
    }

    /** The signature without the key id: a fresh array, of a length that the signature type says. */
    public byte[] signature() {
        return signature.clone();
    }

    /** Says if the line is meant for this key: name and key id are its. */
    boolean isMeantFor(NoteVerifier verifier) {
        return keyId == verifier.keyId() && name.equals(verifier.name());
    }

    /** The line as {@link #parse} reads it, without its newline. */
    @Override
    public String toString() {
        byte[] idAndSignature = ByteBuffer.allocate(Integer.BYTES + signature.length)
                .putInt(keyId)
                .put(signature)
                .array();
        return DASH + name + " " + Base64.getEncoder().encodeToString(idAndSignature);
    }
}
