package org.askfirst.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;
import org.junit.jupiter.api.Test;

/** The data beside the ledger, and the commitment that ties it to its entry. */
class ConfidentialTest {
    private static final byte[] SALT = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
    private static final Confidential ALL = new Confidential(
            "mailto:haneul@example.com",
            "김하늘",
            "Ring twice \"please\"",
            new Work("봄의 끝", List.of("이서연"), "choreography"),
            null);

    @Test
    void itsTextIsExactlyThis() {
        assertEquals(
                "{\"attribution\":\"김하늘\",\"contact\":\"mailto:haneul@example.com\","
                        + "\"text\":\"Ring twice \\\"please\\\"\",\"work\":{\"creators\":[\"이서연\"],"
                        + "\"kind\":\"choreography\",\"title\":\"봄의 끝\"}}",
                ALL.toJson());
        assertEquals(
                "{\"reason\":\"a letter\"}", Confidential.ofReason("a letter").toJson());
        assertEquals(
                "{\"work\":{\"title\":\"t\"}}",
                new Confidential(null, null, null, new Work("t", List.of(), null), null).toJson());
    }

    @Test
    void theNameAndTheContactOfAPartyHaveTheirText() {
        Confidential party = Confidential.ofParty("김하늘", "mailto:haneul@example.com", false);
        assertEquals("{\"contact\":\"mailto:haneul@example.com\",\"name\":\"김하늘\"}", party.toJson());
        assertEquals(party, Confidential.parse(party.toJson()));
        Confidential relay = Confidential.ofParty("김하늘", null, true);
        assertEquals("{\"name\":\"김하늘\",\"relay\":true}", relay.toJson());
        assertEquals(relay, Confidential.parse(relay.toJson()));
    }

    @Test
    void theNamesOfTheOperatorsKeysHaveTheirText() {
        Confidential act = Confidential.ofReason("a letter", List.of("first", "jiwoo"));
        assertEquals("{\"operators\":[\"first\",\"jiwoo\"],\"reason\":\"a letter\"}", act.toJson());
        assertEquals(act, Confidential.parse(act.toJson()));
    }

    @Test
    void itComesBackFromItsText() {
        assertEquals(ALL, Confidential.parse(ALL.toJson()));
        Confidential reason = Confidential.ofReason("a letter\nand a call");
        assertEquals(reason, Confidential.parse(reason.toJson()));
    }

    @Test
    void whatASocietyKnowsAndWhoGivesLicencesHaveTheirTexts() {
        Confidential reference = Confidential.ofReference(new Confidential.Reference("1204", "ab"));
        assertEquals("{\"reference\":{\"code\":\"ab\",\"number\":\"1204\"}}", reference.toJson());
        assertEquals(reference, Confidential.parse(reference.toJson()));
        Confidential licensors = new Confidential(
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(
                        new Confidential.Licensor("이서연", "mailto:a@example.com"),
                        new Confidential.Licensor(null, null)),
                null,
                null,
                false,
                List.of());
        assertEquals(
                "{\"licensors\":[{\"contact\":\"mailto:a@example.com\",\"name\":\"이서연\"},{}]}", licensors.toJson());
        assertEquals(licensors, Confidential.parse(licensors.toJson()));
    }

    @Test
    void whatARepertoireIsCalledIsKeptBesideTheLedger() {
        Content repertoire = new Content(
                        List.of(),
                        Stances.of(Map.of(Use.AI_TRAINING, Stance.RESERVED)),
                        Terms.NONE,
                        Period.ALWAYS,
                        null)
                .withRepertoire(new Repertoire("이서연의 노래"));
        Confidential title = Confidential.of(repertoire).orElseThrow();
        assertEquals("{\"repertoire\":\"이서연의 노래\"}", title.toJson());
        assertEquals(title, Confidential.parse(title.toJson()));
        assertEquals(new Repertoire(null), repertoire.withoutConfidential().repertoire());
        assertEquals(repertoire, repertoire.withoutConfidential().with(title));
    }

    @Test
    void theCommitmentIsSha256OfSaltAndText() throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(SALT);
        digest.update(ALL.toJson().getBytes(StandardCharsets.UTF_8));
        assertEquals(HexFormat.of().formatHex(digest.digest()), ALL.commitment(SALT));
        assertNotEquals(ALL.commitment(SALT), ALL.commitment(new byte[SALT.length]));
    }

    @Test
    void aDeclarationThatNamesNobodyHasNone() {
        Content open = new Content(
                List.of(Subject.parse("isbn:9788936434120")),
                Stances.of(Map.of(Use.AI_TRAINING, Stance.RESERVED)),
                new Terms(null, "https://example.com/licence", null, null, null, null, List.of(), List.of(), null),
                Period.ALWAYS,
                null);
        assertEquals(Optional.empty(), Confidential.of(open));
    }
}
