package org.askfirst.tlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignedNoteTest {
    /** The example in the documentation of Go's {@code golang.org/x/mod/sumdb/note}: text, key and both signatures. */
    private static final String TEXT = """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.
            """;

    private static final String KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    private static final String SEED = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    private static final String LINE = "— PeterNeumann"
            + " x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    private static final String STRANGER = "— EnochRoot"
            + " rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";
    private static final String NOTE = TEXT + "\n" + LINE;

    private static Ed25519Signer signer(String name) throws GeneralSecurityException {
        byte[] typeAndSeed = Base64.getDecoder().decode(SEED);
        return Ed25519Signer.of(name, Ed25519Test.secret(Arrays.copyOfRange(typeAndSeed, 1, 33)));
    }

    @Test
    void theNoteOfGoIsVerifiedAndSignedToTheLetter() throws Exception {
        Ed25519Verifier key = Ed25519Verifier.parse(KEY);
        assertEquals("PeterNeumann", key.name());
        assertEquals(0xc74f20a3, key.keyId());
        SignedNote note = SignedNote.parse(NOTE.getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of(key), note.verify(List.of(key)));
        assertEquals(TEXT, note.text());
        assertEquals(NOTE, note.toString());

        Ed25519Signer signer = signer("PeterNeumann");
        assertEquals(KEY, signer.verifier().verifierKey());
        assertEquals(NOTE, SignedNote.sign(TEXT, List.of(signer)).toString());
    }

    @Test
    void signaturesOfOthersAreKeptAndIgnored() throws Exception {
        Ed25519Verifier key = Ed25519Verifier.parse(KEY);
        // One line has the stranger's key id with our name, the other has our key id with the stranger's name.
        String ourName = STRANGER.replace("EnochRoot", "PeterNeumann");
        String ourId = LINE.replace("PeterNeumann", "EnochRoot");
        SignedNote note = SignedNote.parse(TEXT + "\n" + STRANGER + ourName + LINE + ourId);
        assertEquals(List.of(key), note.verify(List.of(key)));
        assertEquals(
                List.of("EnochRoot", "PeterNeumann", "PeterNeumann", "EnochRoot"),
                note.signatures().stream().map(NoteSignature::name).toList());
        SignedNote unsigned = SignedNote.parse(TEXT + "\n" + STRANGER);
        assertThrows(NotProvenException.class, () -> unsigned.verify(List.of(key)));
        assertThrows(NotProvenException.class, () -> note.verify(List.of()));
    }

    @Test
    void severalKnownKeysAreToldApart() throws Exception {
        Ed25519Signer log = signer("log.example/one");
        Ed25519Signer witness = signer("witness.example/w1");
        Ed25519Verifier absent = signer("witness.example/w2").verifier();
        SignedNote note = SignedNote.sign("hello\n", List.of(log, witness));
        assertEquals(
                List.of(witness.verifier(), log.verifier()),
                note.verify(List.of(witness.verifier(), absent, log.verifier())));
    }

    @Test
    void aFalseSignatureInAKnownNameSinksTheNote() throws Exception {
        Ed25519Verifier key = Ed25519Verifier.parse(KEY);
        SignedNote otherText = SignedNote.parse("If" + NOTE);
        assertThrows(NotProvenException.class, () -> otherText.verify(List.of(key)));
        // A valid line does not compensate for an invalid one. A signature of another length is invalid too.
        for (String line : List.of(LINE.replace("x08go/ZJ", "x08go/ZK"), "— PeterNeumann x08go/ZJ\n")) {
            SignedNote note = SignedNote.parse(TEXT + "\n" + LINE + line);
            assertThrows(NotProvenException.class, () -> note.verify(List.of(key)), line);
        }
    }

    @Test
    void aTextMayHaveBlankLines() throws Exception {
        Ed25519Signer signer = signer("한국.example/기록");
        for (String text : List.of("\n", "\n\n", "a\n\nb\n", "a\n\n", "— a b\n", "가\u007F나\uD83D\uDE00\n")) {
            SignedNote note = SignedNote.sign(text, List.of(signer));
            SignedNote read = SignedNote.parse(note.toString().getBytes(StandardCharsets.UTF_8));
            assertEquals(text, read.text());
            assertEquals(note, read);
            assertEquals(1, read.verify(List.of(signer.verifier())).size());
        }
    }

    @Test
    void whatIsNoNoteIsRefused() {
        String many = String.join("", Collections.nCopies(SignedNote.MAX_SIGNATURES, LINE));
        for (String bad : List.of(
                "",
                "\n",
                "\n\n",
                TEXT,
                TEXT + "\n",
                TEXT + LINE,
                NOTE + "\n",
                NOTE + "no signature\n",
                NOTE.substring(0, NOTE.length() - 1),
                NOTE.replace("— ", "- "),
                NOTE.replace("— ", "—"),
                NOTE.replace("PeterNeumann ", "PeterNeumann  "),
                NOTE.replace("PeterNeumann ", "Peter Neumann "),
                NOTE.replace("PeterNeumann ", "Peter+Neumann "),
                NOTE.replace("PeterNeumann ", "Peter\u00A0Neumann "),
                NOTE.replace("PeterNeumann ", "Peter\u0085Neumann "),
                NOTE.replace("PeterNeumann ", "Peter\u3000Neumann "),
                NOTE.replace("PeterNeumann ", " "),
                NOTE.replace("AM=\n", "AM\n"),
                NOTE.replace("AM=\n", "AN=\n"),
                NOTE.replace("AM=\n", "AM=\r\n"),
                NOTE.replace("If you", "If\tyou"),
                NOTE.replace("If you", "If\u0000you"),
                NOTE.replace("If you", "If\uD800you"),
                TEXT + "\n— PeterNeumann x08gow==\n",
                TEXT + "\n— PeterNeumann \n",
                TEXT + "\n— PeterNeumann\n",
                TEXT + "\n— \n",
                TEXT + "\n—\n",
                NOTE + many)) {
            assertThrows(MalformedException.class, () -> SignedNote.parse(bad), bad);
        }
        byte[] latin = NOTE.replace("problem", "probl\u00e8me").getBytes(StandardCharsets.ISO_8859_1);
        assertThrows(MalformedException.class, () -> SignedNote.parse(latin));
        byte[] surrogate = {(byte) 0xED, (byte) 0xA0, (byte) 0x80, '\n', '\n'};
        assertThrows(MalformedException.class, () -> SignedNote.parse(surrogate));
    }

    @Test
    void asManySignaturesAsAllowedAreRead() throws Exception {
        SignedNote note =
                SignedNote.parse(TEXT + "\n" + String.join("", Collections.nCopies(SignedNote.MAX_SIGNATURES, LINE)));
        assertEquals(SignedNote.MAX_SIGNATURES, note.signatures().size());
        assertTrue(note.toString().endsWith(LINE));
    }

    @Test
    void whatIsNoVerifierKeyIsRefused() {
        for (String bad : List.of(
                "",
                "+",
                "++",
                KEY + "\n",
                KEY + "=",
                KEY.substring(0, KEY.length() - 1),
                KEY.replace("c74f20a3", "C74F20A3"),
                KEY.replace("c74f20a3", "c74f20a4"),
                KEY.replace("c74f20a3", "74f20a3"),
                KEY.replace("c74f20a3", ""),
                KEY.replace("PeterNeumann", "PeterNewmann"),
                KEY.replace("PeterNeumann", "Peter Neumann"),
                KEY.replace("PeterNeumann", ""),
                KEY.replace("ARpc", "Ahpc"),
                KEY.replace("ARpc", "ARpd"),
                "PRIVATE+KEY+" + KEY)) {
            assertThrows(MalformedException.class, () -> Ed25519Verifier.parse(bad), bad);
        }
    }

    @Test
    void whatCannotBeANoteCannotBeSigned() throws Exception {
        Ed25519Signer signer = signer("log.example/one");
        for (String bad : List.of("", "no newline", "a\r\n", "a\uDC00\n")) {
            assertThrows(IllegalArgumentException.class, () -> SignedNote.sign(bad, List.of(signer)));
        }
        assertThrows(IllegalArgumentException.class, () -> SignedNote.sign("a\n", List.of()));
        for (String name : List.of("", "a b", "a+b", "a\nb", "a\u2003b", "a\uD800")) {
            assertThrows(IllegalArgumentException.class, () -> signer(name));
        }
    }
}
