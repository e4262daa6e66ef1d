package org.askfirst.tlog;

import java.security.PrivateKey;

/** Signs notes with an Ed25519 private key: signature type 0x01 of C2SP signed-note. */
public final class Ed25519Signer implements NoteSigner {
    private final PrivateKey key;
    private final Ed25519Verifier verifier;

    private Ed25519Signer(PrivateKey key, Ed25519Verifier verifier) {
        this.key = key;
        this.verifier = verifier;
    }

    /**
     * Returns the signer with this name; the public key is derived from the private one.
     *
     * @throws IllegalArgumentException if the name is empty or has spaces or plus signs, or if the key is not an
     *     Ed25519 key
     */
    public static Ed25519Signer of(String name, PrivateKey key) {
        return new Ed25519Signer(key, Ed25519Verifier.of(name, Ed25519.publicKey(key)));
    }

    @Override
    public Ed25519Verifier verifier() {
        return verifier;
    }

    @Override
    public byte[] sign(byte[] text) {
        return Ed25519.sign(key, text);
    }
}
