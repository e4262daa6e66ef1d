package org.askfirst.tlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointTest {
    /** The example of C2SP tlog-checkpoint. */
    private static final String EXAMPLE = """
            example.com/behind-the-sofa
            20852163
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
            """;

    private static final MemoryLog LOG = MemoryLog.grownTo(300);

    @Test
    void theExampleOfTheSpecification() throws MalformedException {
        Checkpoint checkpoint = Checkpoint.parse(EXAMPLE);
        assertEquals("example.com/behind-the-sofa", checkpoint.origin());
        assertEquals(20_852_163, checkpoint.size());
        assertEquals(
                "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
                checkpoint.root().base64());
        assertEquals(EXAMPLE, checkpoint.text());
        Checkpoint extended = Checkpoint.parse(EXAMPLE + "an extension\n— another\n");
        assertEquals(List.of("an extension", "— another"), extended.extensions());
        assertEquals(EXAMPLE + "an extension\n— another\n", extended.text());
    }

    @Test
    void whatIsNoCheckpointIsRefused() {
        for (String bad : List.of(
                "",
                "\n",
                "\n\n\n",
                EXAMPLE.substring(0, EXAMPLE.length() - 1),
                EXAMPLE + "\n",
                EXAMPLE + "\nextension\n",
                EXAMPLE + "extension",
                "\n" + EXAMPLE,
                EXAMPLE.replace("example.com/behind-the-sofa", ""),
                EXAMPLE.replace("20852163", "020852163"),
                EXAMPLE.replace("20852163", "+20852163"),
                EXAMPLE.replace("20852163", "-1"),
                EXAMPLE.replace("20852163", "9223372036854775808"),
                EXAMPLE.replace("20852163", "99999999999999999999"),
                EXAMPLE.replace("20852163", "2e7"),
                EXAMPLE.replace("20852163", "٢"),
                EXAMPLE.replace("20852163", " 1"),
                EXAMPLE.replace("20852163", ""),
                EXAMPLE.replace("2I=", "2J="),
                EXAMPLE.replace("2I=", "2I"),
                EXAMPLE.replace("CsUY", ""),
                "origin\n1\n",
                "origin\n1")) {
            assertThrows(MalformedException.class, () -> Checkpoint.parse(bad), bad);
        }
    }

    @Test
    void onlyTheLogsOwnCheckpointIsOpened() throws Exception {
        Ed25519Signer signer = LOG.signer();
        Checkpoint opened = Checkpoint.open(SignedNote.parse(LOG.checkpoint().toString()), signer.verifier());
        assertEquals(Checkpoint.of(MemoryLog.ORIGIN, 300, LOG.root()), opened);

        SignedNote ofAnotherLog =
                Checkpoint.of("other.example/log", 300, LOG.root()).sign(List.of(signer));
        assertThrows(NotProvenException.class, () -> Checkpoint.open(ofAnotherLog, signer.verifier()));
        assertThrows(
                NotProvenException.class,
                () -> Checkpoint.open(LOG.checkpoint(), new MemoryLog().signer().verifier()));
        SignedNote noCheckpoint = SignedNote.sign("hello\n", List.of(signer));
        assertThrows(MalformedException.class, () -> Checkpoint.open(noCheckpoint, signer.verifier()));
        SignedNote grown = SignedNote.parse(LOG.checkpoint().toString().replace("\n300\n", "\n301\n"));
        assertThrows(NotProvenException.class, () -> Checkpoint.open(grown, signer.verifier()));
    }

    @Test
    void aCheckpointIsMadeOfLines() {
        for (String bad : List.of("", "a\nb", "\n")) {
            assertThrows(IllegalArgumentException.class, () -> Checkpoint.of(bad, 1, LOG.root()));
            assertThrows(
                    IllegalArgumentException.class, () -> new Checkpoint("origin", 1, LOG.root(), List.of("ok", bad)));
        }
        assertThrows(IllegalArgumentException.class, () -> Checkpoint.of("origin", -1, LOG.root()));
    }
}
