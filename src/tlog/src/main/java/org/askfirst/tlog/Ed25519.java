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

/** Ed25519 (RFC 8032) with the keys of the JDK, and their raw form of 32 bytes. */
public final class Ed25519 {
    /** How many bytes a raw public key has. */
    public static final int PUBLIC_KEY_BYTES = 32;

    /** How many bytes a signature has. */
    public static final int SIGNATURE_BYTES = 64;

    /** What stands before the raw key in a SubjectPublicKeyInfo (RFC 8410, section 4). */
    private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private Ed25519() {}

    /**
     * The public key of 32 raw bytes (RFC 8032, section 5.1.2).
     *
     * @throws MalformedException if there are not 32, or they encode no point of the curve
     */
    public static PublicKey publicKey(byte[] raw) throws MalformedException {
        if (raw.length != PUBLIC_KEY_BYTES) {
            throw new MalformedException("an Ed25519 public key has " + PUBLIC_KEY_BYTES + " bytes");
        }
        byte[] spki = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + raw.length);
        System.arraycopy(raw, 0, spki, SPKI_PREFIX.length, raw.length);
        try {
            PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
            // Whether the bytes are a point is found out only when the key is used, so it is used once. The trial
            // signature is rightly formed (R = 1, S = 0); whether it verifies does not matter.
            byte[] trial = new byte[SIGNATURE_BYTES];
            trial[0] = 1;
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.verify(trial);
            return key;
        } catch (InvalidKeySpecException | InvalidKeyException | SignatureException notAPoint) {
            throw new MalformedException("these 32 bytes are no Ed25519 public key");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK from 15 on has Ed25519", impossible);
        }
    }

    /**
     * The 32 raw bytes of a public key.
     *
     * @throws IllegalArgumentException if the key is of another kind
     */
    public static byte[] raw(PublicKey key) {
        byte[] spki = key.getEncoded();
        boolean ed25519 = spki != null
                && spki.length == SPKI_PREFIX.length + PUBLIC_KEY_BYTES
                && Arrays.equals(spki, 0, SPKI_PREFIX.length, SPKI_PREFIX, 0, SPKI_PREFIX.length);
        if (!ed25519) {
            throw new IllegalArgumentException("this is no Ed25519 public key");
        }
        return Arrays.copyOfRange(spki, SPKI_PREFIX.length, spki.length);
    }

    /**
     * The public key that belongs to a private one.
     *
     * @throws IllegalArgumentException if the private key is of another kind or does not show its bytes
     */
    public static PublicKey publicKey(PrivateKey key) {
        byte[] seed =
                key instanceof EdECPrivateKey edwards ? edwards.getBytes().orElseGet(() -> new byte[0]) : new byte[0];
        if (seed.length != PUBLIC_KEY_BYTES) {
            throw new IllegalArgumentException("this is no Ed25519 private key with its bytes");
        }
        try {
            // The JDK derives a public key only when it makes a pair, from the random bytes that are the private
            // key. Given our bytes for random ones, it makes our pair; and the pair is put to the test.
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, new Given(seed));
            PublicKey made = generator.generateKeyPair().getPublic();
            byte[] probe = MerkleTree.emptyRoot().bytes();
            if (!verifies(made, probe, sign(key, probe))) {
                throw new IllegalStateException("the public key could not be derived from the private one");
            }
            return made;
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
            // Of the wrong length, or no point, or out of range: not this key's signature, in any case.
            return false;
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("the key was found good when it was made", impossible);
        }
    }

    /** Gives bytes that are already known where random ones are asked for. */
    private static final class Given extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final byte[] bytes;

        Given(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void nextBytes(byte[] wanted) {
            if (wanted.length != bytes.length) {
                throw new IllegalStateException("asked for " + wanted.length + " random bytes");
            }
            System.arraycopy(bytes, 0, wanted, 0, bytes.length);
        }
    }
}
