package org.askfirst.tlog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Ed25519Test {
    /** The secret key, public key, message and signature of RFC 8032, section 7.1, tests 1 to 3. */
    private static final String[][] STANDARD = {
        {
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                    + "d25bf5f0595bbe24655141438e7a100b"
        },
        {
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
                    + "387b2eaeb4302aeeb00d291612bb0c00"
        },
        {
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
                    + "4a7c15e9716ed28dc027beceea1ec40a"
        }
    };

    @Test
    void theVectorsOfTheStandard() throws GeneralSecurityException, MalformedException {
        for (String[] vector : STANDARD) {
            PrivateKey secret = secret(bytes(vector[0]));
            PublicKey key = Ed25519.publicKey(bytes(vector[1]));
            assertEquals(vector[1], HexFormat.of().formatHex(Ed25519.raw(Ed25519.publicKey(secret))));
            assertEquals(vector[1], HexFormat.of().formatHex(Ed25519.raw(key)));
            assertEquals(vector[3], HexFormat.of().formatHex(Ed25519.sign(secret, bytes(vector[2]))));
            assertTrue(Ed25519.verifies(key, bytes(vector[2]), bytes(vector[3])));
            assertFalse(Ed25519.verifies(key, bytes("00"), bytes(vector[3])));
        }
    }

    @Test
    void aPublicKeyIsDerivedFromEveryPrivateOne() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        for (int i = 0; i < 100; i++) {
            KeyPair pair = generator.generateKeyPair();
            PrivateKey loaded = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(pair.getPrivate().getEncoded()));
            assertArrayEquals(Ed25519.raw(pair.getPublic()), Ed25519.raw(Ed25519.publicKey(loaded)));
        }
    }

    @Test
    void otherKeysAreRefused() throws GeneralSecurityException {
        for (String other : new String[] {"Ed448", "X25519", "EC"}) {
            KeyPair pair = KeyPairGenerator.getInstance(other).generateKeyPair();
            assertThrows(IllegalArgumentException.class, () -> Ed25519.raw(pair.getPublic()));
            assertThrows(IllegalArgumentException.class, () -> Ed25519.publicKey(pair.getPrivate()));
        }
    }

    @Test
    void anyBytesAreAKeyThatVerifiesOrAreRefused() {
        Random random = new Random(25519);
        int refused = 0;
        for (int i = 0; i < 400; i++) {
            byte[] raw = new byte[32];
            random.nextBytes(raw);
            if (i % 4 == 0) {
                // Values near the prime, beyond which encodings are not numbers of the field.
                Arrays.fill(raw, (byte) -1);
                raw[0] = (byte) i;
                raw[31] = (byte) (i % 8 == 0 ? 0x7F : 0xFF);
            }
            try {
                PublicKey key = Ed25519.publicKey(raw);
                byte[] signature = new byte[i % 70];
                random.nextBytes(signature);
                assertFalse(Ed25519.verifies(key, raw, signature));
            } catch (MalformedException noPoint) {
                refused++;
            }
        }
        assertTrue(refused > 100 && refused < 350, refused + " of 400 refused");
        for (int length : new int[] {0, 31, 33, 64}) {
            assertThrows(MalformedException.class, () -> Ed25519.publicKey(new byte[length]));
        }
    }

    static PrivateKey secret(byte[] seed) throws GeneralSecurityException {
        return KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
