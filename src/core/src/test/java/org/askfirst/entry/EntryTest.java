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
import org.askfirst.id.DisputeId;
import org.askfirst.id.GrantId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.id.ReportId;
import org.askfirst.json.CanonicalJson;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.ContactCheck;
import org.askfirst.verdict.ControlMethod;
import org.askfirst.verdict.PartyDecision;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;
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
            + "\"rules\":1,\"stances\":{\"ai-training\":\"permitted-with-terms\",\"search-indexing\":\"permitted\"},"
            + "\"subjects\":[\"isbn:9788936434120\",\"url:https://example.com/%EB%B4%84\"],"
            + "\"terms\":{\"license\":\"https://example.com/licence\",\"payment\":{\"amount\":\"50000\","
            + "\"currency\":\"KRW\",\"type\":\"training\"},\"policy\":\"https://example.com/policy\","
            + "\"purpose\":\"research\",\"territory\":[\"KR\",\"EU\"],"
            + "\"userClass\":[\"education\",\"government\"]},\"time\":\"2026-11-22T09:10:00.000042Z\","
            + "\"type\":\"declared\",\"v\":1,\"validFrom\":\"2026-12-01T00:00:00.000000Z\","
            + "\"validTo\":\"2027-12-01T00:00:00.500000Z\"}";
    private static final String AMENDED = "{\"contactable\":false,\"declaration\":\"d_0000000000000000000000000z\","
            + "\"party\":\"p_00000000000000000000000001\",\"rules\":1,\"stances\":{\"text-and-data-mining\":\"reserved\"},"
            + "\"subjects\":[\"isbn:9788936434120\"],\"time\":\"2026-11-22T09:10:00.000042Z\","
            + "\"type\":\"amended\",\"v\":1}";
    private static final String MINTED = "{\"contactable\":false,\"declaration\":\"d_0000000000000000000000000z\","
            + "\"mints\":true,\"party\":\"p_00000000000000000000000001\","
            + "\"rules\":1,\"stances\":{\"text-and-data-mining\":\"reserved\"},\"subjects\":[\"work:041061050r3gg28a1c60a\"],"
            + "\"time\":\"2026-11-22T09:10:00.000042Z\",\"type\":\"declared\",\"v\":1}";
    private static final String WITHDRAWN = "{\"declaration\":\"d_0000000000000000000000000z\","
            + "\"party\":\"p_00000000000000000000000001\",\"rules\":1,\"time\":\"2026-11-22T09:10:00.000042Z\","
            + "\"type\":\"withdrawn\",\"v\":1}";
    private static final String ERASED = "{\"party\":\"p_00000000000000000000000001\","
            + "\"rules\":1,\"time\":\"2026-11-22T09:10:00.000042Z\",\"type\":\"erased\",\"v\":1}";
    private static final String CONTROL = "{\"commitment\":\"cd\",\"method\":\"operator\","
            + "\"party\":\"p_00000000000000000000000001\",\"rules\":1,\"subject\":\"domain:example.com\","
            + "\"time\":\"2026-11-22T09:10:00.000042Z\",\"type\":\"control-proved\",\"v\":1}";

    private static final String LAPSED = "{\"commitment\":\"cd\",\"party\":\"p_00000000000000000000000001\","
            + "\"rules\":1,\"subject\":\"domain:example.com\",\"time\":\"2026-11-22T09:10:00.000042Z\","
            + "\"type\":\"control-revoked\",\"v\":1}";

    private static final String RULED =
            "{\"commitment\":\"cd\",\"decision\":\"vouching-granted\",\"party\":\"p_00000000000000000000000001\","
                    + "\"rules\":1,\"schemes\":[\"isrc\",\"iswc\"],"
                    + "\"time\":\"2026-11-22T09:10:00.000042Z\",\"type\":\"party-status-decided\",\"v\":1}";

    private static final PartyId SOCIETY = new PartyId(new UUID(0, 2));
    private static final MandateId MANDATE = new MandateId(new UUID(0, 3));
    private static final String HEAD = "\"party\":\"p_00000000000000000000000002\",";
    private static final String TIME = "\"time\":\"2026-11-22T09:10:00.000042Z\",";
    private static final String PROVED_BY = "{\"by\":\"p_00000000000000000000000002\",\"commitment\":\"cd\","
            + "\"method\":\"vouching-body\",\"party\":\"p_00000000000000000000000001\","
            + "\"rules\":1,\"subject\":\"doi-prefix:10.1234\"," + TIME + "\"type\":\"control-proved\",\"v\":1}";
    private static final String MEMBER = "{\"member\":\"p_00000000000000000000000001\"," + HEAD + "\"rules\":1," + TIME;
    private static final String VOUCHED = MEMBER + "\"type\":\"vouched\",\"v\":1}";
    private static final String UNVOUCHED = MEMBER + "\"type\":\"unvouched\",\"v\":1}";
    private static final String VOUCHING_OFFERED = MEMBER + "\"type\":\"vouching-offered\",\"v\":1}";
    private static final String OF_MEMBER =
            "{\"body\":\"p_00000000000000000000000002\",\"party\":\"p_00000000000000000000000001\",";
    private static final String VOUCHING_ACCEPTED =
            "{\"body\":\"p_00000000000000000000000002\",\"mayRecover\":true,\"party\":\"p_00000000000000000000000001\",\"rules\":1,"
                    + TIME + "\"type\":\"vouching-accepted\",\"v\":1}";
    private static final String VOUCHING_DECLINED =
            OF_MEMBER + "\"rules\":1," + TIME + "\"type\":\"vouching-declined\",\"v\":1}";
    private static final String VOUCHING_LEFT =
            OF_MEMBER + "\"rules\":1," + TIME + "\"type\":\"vouching-left\",\"v\":1}";
    private static final String OFFERED = "{\"documentSha256\":\"ef\","
            + "\"mandate\":\"m_00000000000000000000000003\",\"member\":\"p_00000000000000000000000001\"," + HEAD
            + "\"rules\":1,\"schemes\":[\"isrc\",\"iswc\"],\"society\":\"p_00000000000000000000000002\",\"territory\":[\"JP\",\"KR\"],"
            + TIME
            + "\"type\":\"mandate-offered\",\"uses\":[\"ai-training\",\"ai-input\"],\"v\":1,"
            + "\"validFrom\":\"2026-12-01T00:00:00.000000Z\",\"validTo\":\"2027-12-01T00:00:00.000000Z\"}";
    private static final String RECORDED_MANDATE = "{\"commitment\":\"ab\","
            + "\"mandate\":\"m_00000000000000000000000003\"," + HEAD
            + "\"rules\":1,\"society\":\"p_00000000000000000000000002\"," + TIME
            + "\"type\":\"mandate-recorded\",\"v\":1}";
    private static final String WITHDRAWN_MANDATE =
            "{\"mandate\":\"m_00000000000000000000000003\"," + HEAD + "\"rules\":1," + TIME
                    + "\"type\":\"mandate-withdrawn\",\"until\":\"2027-12-01T00:00:00.000000Z\",\"v\":1}";
    private static final String STEP = "{\"mandate\":\"m_00000000000000000000000003\"," + HEAD + "\"rules\":1," + TIME;
    private static final String ACCEPTED_MANDATE = STEP + "\"type\":\"mandate-accepted\",\"v\":1}";
    private static final String DECLINED_MANDATE = STEP + "\"type\":\"mandate-declined\",\"v\":1}";
    private static final String CLAIMED_MANDATE = STEP + "\"type\":\"mandate-claimed\",\"v\":1}";
    private static final String UNDER_MANDATE =
            "{\"contactable\":false,\"declaration\":\"d_0000000000000000000000000z\","
                    + "\"mandate\":\"m_00000000000000000000000003\",\"party\":\"p_00000000000000000000000002\","
                    + "\"rules\":1,\"stances\":{\"text-and-data-mining\":\"reserved\"},\"subjects\":[\"isbn:9788936434120\"],"
                    + TIME
                    + "\"type\":\"declared\",\"v\":1}";

    private static final String REPERTOIRE = "{\"commitment\":\"ab\",\"contactable\":false,"
            + "\"declaration\":\"d_0000000000000000000000000z\",\"party\":\"p_00000000000000000000000001\","
            + "\"repertoire\":true,\"rules\":1,\"stances\":{\"text-and-data-mining\":\"reserved\"}," + TIME
            + "\"type\":\"declared\",\"v\":1}";
    private static final String LISTED = "{\"add\":[\"iswc:T0345246801\",\"isbn:9788936434120\"],"
            + "\"declaration\":\"d_0000000000000000000000000z\",\"party\":\"p_00000000000000000000000001\","
            + "\"remove\":[\"isrc:KRA301500123\"]," + "\"rules\":1," + TIME + "\"type\":\"listed\",\"v\":1}";
    private static final String UNLISTED = "{\"declaration\":\"d_0000000000000000000000000z\","
            + "\"party\":\"p_00000000000000000000000001\",\"remove\":[\"isrc:KRA301500123\"]," + "\"rules\":1," + TIME
            + "\"type\":\"listed\",\"v\":1}";

    private static final String PARTYS = "\"party\":\"p_00000000000000000000000001\",";
    private static final String OPENED =
            "{\"commitment\":\"ab\",\"contactable\":true,\"party\":\"p_00000000000000000000000001\"," + "\"rules\":1,"
                    + TIME + "\"type\":\"party-opened\",\"v\":1}";
    private static final String DESCRIBED =
            "{\"commitment\":\"ab\",\"contactable\":false,\"party\":\"p_00000000000000000000000001\"," + "\"rules\":1,"
                    + TIME + "\"type\":\"party-changed\",\"v\":1}";
    private static final String RENAMED =
            "{\"commitment\":\"ab\",\"contactable\":true,\"party\":\"p_00000000000000000000000001\"," + "\"rules\":1,"
                    + "\"sameContact\":true," + TIME + "\"type\":\"party-changed\",\"v\":1}";
    private static final String CONTACT_VERIFIED =
            "{\"describedAt\":12," + PARTYS + "\"rules\":1," + TIME + "\"type\":\"contact-verified\",\"v\":1}";
    private static final String CONTACT_REFUSED =
            "{\"describedAt\":12," + PARTYS + "\"rules\":1," + TIME + "\"type\":\"contact-refused\",\"v\":1}";
    private static final String NAMED = "{" + PARTYS + "\"rules\":1,\"successor\":\"p_00000000000000000000000002\","
            + TIME + "\"type\":\"successor-named\",\"v\":1}";
    private static final String UNNAMED =
            "{" + PARTYS + "\"rules\":1," + TIME + "\"type\":\"successor-named\",\"v\":1}";
    private static final String SUCCEEDED = "{\"commitment\":\"cd\"," + PARTYS
            + "\"rules\":1,\"successor\":\"p_00000000000000000000000002\"," + TIME + "\"type\":\"succeeded\",\"v\":1}";
    private static final String RECOVERY_BEGUN = "{\"by\":\"p_00000000000000000000000002\",\"commitment\":\"cd\","
            + PARTYS + "\"recovery\":\"r_1\"," + "\"rules\":1," + TIME + "\"type\":\"recovery-begun\",\"v\":1}";
    private static final String RECOVERED =
            "{" + PARTYS + "\"recovery\":\"r_1\"," + "\"rules\":1," + TIME + "\"type\":\"recovered\",\"v\":1}";
    private static final String RECOVERY_STOPPED =
            "{" + PARTYS + "\"recovery\":\"r_1\"," + "\"rules\":1," + TIME + "\"type\":\"recovery-stopped\",\"v\":1}";

    @Test
    void theAnswersOfAMailboxHaveTexts() {
        assertEquals(
                CONTACT_VERIFIED,
                new AccountEntry.ContactChecked(PARTY, ContactCheck.VERIFIED, 12).canonical(RECORDED));
        assertEquals(
                CONTACT_REFUSED, new AccountEntry.ContactChecked(PARTY, ContactCheck.REFUSED, 12).canonical(RECORDED));
        assertThrows(
                IllegalArgumentException.class, () -> new AccountEntry.ContactChecked(PARTY, ContactCheck.NONE, 12));
        assertEquals(
                new AccountEntry.Described(false, PARTY, true, false, "ab").conflictKeys(null),
                new AccountEntry.ContactChecked(PARTY, ContactCheck.VERIFIED, 12).conflictKeys(null));
    }

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

    private static final String REJECTED = "{\"commitment\":\"cd\",\"days\":30,\"declaration\":\"" + DECLARATION
            + "\",\"dispute\":\"x_00000000000000000000000003\"," + PARTYS
            + "\"respondent\":\"" + SOCIETY + "\",\"rules\":1,\"subjects\":[\"domain:example.com\"]," + TIME
            + "\"type\":\"rejected\",\"v\":1}";
    private static final String REJECTION_WITHDRAWN = "{\"dispute\":\"x_00000000000000000000000003\"," + PARTYS
            + "\"rules\":1," + TIME + "\"type\":\"rejection-withdrawn\",\"v\":1}";
    private static final String HIDDEN = "{\"commitment\":\"cd\",\"ground\":\"impersonation\",\"party\":\"" + PARTY
            + "\",\"rules\":1," + TIME + "\"type\":\"hidden\",\"v\":1}";
    private static final String GRANTED = "{\"grant\":\"g_00000000000000000000000007\",\"licenseeCommitment\":\"a\","
            + "\"party\":\"" + PARTY + "\",\"rules\":1,\"termsCommitment\":\"c\"," + TIME
            + "\"type\":\"granted\",\"v\":1,\"validTo\":\"2030-01-01T00:00:00.000000Z\",\"worksCommitment\":\"b\"}";
    private static final String SUPERSEDED = GRANTED.replace(
                    "\"termsCommitment\"", "\"supersedes\":\"g_00000000000000000000000006\",\"termsCommitment\"")
            .replace("\"granted\"", "\"grant-superseded\"");
    private static final String GRANT_REVOKED = "{\"from\":\"2030-01-01T00:00:00.000000Z\",\"grant\":"
            + "\"g_00000000000000000000000007\",\"party\":\"" + PARTY + "\",\"rules\":1," + TIME
            + "\"type\":\"grant-revoked\",\"v\":1}";
    private static final String OFFER_PUBLISHED =
            "{\"automatic\":true,\"commitment\":\"ab\",\"licenseTerms\":{\"model\":"
                    + "{\"scope\":\"any\"},\"price\":{\"amount\":\"100\",\"basis\":\"per-work\",\""
                    + "currency\":\"KRW\"},\"reporting\":\"month\",\"territory\":[\"KR\"],\"tra"
                    + "nsfer\":\"none\",\"uses\":[\"ai-training\"]},\"offer\":\"o_01jd8v9m3n8"
                    + "r6v9y1b4g7z5x2s\",\"party\":\""
                    + PARTY
                    + "\",\"rules\":1,"
                    + TIME
                    + "\"type\":\"offer-published\",\"v\":1}";
    private static final String OFFER_AMENDED = "{\"declarations\":[\"d_01jd8v4n2c7e5g9j1k3m6p8r0t\"],\"licenseTer"
            + "ms\":{\"model\":{\"scope\":\"any\"},\"price\":{\"amount\":\"100\",\"basis\""
            + ":\"per-work\",\"currency\":\"KRW\"},\"reporting\":\"month\",\"territory"
            + "\":[\"KR\"],\"transfer\":\"none\",\"uses\":[\"ai-training\"]},\"offer\":\""
            + "o_01jd8v9m3n8r6v9y1b4g7z5x2s\",\"party\":\""
            + PARTY
            + "\",\"rules\":1,"
            + TIME
            + "\"type\":\"offer-amended\",\"v\":1}";
    private static final String OFFER_WITHDRAWN = "{\"offer\":\"o_01jd8v9m3n8r6v9y1b4g7z5x2s\",\"party\":\""
            + PARTY
            + "\",\"rules\":1,"
            + TIME
            + "\"type\":\"offer-withdrawn\",\"v\":1}";
    private static final String LICENSE_REQUESTED = "{\"commitment\":\"ab\",\"days\":30,\"party\":\""
            + PARTY
            + "\",\"request\":\"q_01jd8v9m3n8r6v9y1b4g7z5x2s\",\"rules\":1,"
            + TIME
            + "\"type\":\"license-requested\",\"v\":1}";
    private static final String LICENSE_COUNTERED = "{\"commitment\":\"ab\",\"days\":30,\"party\":\""
            + PARTY
            + "\",\"request\":\"q_01jd8v9m3n8r6v9y1b4g7z5x2s\",\"rules\":1,"
            + TIME
            + "\"type\":\"license-countered\",\"v\":1}";
    private static final String LICENSE_REFUSED = "{\"commitment\":\"ab\",\"party\":\""
            + PARTY
            + "\",\"request\":\"q_01jd8v9m3n8r6v9y1b4g7z5x2s\",\"rules\":1,"
            + TIME
            + "\"type\":\"license-refused\",\"v\":1}";
    private static final String REPORT_FILED = "{\"commitment\":\"ab\",\"party\":\"" + PARTY
            + "\",\"report\":\"u_00000000000000000000000008\",\"rules\":1," + TIME
            + "\"type\":\"report-filed\",\"v\":1}";
    private static final String STATEMENT_ISSUED = REPORT_FILED.replace("report-filed", "statement-issued");
    private static final String DISPUTE_DECIDED =
            "{\"commitment\":\"cd\",\"dispute\":\"x_00000000000000000000000003\",\"party\":\"" + SOCIETY
                    + "\",\"rules\":1,\"subjects\":[\"isbn:9788936434120\"]," + TIME
                    + "\"type\":\"dispute-decided\",\"v\":1}";
    private static final String DISPUTE_FILED = "{\"commitment\":\"cd\",\"days\":30,\"declaration\":\"" + DECLARATION
            + "\",\"dispute\":\"x_00000000000000000000000003\",\"evidence\":[\"ef\"],"
            + "\"grounds\":\"not-theirs\"," + PARTYS
            + "\"respondent\":\"" + SOCIETY + "\",\"rules\":1,\"subjects\":[\"domain:example.com\"]," + TIME
            + "\"type\":\"dispute-filed\",\"v\":1}";
    private static final String DISPUTE_ANSWERED =
            "{\"commitment\":\"cd\",\"days\":14,\"dispute\":\"x_00000000000000000000000003\","
                    + "\"evidence\":[\"ef\"],\"party\":\"" + SOCIETY + "\",\"rules\":1," + TIME
                    + "\"type\":\"dispute-answered\",\"v\":1}";

    @Test
    void whatIsContestedHasTexts() {
        DisputeId dispute = new DisputeId(new UUID(0, 3));
        Entry rejected = new DisputeEntry.Rejected(
                dispute, PARTY, SOCIETY, DECLARATION, List.of(Subject.parse("domain:example.com")), 30, "cd");
        Entry withdrawn = new DisputeEntry.RejectionWithdrawn(dispute, PARTY);
        Entry decided = new DisputeEntry.DisputeDecided(
                dispute, SOCIETY, List.of(Subject.parse("isbn:9788936434120")), null, "cd");
        assertEquals(REJECTED, rejected.canonical(RECORDED));
        assertEquals(REJECTION_WITHDRAWN, withdrawn.canonical(RECORDED));
        assertEquals(DISPUTE_DECIDED, decided.canonical(RECORDED));
        Entry filed = new DisputeEntry.DisputeFiled(
                dispute,
                PARTY,
                SOCIETY,
                DECLARATION,
                List.of(Subject.parse("domain:example.com")),
                "not-theirs",
                List.of("ef"),
                30,
                "cd");
        assertEquals(DISPUTE_FILED, filed.canonical(RECORDED));
        Entry answered =
                new DisputeEntry.DisputeStepped(DisputeStep.ANSWERED, dispute, SOCIETY, List.of("ef"), 14, "cd");
        Entry continued = new DisputeEntry.DisputeStepped(DisputeStep.CONTINUED, dispute, PARTY, List.of(), null, null);
        assertEquals(DISPUTE_ANSWERED, answered.canonical(RECORDED));
        Entry arbitrated = new DisputeEntry.DisputeDecided(dispute, SOCIETY, List.of(), false, PARTY, null, "cd");
        assertEquals(arbitrated, Entry.parse(arbitrated.canonical(RECORDED)));
        assertEquals(Set.of(Submitter.ARBITER), arbitrated.submitters());
        Entry ofControl = new DisputeEntry.DisputeFiled(
                dispute,
                PARTY,
                SOCIETY,
                null,
                List.of(Subject.parse("domain:example.com")),
                "not-theirs",
                List.of(),
                30,
                "cd");
        assertEquals(ofControl, Entry.parse(ofControl.canonical(RECORDED)));
        for (Entry entry : List.of(rejected, withdrawn, decided, filed, answered, continued)) {
            assertEquals(entry, Entry.parse(entry.canonical(RECORDED)));
        }
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
        assertEquals(VOUCHED, vouching(VouchingStep.VOUCHED, false));
        assertEquals(UNVOUCHED, vouching(VouchingStep.UNVOUCHED, false));
        assertEquals(VOUCHING_OFFERED, vouching(VouchingStep.OFFERED, false));
        assertEquals(VOUCHING_ACCEPTED, vouching(VouchingStep.ACCEPTED, true));
        assertEquals(VOUCHING_DECLINED, vouching(VouchingStep.DECLINED, false));
        assertEquals(VOUCHING_LEFT, vouching(VouchingStep.LEFT, false));
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

    @Test
    void reportsHaveTexts() {
        ReportId report = new ReportId(new UUID(0, 8));
        assertEquals(REPORT_FILED, new ReportEntry.ReportFiled(report, PARTY, "ab").canonical(RECORDED));
        assertEquals(STATEMENT_ISSUED, new ReportEntry.StatementIssued(report, PARTY, "ab").canonical(RECORDED));
    }

    @Test
    void grantsHaveTexts() {
        GrantId grant = new GrantId(new UUID(0, 7));
        Instant end = Instant.parse("2030-01-01T00:00:00Z");
        GrantEntry.Commitments commitments = new GrantEntry.Commitments("a", "b", "c");
        assertEquals(
                GRANTED,
                new GrantEntry.Granted(grant, PARTY, null, new Period(null, end), commitments).canonical(RECORDED));
        assertEquals(
                SUPERSEDED,
                new GrantEntry.Granted(grant, PARTY, new GrantId(new UUID(0, 6)), new Period(null, end), commitments)
                        .canonical(RECORDED));
        assertEquals(GRANT_REVOKED, new GrantEntry.Revoked(grant, PARTY, end).canonical(RECORDED));
    }

    @Test
    void measuresHaveTexts() {
        SubjectKey key = Subject.parse("isbn:9788936434120").key();
        Entry name = measure(MeasureEntry.Target.of(PARTY), MeasureEntry.Ground.IMPERSONATION);
        Entry texts = measure(new MeasureEntry.Target(PARTY, DECLARATION, null), MeasureEntry.Ground.COURT_ORDER);
        Entry subject = measure(new MeasureEntry.Target(PARTY, null, key), null);
        assertEquals(HIDDEN, name.canonical(RECORDED));
        assertEquals(
                HIDDEN.replace(
                        "\"ground\":\"impersonation\"",
                        "\"declaration\":\"" + DECLARATION + "\",\"ground\":\"court-order\""),
                texts.canonical(RECORDED));
        assertEquals(
                HIDDEN.replace("\"ground\":\"impersonation\",", "")
                        .replace("\"time\"", "\"subjectKey\":\"" + key.hex() + "\",\"time\"")
                        .replace("\"hidden\"", "\"hiding-lifted\""),
                subject.canonical(RECORDED));
        for (Entry entry : List.of(name, texts, subject)) {
            assertEquals(entry, Entry.parse(entry.canonical(RECORDED)));
            assertEquals(Set.of(Submitter.OPERATOR), entry.submitters());
        }
        assertEquals(
                "restriction-lifted",
                new MeasureEntry.MeasureChanged(
                                MeasureEntry.Kind.RESTRICTION, MeasureEntry.Target.of(PARTY), null, null)
                        .type());
    }

    private static Entry measure(MeasureEntry.Target target, MeasureEntry.@Nullable Ground ground) {
        return new MeasureEntry.MeasureChanged(MeasureEntry.Kind.HIDING, target, ground, "cd");
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

    private static String vouching(VouchingStep step, boolean mayRecover) {
        return new TrustEntry.VouchingChanged(step, SOCIETY, PARTY, mayRecover).canonical(RECORDED);
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
                VOUCHING_OFFERED,
                VOUCHING_ACCEPTED,
                VOUCHING_DECLINED,
                VOUCHING_LEFT,
                OFFERED,
                RECORDED_MANDATE,
                WITHDRAWN_MANDATE,
                ACCEPTED_MANDATE,
                DECLINED_MANDATE,
                CLAIMED_MANDATE,
                OPENED,
                DESCRIBED,
                RENAMED,
                CONTACT_VERIFIED,
                CONTACT_REFUSED,
                NAMED,
                UNNAMED,
                SUCCEEDED,
                RECOVERY_BEGUN,
                RECOVERED,
                RECOVERY_STOPPED,
                UNDER_MANDATE,
                REPERTOIRE,
                LISTED,
                UNLISTED,
                REJECTED,
                REJECTION_WITHDRAWN,
                DISPUTE_DECIDED,
                HIDDEN,
                DISPUTE_FILED,
                DISPUTE_ANSWERED,
                GRANTED,
                SUPERSEDED,
                GRANT_REVOKED,
                OFFER_PUBLISHED,
                OFFER_AMENDED,
                OFFER_WITHDRAWN,
                LICENSE_REQUESTED,
                LICENSE_COUNTERED,
                LICENSE_REFUSED,
                REPORT_FILED,
                STATEMENT_ISSUED);
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
        Map<String, Set<Submitter>> others = Map.ofEntries(
                Map.entry(CONTROL, Set.of(Submitter.OPERATOR)),
                Map.entry(PROVED_BY, Set.of(Submitter.VOUCHING_BODY)),
                Map.entry(LAPSED, Set.of(Submitter.OWN_KEY, Submitter.OPERATOR, Submitter.REGISTRY)),
                Map.entry(RULED, Set.of(Submitter.OPERATOR)),
                Map.entry(VOUCHED, Set.of()),
                Map.entry(OPENED, Set.of(Submitter.OWN_KEY, Submitter.REGISTRY)),
                Map.entry(ERASED, Set.of(Submitter.OWN_KEY, Submitter.REGISTRY)),
                Map.entry(CONTACT_VERIFIED, Set.of(Submitter.REGISTRY)),
                Map.entry(CONTACT_REFUSED, Set.of(Submitter.REGISTRY)),
                Map.entry(SUCCEEDED, Set.of(Submitter.OPERATOR)),
                Map.entry(RECOVERY_BEGUN, Set.of(Submitter.VOUCHING_BODY)),
                Map.entry(RECOVERY_STOPPED, Set.of(Submitter.OWN_KEY, Submitter.REGISTRY)),
                Map.entry(RECOVERED, Set.of(Submitter.REGISTRY)),
                Map.entry(DISPUTE_DECIDED, Set.of(Submitter.OPERATOR)),
                Map.entry(HIDDEN, Set.of(Submitter.OPERATOR)),
                Map.entry(LICENSE_REQUESTED, Set.of(Submitter.REGISTRY)),
                Map.entry(LICENSE_COUNTERED, Set.of(Submitter.REGISTRY)),
                Map.entry(LICENSE_REFUSED, Set.of(Submitter.REGISTRY)),
                Map.entry(REPORT_FILED, Set.of(Submitter.REGISTRY)),
                Map.entry(STATEMENT_ISSUED, Set.of(Submitter.REGISTRY)),
                Map.entry(GRANTED, Set.of(Submitter.OWN_KEY, Submitter.REGISTRY)),
                Map.entry(SUPERSEDED, Set.of(Submitter.OWN_KEY, Submitter.REGISTRY)));
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
