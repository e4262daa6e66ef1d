package org.askfirst.entry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.json.CanonicalJson;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.ControlMethod;
import org.askfirst.verdict.PartyDecision;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The text that the log hashes. It may gain members, and its present members never change. */
class EntryTest {
    private static final Instant RECORDED = Instant.parse("2026-11-22T09:10:00.000042Z");
    private static final DeclarationId DECLARATION = new DeclarationId(new UUID(0, 31));
    private static final PartyId PARTY = new PartyId(new UUID(0, 1));
    private static final Terms TERMS = new Terms(
            "mailto:haneul@example.com",
            "https://example.com/licence",
            "https://example.com/policy",
            new Payment("training", "50000", "KRW"),
            "김하늘",
            "research",
            List.of("education", "government"),
            List.of("KR", "EU"),
            "Ask for 하늘 at the desk");
    private static final Work WORK = new Work("봄의 끝", List.of("이서연", "Seo-yeon Lee"), "choreography");

    private static final String DECLARED = "{\"commitment\":\"ab\",\"contactable\":true,"
            + "\"declaration\":\"d_0000000000000000000000000z\",\"party\":\"p_00000000000000000000000001\","
            + "\"stances\":{\"ai-training\":\"permitted-with-terms\",\"search-indexing\":\"permitted\"},"
            + "\"subjects\":[\"isbn:9788936434120\",\"url:https://example.com/%EB%B4%84\"],"
            + "\"terms\":{\"license\":\"https://example.com/licence\",\"payment\":{\"amount\":\"50000\","
            + "\"currency\":\"KRW\",\"type\":\"training\"},\"policy\":\"https://example.com/policy\","
            + "\"purpose\":\"research\",\"territory\":[\"KR\",\"EU\"],"
            + "\"userClass\":[\"education\",\"government\"]},\"time\":\"2026-11-22T09:10:00.000042Z\","
            + "\"type\":\"declared\",\"v\":1,\"validFrom\":\"2026-12-01T00:00:00.000000Z\","
            + "\"validTo\":\"2027-12-01T00:00:00.500000Z\"}";
    private static final String AMENDED = "{\"contactable\":false,\"declaration\":\"d_0000000000000000000000000z\","
            + "\"party\":\"p_00000000000000000000000001\",\"stances\":{\"text-and-data-mining\":\"reserved\"},"
            + "\"subjects\":[\"isbn:9788936434120\"],\"time\":\"2026-11-22T09:10:00.000042Z\","
            + "\"type\":\"amended\",\"v\":1}";
    private static final String MINTED = "{\"contactable\":false,\"declaration\":\"d_0000000000000000000000000z\","
            + "\"mints\":true,\"party\":\"p_00000000000000000000000001\","
            + "\"stances\":{\"text-and-data-mining\":\"reserved\"},\"subjects\":[\"work:041061050r3gg28a1c60a\"],"
            + "\"time\":\"2026-11-22T09:10:00.000042Z\",\"type\":\"declared\",\"v\":1}";
    private static final String WITHDRAWN = "{\"declaration\":\"d_0000000000000000000000000z\","
            + "\"party\":\"p_00000000000000000000000001\",\"time\":\"2026-11-22T09:10:00.000042Z\","
            + "\"type\":\"withdrawn\",\"v\":1}";
    private static final String ERASED = "{\"party\":\"p_00000000000000000000000001\","
            + "\"time\":\"2026-11-22T09:10:00.000042Z\",\"type\":\"erased\",\"v\":1}";
    private static final String CONTROL = "{\"commitment\":\"cd\",\"method\":\"operator\","
            + "\"party\":\"p_00000000000000000000000001\",\"subject\":\"domain:example.com\","
            + "\"time\":\"2026-11-22T09:10:00.000042Z\",\"type\":\"control-proved\",\"v\":1}";

    private static final String LAPSED = "{\"commitment\":\"cd\",\"party\":\"p_00000000000000000000000001\","
            + "\"subject\":\"domain:example.com\",\"time\":\"2026-11-22T09:10:00.000042Z\","
            + "\"type\":\"control-revoked\",\"v\":1}";

