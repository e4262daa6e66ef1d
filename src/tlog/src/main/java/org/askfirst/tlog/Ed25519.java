package org.askfirst.tlog;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** Ed25519 (RFC 8032) with the keys of the JDK and their raw form of 32 bytes. */
public final class Ed25519 {
    /** The number of bytes of a raw public key. */
    public static final int PUBLIC_KEY_BYTES = 32;

    /** The number of bytes of a signature. */
    public static final int SIGNATURE_BYTES = 64;

    /** The bytes before the raw key in a SubjectPublicKeyInfo (RFC 8410, section 4). */
    private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private Ed25519() {}

    /**
     * Returns the public key of 32 raw bytes (RFC 8032, section 5.1.2).
     *
     * @throws MalformedException if there are not 32 bytes, or if they are not a point of the curve
     */
    public static PublicKey publicKey(byte[] raw) throws MalformedException {
        if (raw.length != PUBLIC_KEY_BYTES) {
            throw new MalformedException("an Ed25519 public key has " + PUBLIC_KEY_BYTES + " bytes");
        }
        byte[] spki = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + raw.length);
        System.arraycopy(raw, 0, spki, SPKI_PREFIX.length, raw.length);
        try {
            PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
            // The JDK checks only on use that the bytes are a point, so the key is used once. The trial
            // signature is well-formed (R = 1, S = 0); its result does not matter.
            byte[] trial = new byte[SIGNATURE_BYTES];
            trial[0] = 1;
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.verify(trial);
            return key;
        } catch (InvalidKeySpecException | InvalidKeyException | SignatureException notAPoint) {
            throw new MalformedException("these 32 bytes are not an Ed25519 public key");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK from 15 on has Ed25519", impossible);
        }
    }

    /**
     * Returns the 32 raw bytes of a public key.
     *
     * @throws IllegalArgumentException if the key is not an Ed25519 key
     */
    public static byte[] raw(PublicKey key) {
        byte[] spki = key.getEncoded();
        boolean ed25519 = spki != null
                && spki.length == SPKI_PREFIX.length + PUBLIC_KEY_BYTES
                && Arrays.equals(spki, 0, SPKI_PREFIX.length, SPKI_PREFIX, 0, SPKI_PREFIX.length);
        if (!ed25519) {
            throw new IllegalArgumentException("the key is not an Ed25519 public key");
        }
        return Arrays.copyOfRange(spki, SPKI_PREFIX.length, spki.length);
    }

    /**
     * Returns the public key of a private key.
     *
     * @throws IllegalArgumentException if the private key is not an Ed25519 key or does not reveal its bytes
     */
    public static PublicKey publicKey(PrivateKey key) {
        byte[] seed =
                key instanceof EdECPrivateKey edwards ? edwards.getBytes().orElseGet(() -> new byte[0]) : new byte[0];
        if (seed.length != PUBLIC_KEY_BYTES) {
            throw new IllegalArgumentException("the key is not an Ed25519 private key that reveals its bytes");
        }
        try {
            // The JDK derives a public key only when it generates a pair, from the random bytes that become the private
            // key. With our bytes in place of random ones it generates our pair, which is then tested.
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, new GivenBytes(seed));
            PublicKey derived = generator.generateKeyPair().getPublic();
            byte[] probe = MerkleTree.emptyRoot().bytes();
            if (!verifies(derived, probe, sign(key, probe))) {
                throw new IllegalStateException("the public key could not be derived from the private one");
            }
            return derived;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK from 15 on has Ed25519", impossible);
        }
    }

    static byte[] sign(PrivateKey key, byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("the Ed25519 private key cannot sign", broken);
        }
    }

    static boolean verifies(PublicKey key, byte[] message, byte[] signed) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(message);
            return signature.verify(signed);
        } catch (SignatureException misshapen) {
            // The length is wrong, or a value is not a point or out of range: it is not this key's signature.
            return false;
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("the key was checked when it was created", impossible);
        }
    }

    /** Returns given bytes in place of random ones. */
    private static final class GivenBytes extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final byte[] bytes;

        GivenBytes(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void nextBytes(byte[] target) {
            if (target.length != bytes.length) {
                throw new IllegalStateException("the generator asked for " + target.length + " random bytes");
            }
            System.arraycopy(bytes, 0, target, 0, bytes.length);
        }
    }
}
