package org.askfirst.tlog;

import java.nio.ByteBuffer;
import java.security.PrivateKey;
import java.time.InstantSource;

/** Cosigns checkpoints at the present time, with an Ed25519 private key: signature type 0x04 of C2SP tlog-cosignature. */
public final class CosignatureSigner implements NoteSigner {
    private final PrivateKey key;
    private final CosignatureVerifier verifier;
    private final InstantSource clock;

    private CosignatureSigner(PrivateKey key, CosignatureVerifier verifier, InstantSource clock) {
        this.key = key;
        this.verifier = verifier;
        this.clock = clock;
    }

    /**
     * Returns the signer with this name; the public key is derived from the private one.
     *
     * @throws IllegalArgumentException if the name is empty or has spaces or plus signs, or if the key is not an
     *     Ed25519 key
     */
    public static CosignatureSigner of(String name, PrivateKey key, InstantSource clock) {
        return new CosignatureSigner(key, CosignatureVerifier.of(name, Ed25519.publicKey(key)), clock);
    }

    @Override
    public CosignatureVerifier verifier() {
        return verifier;
    }

    /** Returns the present time in seconds, in 8 bytes, and the signature over it and the text. */
    @Override
    public byte[] sign(byte[] text) {
        long seconds = clock.instant().getEpochSecond();
        byte[] signature = Ed25519.sign(key, CosignatureVerifier.message(seconds, text));
        return ByteBuffer.allocate(Long.BYTES + signature.length)
                .putLong(seconds)
                .put(signature)
                .array();
    }
}