    private static final String RULED =
            "{\"commitment\":\"cd\",\"decision\":\"vouching-granted\",\"party\":\"p_00000000000000000000000001\","
                    + "\"schemes\":[\"isrc\",\"iswc\"],"
                    + "\"time\":\"2026-11-22T09:10:00.000042Z\",\"type\":\"party-status-decided\",\"v\":1}";

    private static final PartyId SOCIETY = new PartyId(new UUID(0, 2));
    private static final MandateId MANDATE = new MandateId(new UUID(0, 3));
    private static final String HEAD = "\"party\":\"p_00000000000000000000000002\",";
    private static final String TIME = "\"time\":\"2026-11-22T09:10:00.000042Z\",";
    private static final String PROVED_BY = "{\"by\":\"p_00000000000000000000000002\",\"commitment\":\"cd\","
            + "\"method\":\"vouching-body\",\"party\":\"p_00000000000000000000000001\","
            + "\"subject\":\"doi-prefix:10.1234\"," + TIME + "\"type\":\"control-proved\",\"v\":1}";
    private static final String MEMBER = "{\"member\":\"p_00000000000000000000000001\"," + HEAD + TIME;
    private static final String VOUCHED = MEMBER + "\"type\":\"vouched\",\"v\":1}";
    private static final String UNVOUCHED = MEMBER + "\"type\":\"unvouched\",\"v\":1}";
    private static final String OFFERED = "{\"documentSha256\":\"ef\","
            + "\"mandate\":\"m_00000000000000000000000003\",\"member\":\"p_00000000000000000000000001\"," + HEAD
            + "\"schemes\":[\"isrc\",\"iswc\"],\"society\":\"p_00000000000000000000000002\",\"territory\":[\"JP\",\"KR\"],"
            + TIME
            + "\"type\":\"mandate-offered\",\"uses\":[\"ai-training\",\"ai-input\"],\"v\":1,"
            + "\"validFrom\":\"2026-12-01T00:00:00.000000Z\",\"validTo\":\"2027-12-01T00:00:00.000000Z\"}";
    private static final String RECORDED_MANDATE = "{\"commitment\":\"ab\","
            + "\"mandate\":\"m_00000000000000000000000003\"," + HEAD
            + "\"society\":\"p_00000000000000000000000002\"," + TIME + "\"type\":\"mandate-recorded\",\"v\":1}";
    private static final String WITHDRAWN_MANDATE = "{\"mandate\":\"m_00000000000000000000000003\"," + HEAD + TIME
            + "\"type\":\"mandate-withdrawn\",\"until\":\"2027-12-01T00:00:00.000000Z\",\"v\":1}";
    private static final String STEP = "{\"mandate\":\"m_00000000000000000000000003\"," + HEAD + TIME;
    private static final String ACCEPTED_MANDATE = STEP + "\"type\":\"mandate-accepted\",\"v\":1}";
    private static final String DECLINED_MANDATE = STEP + "\"type\":\"mandate-declined\",\"v\":1}";
    private static final String CLAIMED_MANDATE = STEP + "\"type\":\"mandate-claimed\",\"v\":1}";
    private static final String UNDER_MANDATE =
            "{\"contactable\":false,\"declaration\":\"d_0000000000000000000000000z\","
                    + "\"mandate\":\"m_00000000000000000000000003\",\"party\":\"p_00000000000000000000000002\","
                    + "\"stances\":{\"text-and-data-mining\":\"reserved\"},\"subjects\":[\"isbn:9788936434120\"],"
                    + TIME
                    + "\"type\":\"declared\",\"v\":1}";

    private static final String REPERTOIRE = "{\"commitment\":\"ab\",\"contactable\":false,"
            + "\"declaration\":\"d_0000000000000000000000000z\",\"party\":\"p_00000000000000000000000001\","
            + "\"repertoire\":true,\"stances\":{\"text-and-data-mining\":\"reserved\"}," + TIME
            + "\"type\":\"declared\",\"v\":1}";
    private static final String LISTED = "{\"add\":[\"iswc:T0345246801\",\"isbn:9788936434120\"],"
            + "\"declaration\":\"d_0000000000000000000000000z\",\"party\":\"p_00000000000000000000000001\","
            + "\"remove\":[\"isrc:KRA301500123\"]," + TIME + "\"type\":\"listed\",\"v\":1}";
    private static final String UNLISTED = "{\"declaration\":\"d_0000000000000000000000000z\","
            + "\"party\":\"p_00000000000000000000000001\",\"remove\":[\"isrc:KRA301500123\"]," + TIME
            + "\"type\":\"listed\",\"v\":1}";

    private static final String PARTYS = "\"party\":\"p_00000000000000000000000001\",";
    private static final String NAMED = "{" + PARTYS + "\"successor\":\"p_00000000000000000000000002\"," + TIME
            + "\"type\":\"successor-named\",\"v\":1}";
    private static final String UNNAMED = "{" + PARTYS + TIME + "\"type\":\"successor-named\",\"v\":1}";
    private static final String SUCCEEDED = "{\"commitment\":\"cd\"," + PARTYS
            + "\"successor\":\"p_00000000000000000000000002\"," + TIME + "\"type\":\"succeeded\",\"v\":1}";
    private static final String RECOVERY_BEGUN = "{\"by\":\"p_00000000000000000000000002\",\"commitment\":\"cd\","
            + PARTYS + "\"recovery\":\"r_1\"," + TIME + "\"type\":\"recovery-begun\",\"v\":1}";
    private static final String RECOVERED =
            "{" + PARTYS + "\"recovery\":\"r_1\"," + TIME + "\"type\":\"recovered\",\"v\":1}";
    private static final String RECOVERY_STOPPED =
            "{" + PARTYS + "\"recovery\":\"r_1\"," + TIME + "\"type\":\"recovery-stopped\",\"v\":1}";

    @Test
    void whatHandsAnAccountOverHasTexts() {
        assertEquals(NAMED, new AccountEntry.SuccessorNamed(PARTY, SOCIETY).canonical(RECORDED));
        assertEquals(UNNAMED, new AccountEntry.SuccessorNamed(PARTY, null).canonical(RECORDED));
        assertEquals(SUCCEEDED, new AccountEntry.Succeeded(PARTY, SOCIETY, "cd").canonical(RECORDED));
        assertEquals(
                RECOVERY_BEGUN,
                new AccountEntry.RecoveryChanged(RecoveryStep.BEGUN, PARTY, "r_1", SOCIETY, "cd").canonical(RECORDED));
        assertEquals(
                RECOVERED,
                new AccountEntry.RecoveryChanged(RecoveryStep.DONE, PARTY, "r_1", null, null).canonical(RECORDED));
    }

    @Test
    void whatARepertoireSaysAndListsHasTexts() {
        Content content = new Content(
                        List.of(),
                        Stances.of(Map.of(Use.TEXT_AND_DATA_MINING, Stance.RESERVED)),
                        Terms.NONE,
                        Period.ALWAYS,
                        null)
                .withRepertoire(new Repertoire("t"));
        Entry declared = new DeclarationEntry.Stated(false, false, DECLARATION, PARTY, content, false, "ab");
        Subject song = Subject.parse("isrc:KRA301500123");
        Entry listed = new DeclarationEntry.Listed(
                DECLARATION,
                PARTY,
                List.of(Subject.parse("iswc:T0345246801"), Subject.parse("isbn:9788936434120")),
                List.of(song));
        assertEquals(REPERTOIRE, declared.canonical(RECORDED));
        assertEquals(LISTED, listed.canonical(RECORDED));
        assertEquals(
                UNLISTED,
                new DeclarationEntry.Listed(DECLARATION, PARTY, List.of(), List.of(song)).canonical(RECORDED));
        assertEquals(declared, Entry.parse(REPERTOIRE));
        assertEquals(listed, Entry.parse(LISTED));
    }

    @Test
    void whatIsSaidForOthersHasTexts() {
        Instant from = Instant.parse("2026-12-01T00:00:00Z");
        Instant to = Instant.parse("2027-12-01T00:00:00Z");
        Mandate limited = new Mandate(
                SOCIETY,
                PARTY,
                List.of(SubjectScheme.ISWC, SubjectScheme.ISRC),
                List.of(Use.AI_INPUT, Use.AI_TRAINING),
                List.of("KR", "JP"),
                new Period(from, to),
                "ef");
        Mandate open = new Mandate(SOCIETY, null, List.of(), List.of(), List.of(), Period.ALWAYS, null);
        assertEquals(
                PROVED_BY,
                new ControlEntry.ControlProved(
                                PARTY, Subject.parse("doi-prefix:10.1234"), ControlMethod.VOUCHING_BODY, SOCIETY, "cd")
                        .canonical(RECORDED));
        assertEquals(VOUCHED, new TrustEntry.MemberVouched(false, SOCIETY, PARTY).canonical(RECORDED));
        assertEquals(UNVOUCHED, new TrustEntry.MemberVouched(true, SOCIETY, PARTY).canonical(RECORDED));
        assertEquals(OFFERED, new MandateEntry.MandateMade(false, MANDATE, SOCIETY, limited, null).canonical(RECORDED));
        assertEquals(
                RECORDED_MANDATE, new MandateEntry.MandateMade(true, MANDATE, SOCIETY, open, "ab").canonical(RECORDED));
        assertEquals(
                WITHDRAWN_MANDATE,
                new MandateEntry.MandateChanged(MandateStep.WITHDRAWN, MANDATE, SOCIETY, to).canonical(RECORDED));
        assertEquals(
                ACCEPTED_MANDATE,
                new MandateEntry.MandateChanged(MandateStep.ACCEPTED, MANDATE, SOCIETY, null).canonical(RECORDED));
        Content under = new Content(
                List.of(Subject.parse("isbn:9788936434120")),
                Stances.of(Map.of(Use.TEXT_AND_DATA_MINING, Stance.RESERVED)),
                Terms.NONE,
                Period.ALWAYS,
                null,
                MANDATE,
                null);
        assertEquals(
                UNDER_MANDATE,
                new DeclarationEntry.Stated(false, false, DECLARATION, SOCIETY, under, false, null)
                        .canonical(RECORDED));
    }

    private static DeclarationEntry.Stated stated(boolean amends, boolean mints, String subject) {
        return new DeclarationEntry.Stated(
                amends,
                mints,
                DECLARATION,
                PARTY,
                new Content(
                        List.of(Subject.parse(subject)),
                        Stances.of(Map.of(Use.TEXT_AND_DATA_MINING, Stance.RESERVED)),
                        Terms.NONE,
                        Period.ALWAYS,
                        null),
                false,
                null);
    }

    private static DeclarationEntry.Stated everything() {
        return new DeclarationEntry.Stated(false, false, DECLARATION, PARTY, everythingSubmitted(), true, "ab");
    }

    private static Content everythingSubmitted() {
        return new Content(
                List.of(
                        Subject.parse("isbn:978-89-364-3412-0"),
                        Subject.parse("url:https://EXAMPLE.com/봄#start"),
                        Subject.parse("isbn:9788936434120")),
                Stances.of(Map.of(Use.AI_TRAINING, Stance.PERMITTED_WITH_TERMS, Use.SEARCH_INDEXING, Stance.PERMITTED)),
                TERMS,
                new Period(Instant.parse("2026-12-01T00:00:00Z"), Instant.parse("2027-12-01T00:00:00.5Z")),
                WORK);
    }

    @Test
    void theTextOfEveryKindOfEntryIsExactlyThis() {
        assertEquals(DECLARED, everything().canonical(RECORDED));
        assertEquals(AMENDED, stated(true, false, "isbn:9788936434120").canonical(RECORDED));
        assertEquals(MINTED, stated(false, true, "work:041061050r3gg28a1c60a").canonical(RECORDED));
        assertEquals(WITHDRAWN, new DeclarationEntry.Withdrawn(DECLARATION, PARTY).canonical(RECORDED));
        assertEquals(ERASED, new AccountEntry.Erased(PARTY).canonical(RECORDED));
        assertEquals(
                CONTROL,
                new ControlEntry.ControlProved(PARTY, Subject.parse("domain:example.com"), ControlMethod.OPERATOR, "cd")
                        .canonical(RECORDED));
        assertEquals(
                RULED,
                new TrustEntry.PartyStatusDecided(
                                PartyDecision.VOUCHING_GRANTED,
                                PARTY,
                                List.of(SubjectScheme.ISWC, SubjectScheme.ISRC, SubjectScheme.ISWC),
                                "cd")
                        .canonical(RECORDED));
        assertEquals(
                LAPSED,
                new ControlEntry.ControlRevoked(PARTY, Subject.parse("domain:example.com"), "cd").canonical(RECORDED));
    }

    private static List<String> everyKind() {
        return List.of(
                DECLARED,
                AMENDED,
                MINTED,
                WITHDRAWN,
                ERASED,
                CONTROL,
                LAPSED,
                RULED,
                PROVED_BY,
                VOUCHED,
                UNVOUCHED,
                OFFERED,
                RECORDED_MANDATE,
                WITHDRAWN_MANDATE,
                ACCEPTED_MANDATE,
                DECLINED_MANDATE,
                CLAIMED_MANDATE,
                NAMED,
                UNNAMED,
                SUCCEEDED,
                RECOVERY_BEGUN,
                RECOVERED,
                RECOVERY_STOPPED,
                UNDER_MANDATE,
                REPERTOIRE,
                LISTED,
                UNLISTED);
    }

    @Test
    void everyKindIsReadFromSomeText() {
        Set<Class<?>> read = new HashSet<>();
        everyKind().forEach(canonical -> read.add(Entry.parse(canonical).getClass()));
        assertEquals(recordsOf(Entry.class), read);
    }

    private static Set<Class<?>> recordsOf(Class<?> sealed) {
        Set<Class<?>> records = new HashSet<>();
        for (Class<?> kind : sealed.getPermittedSubclasses()) {
            if (kind.isRecord()) {
                records.add(kind);
            } else {
                records.addAll(recordsOf(kind));
            }
        }
        return records;
    }

    @Test
    void everyEntryIsSubmittedByThoseThatItNamesAlone() {
        Map<String, Set<Submitter>> others = Map.of(
                CONTROL, Set.of(Submitter.OPERATOR),
                PROVED_BY, Set.of(Submitter.VOUCHING_BODY),
                LAPSED, Set.of(Submitter.OWN_KEY, Submitter.OPERATOR, Submitter.REGISTRY),
                RULED, Set.of(Submitter.OPERATOR),
                SUCCEEDED, Set.of(Submitter.OPERATOR),
                RECOVERY_BEGUN, Set.of(Submitter.VOUCHING_BODY),
                RECOVERED, Set.of(Submitter.REGISTRY));
        for (String canonical : everyKind()) {
            assertEquals(
                    others.getOrDefault(canonical, Set.of(Submitter.OWN_KEY)),
                    Entry.parse(canonical).submitters(),
                    canonical);
        }
        Subject site = Subject.parse("domain:example.com");
        assertEquals(
                Set.of(Submitter.REGISTRY),
                new ControlEntry.ControlProved(PARTY, site, ControlMethod.DNS_TXT, null).submitters());
    }

    @Test
    void entriesThatDependOnEachOtherShareAConflictKey() {
        Subject site = Subject.parse("domain:example.com");
        Entry proved = new ControlEntry.ControlProved(PARTY, site, ControlMethod.DNS_TXT, null);
        Entry lapsed = new ControlEntry.ControlRevoked(PARTY, site, "cd");
        assertEquals(proved.conflictKeys(null), lapsed.conflictKeys(null));
        Entry elsewhere = new ControlEntry.ControlRevoked(SOCIETY, site, "cd");
        assertTrue(Collections.disjoint(proved.conflictKeys(null), elsewhere.conflictKeys(null)));
        Entry named = new AccountEntry.SuccessorNamed(PARTY, SOCIETY);
        assertEquals(named.conflictKeys(null), new AccountEntry.Succeeded(PARTY, SOCIETY, "cd").conflictKeys(null));
        Mandate terms = new Mandate(SOCIETY, null, List.of(), List.of(), List.of(), Period.ALWAYS, null);
        Entry made = new MandateEntry.MandateMade(true, MANDATE, SOCIETY, terms, "ab");
        Confidential one = Confidential.ofReference(new Confidential.Reference("1", "code"));
        Confidential other = Confidential.ofReference(new Confidential.Reference("2", "code"));
        assertFalse(made.conflictKeys(one).isEmpty());
        assertTrue(Collections.disjoint(made.conflictKeys(one), made.conflictKeys(other)));
        assertEquals(Set.of(), made.conflictKeys(null));
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void everyEntryComesBackFromItsText(String canonical) {
        Entry entry = Entry.parse(canonical);
        assertEquals(canonical, entry.canonical(RECORDED));
        assertEquals(entry, Entry.parse(entry.canonical(RECORDED)));
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void everyTextIsCanonicalJson(String canonical) {
        assertEquals(canonical, CanonicalJson.write(CanonicalJson.parse(canonical)));
    }

    @Test
    void nothingThatMayNameAPersonStandsInAnEntry() {
        String canonical = everything().canonical(RECORDED);
        for (String personal : List.of(
                "haneul",
                "mailto",
                "김하늘",
                "하늘 at",
                "desk",
                "봄의 끝",
                "이서연",
                "Seo-yeon",
                "choreography",
                "\"contact\"",
                "attribution",
                "title",
                "creators")) {
            assertFalse(canonical.contains(personal), personal + " is in " + canonical);
        }
    }

    @Test
    void whatWasSubmittedIsPutTogetherAgain() {
        DeclarationEntry.Stated entry =
                (DeclarationEntry.Stated) Entry.parse(everything().canonical(RECORDED));
        Confidential beside = Confidential.of(everythingSubmitted()).orElseThrow();
        assertEquals(everythingSubmitted(), entry.contentWith(beside));
        assertEquals(entry.content(), entry.contentWith(null));
    }

    @Test
    void theFingerprintTellsWhetherTwoSubmissionsSayTheSame() {
        Confidential beside = Confidential.of(everythingSubmitted()).orElseThrow();
        byte[] one = everything().fingerprint(beside);
        DeclarationEntry.Stated other = new DeclarationEntry.Stated(
                false, false, new DeclarationId(new UUID(7, 7)), PARTY, everythingSubmitted(), true, "other salt");
        assertArrayEquals(one, other.fingerprint(beside), "id and salt say nothing");
        DeclarationEntry.Stated read =
                (DeclarationEntry.Stated) Entry.parse(everything().canonical(RECORDED));
        assertArrayEquals(one, read.fingerprint(beside), "read back from the ledger");
        assertFalse(Arrays.equals(one, everything().fingerprint(null)), "the confidential part counts too");
        assertFalse(Arrays.equals(
                stated(false, false, "isbn:9788936434120").fingerprint(null),
                stated(false, false, "isbn:9788954637909").fingerprint(null)));
    }

    @Test
    void workIdsThatTheRegistryGaveAreNoPartOfTheFingerprint() {
        assertArrayEquals(
                stated(false, true, "work:041061050r3gg28a1c60a").fingerprint(null),
                stated(
                                false,
                                true,
                                Subject.ofWork("another work and its id".getBytes(StandardCharsets.UTF_8))
                                        .canonical())
                        .fingerprint(null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"party\":\"p_00000000000000000000000001\",\"type\":\"vanished\",\"v\":1}",
                "{\"party\":\"p_0\",\"declaration\":\"d_0000000000000000000000000z\",\"type\":\"withdrawn\"}",
                "{\"party\":\"p_00000000000000000000000001\",\"type\":\"withdrawn\"}"
            })
    void whatIsNoEntryIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Entry.parse(text));
    }
}
