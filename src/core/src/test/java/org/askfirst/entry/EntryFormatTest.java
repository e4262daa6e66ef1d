package org.askfirst.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.DisputeId;
import org.askfirst.id.GrantId;
import org.askfirst.id.LicenseRequestId;
import org.askfirst.id.MandateId;
import org.askfirst.id.OfferId;
import org.askfirst.id.PartyId;
import org.askfirst.id.ReportId;
import org.askfirst.json.CanonicalJson;
import org.askfirst.license.LicenseTerms;
import org.askfirst.license.ModelScope;
import org.askfirst.license.Price;
import org.askfirst.license.Reporting;
import org.askfirst.license.Territory;
import org.askfirst.license.Transfer;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.tlog.MerkleTree;
import org.askfirst.verdict.ContactCheck;
import org.askfirst.verdict.ControlMethod;
import org.askfirst.verdict.PartyDecision;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;
import org.junit.jupiter.api.Test;

/** The worked example of {@code docs/formats/entry.md} is correct. */
class EntryFormatTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "formats", "entry.md");
    private static final DeclarationId DECLARATION =
            DeclarationId.parse("d_01jd8v4n2c7e5g9j1k3m6p8r0t").orElseThrow();
    private static final LicenseTerms LICENSE_TERMS = new LicenseTerms(
            Set.of(Use.AI_TRAINING),
            new ModelScope(ModelScope.Kind.MODEL_VERSION, null, null),
            Transfer.NONE,
            Territory.WORLD,
            Period.ALWAYS,
            Price.revenueShare(new BigDecimal("3"), Price.money("1", "KRW"), new TreeMap<>()),
            Reporting.QUARTER,
            null,
            null,
            null);
    private static final PartyId PARTY =
            PartyId.parse("p_01jd8v3f6y4w1r9k2m7q5t8x0a").orElseThrow();

    @Test
    void aReaderOfThePageVerifiesIt() throws IOException {
        assertEquals(block("declared-hash"), leafHash(block("declared")));
        assertEquals(block("withdrawn-hash"), leafHash(block("withdrawn")));
        Entry entry = Entry.parse(block("declared"));
        assertEquals(
                entry.commitment(),
                Confidential.parse(block("confidential"))
                        .commitment(HexFormat.of().parseHex(block("salt"))));
    }

    @Test
    void whatWeWriteIsWhatThePageShows() throws IOException {
        Work work = new Work("봄의 끝", List.of("이서연"), "choreography");
        Terms terms = new Terms(
                "mailto:dance@example.com",
                "https://example.com/licence",
                null,
                new Payment("training", "50000", "KRW"),
                null,
                null,
                List.of(),
                List.of("KR"),
                null);
        Map<Use, Stance> stances = new EnumMap<>(Use.class);
        stances.put(Use.TEXT_AND_DATA_MINING, Stance.PERMITTED_WITH_TERMS);
        stances.put(Use.SEARCH_INDEXING, Stance.PERMITTED);
        Content content = new Content(
                List.of(Subject.parse("work:041061050r3gg28a1c60a")),
                Stances.of(stances),
                terms,
                new Period(null, Instant.parse("2030-01-01T00:00:00Z")),
                work);
        Confidential confidential = Confidential.of(content).orElseThrow();
        assertEquals(block("confidential"), confidential.toJson());
        String commitment = confidential.commitment(HexFormat.of().parseHex(block("salt")));
        Entry declared = new DeclarationEntry.Stated(false, true, DECLARATION, PARTY, content, true, commitment);
        assertEquals(block("declared"), declared.canonical(Instant.parse("2026-11-22T09:10:00Z")));
        Entry withdrawn = new DeclarationEntry.Withdrawn(DECLARATION, PARTY);
        assertEquals(block("withdrawn"), withdrawn.canonical(Instant.parse("2026-11-23T01:02:03.456789Z")));
    }

    @Test
    void everyMemberIsInTheTables() throws IOException {
        Terms terms = new Terms(
                "mailto:a@example.com",
                "https://example.com/l",
                "https://example.com/p",
                new Payment("training", "1", "KRW"),
                "a",
                "research",
                List.of("commercial"),
                List.of("KR"),
                "t");
        Instant moment = Instant.parse("2026-11-22T09:10:00Z");
        Content content = new Content(
                List.of(Subject.parse("work:041061050r3gg28a1c60a")),
                Stances.of(Map.of(Use.AI_TRAINING, Stance.RESERVED)),
                terms,
                new Period(moment, moment.plusSeconds(1)),
                null,
                null,
                new Market(
                        true,
                        List.of(new Market.Offer("m", "l", null, java.time.LocalDate.EPOCH, "https://example.com/e"))));
        String page = Files.readString(PAGE);
        TreeSet<String> members = new TreeSet<>();
        for (Entry entry : List.of(
                new DeclarationEntry.Stated(false, true, DECLARATION, PARTY, content, true, "0"),
                new DeclarationEntry.Stated(true, false, DECLARATION, PARTY, content, true, "0"),
                new DeclarationEntry.Withdrawn(DECLARATION, PARTY),
                new DeclarationEntry.Stated(
                        false,
                        false,
                        DECLARATION,
                        PARTY,
                        content.withSubjects(List.of()).withRepertoire(new Repertoire("t")),
                        true,
                        "0"),
                new DeclarationEntry.Listed(
                        DECLARATION,
                        PARTY,
                        List.of(Subject.parse("isbn:9788936434120")),
                        List.of(Subject.parse("iswc:T0345246801"))),
                new ControlEntry.ControlProved(PARTY, Subject.parse("domain:example.com"), ControlMethod.OPERATOR, "0"),
                new ControlEntry.ControlRevoked(PARTY, Subject.parse("domain:example.com"), "0"),
                new TrustEntry.PartyStatusDecided(
                        PartyDecision.VOUCHING_GRANTED, PARTY, List.of(SubjectScheme.ISBN), "0"),
                new ControlEntry.ControlProved(
                        PARTY, Subject.parse("domain:example.com"), ControlMethod.VOUCHING_BODY, PARTY, "0"),
                new TrustEntry.VouchingChanged(VouchingStep.OFFERED, PARTY, PARTY),
                new TrustEntry.VouchingChanged(VouchingStep.ACCEPTED, PARTY, PARTY, true),
                new TrustEntry.VouchingChanged(VouchingStep.DECLINED, PARTY, PARTY),
                new TrustEntry.VouchingChanged(VouchingStep.LEFT, PARTY, PARTY),
                new TrustEntry.VouchingChanged(VouchingStep.VOUCHED, PARTY, PARTY),
                new TrustEntry.VouchingChanged(VouchingStep.UNVOUCHED, PARTY, PARTY),
                new MandateEntry.MandateMade(
                        false,
                        new MandateId(new UUID(0, 9)),
                        PARTY,
                        new Mandate(
                                PARTY,
                                PARTY,
                                List.of(SubjectScheme.ISBN),
                                List.of(Use.AI_TRAINING),
                                List.of("KR"),
                                new Period(moment, moment.plusSeconds(1)),
                                "0"),
                        null),
                new MandateEntry.MandateChanged(MandateStep.WITHDRAWN, new MandateId(new UUID(0, 9)), PARTY, moment),
                new DeclarationEntry.Stated(false, false, DECLARATION, PARTY, content, true, true, "0"),
                new AccountEntry.Described(true, PARTY, true, false, "0"),
                new AccountEntry.Described(false, PARTY, false, true, "0"),
                new AccountEntry.ContactChecked(PARTY, ContactCheck.VERIFIED, 12),
                new AccountEntry.ContactChecked(PARTY, ContactCheck.REFUSED, 12),
                new AccountEntry.SuccessorNamed(PARTY, PARTY),
                new AccountEntry.Succeeded(PARTY, PARTY, "0"),
                new DisputeEntry.Rejected(
                        new DisputeId(new UUID(0, 3)),
                        PARTY,
                        PARTY,
                        DECLARATION,
                        List.of(Subject.parse("domain:example.com")),
                        30,
                        "0"),
                new DisputeEntry.RejectionWithdrawn(new DisputeId(new UUID(0, 3)), PARTY),
                new DisputeEntry.DisputeDecided(
                        new DisputeId(new UUID(0, 3)), PARTY, List.of(Subject.parse("domain:example.com")), 7, "0"),
                new DisputeEntry.DisputeDecided(new DisputeId(new UUID(0, 3)), PARTY, List.of(), true, PARTY, 7, "0"),
                new DisputeEntry.DisputeFiled(
                        new DisputeId(new UUID(0, 3)),
                        PARTY,
                        PARTY,
                        DECLARATION,
                        List.of(Subject.parse("domain:example.com")),
                        "other",
                        List.of("0"),
                        30,
                        "0"),
                new DisputeEntry.DisputeStepped(
                        DisputeStep.ARBITER_NAMED, new DisputeId(new UUID(0, 3)), PARTY, List.of(), null, "0"),
                new DisputeEntry.DisputeStepped(
                        DisputeStep.DEFECTIVE, new DisputeId(new UUID(0, 3)), PARTY, List.of(), 5, "0"),
                new DisputeEntry.DisputeStepped(
                        DisputeStep.CURED, new DisputeId(new UUID(0, 3)), PARTY, List.of(), 30, "0"),
                new DisputeEntry.DisputeStepped(
                        DisputeStep.ANSWERED, new DisputeId(new UUID(0, 3)), PARTY, List.of("0"), 14, "0"),
                new DisputeEntry.DisputeStepped(
                        DisputeStep.CONTINUED, new DisputeId(new UUID(0, 3)), PARTY, List.of(), null, null),
                new DisputeEntry.DisputeStepped(
                        DisputeStep.APPEALED, new DisputeId(new UUID(0, 3)), PARTY, List.of(), null, "0"),
                new DisputeEntry.DisputeStepped(
                        DisputeStep.WITHDRAWN, new DisputeId(new UUID(0, 3)), PARTY, List.of(), null, null),
                new OfferEntry.OfferStated(
                        false,
                        new OfferId(new UUID(0, 4)),
                        PARTY,
                        new OfferCoverage(List.of(DECLARATION), List.of()),
                        LICENSE_TERMS,
                        true,
                        "0"),
                new OfferEntry.OfferStated(
                        true, new OfferId(new UUID(0, 4)), PARTY, OfferCoverage.ALL, LICENSE_TERMS, false, null),
                new OfferEntry.OfferWithdrawn(new OfferId(new UUID(0, 4)), PARTY),
                new LicenseEntry.LicenseRequested(new LicenseRequestId(new UUID(0, 5)), PARTY, 30, "0"),
                new LicenseEntry.LicenseStepped(
                        LicenseStep.COUNTERED, new LicenseRequestId(new UUID(0, 5)), PARTY, 30, "0"),
                new LicenseEntry.LicenseStepped(
                        LicenseStep.ACCEPTED, new LicenseRequestId(new UUID(0, 5)), PARTY, null, "0"),
                new LicenseEntry.LicenseStepped(
                        LicenseStep.REFUSED, new LicenseRequestId(new UUID(0, 5)), PARTY, null, "0"),
                new LicenseEntry.LicenseStepped(
                        LicenseStep.WITHDRAWN, new LicenseRequestId(new UUID(0, 5)), PARTY, null, "0"),
                new GrantEntry.Granted(
                        new GrantId(new UUID(0, 7)),
                        PARTY,
                        null,
                        new Period(moment, moment.plusSeconds(1)),
                        new GrantEntry.Commitments("0", "0", "0")),
                new GrantEntry.Granted(
                        new GrantId(new UUID(0, 7)),
                        PARTY,
                        new GrantId(new UUID(0, 6)),
                        new Period(moment, moment.plusSeconds(1)),
                        new GrantEntry.Commitments("0", "0", "0")),
                new GrantEntry.Revoked(new GrantId(new UUID(0, 7)), PARTY, moment),
                new ReportEntry.ReportFiled(new ReportId(new UUID(0, 8)), PARTY, "0"),
                new ReportEntry.StatementIssued(new ReportId(new UUID(0, 8)), PARTY, "0"),
                new AccountEntry.RecoveryChanged(RecoveryStep.BEGUN, PARTY, "r_1", PARTY, "0"),
                new AccountEntry.RecoveryChanged(RecoveryStep.STOPPED, PARTY, "r_1", null, null),
                new AccountEntry.RecoveryChanged(RecoveryStep.DONE, PARTY, "r_1", null, null))) {
            assertTrue(page.contains("`" + entry.type() + "`"), entry.type());
            Map<?, ?> tree = CanonicalJson.parseObject(entry.canonical(moment));
            addNames(tree, members);
            members.remove(Use.AI_TRAINING.wireName());
        }
        for (String member : members) {
            assertTrue(page.contains("`" + member + "`"), member);
        }
        assertEquals(72, members.size(), () -> "members: " + members);
    }

    private static void addNames(Map<?, ?> tree, Set<String> names) {
        tree.forEach((name, value) -> {
            names.add((String) name);
            if (value instanceof Map<?, ?> nested) {
                addNames(nested, names);
            } else if (value instanceof List<?> list) {
                for (Object element : list) {
                    if (element instanceof Map<?, ?> nested) {
                        addNames(nested, names);
                    }
                }
            }
        });
    }

    private static String leafHash(String entry) {
        return MerkleTree.leafHash(entry.getBytes(StandardCharsets.UTF_8)).hex();
    }

    /** Returns the only block of the page that is fenced with this word, without its last newline. */
    private static String block(String word) throws IOException {
        String page = Files.readString(PAGE);
        String fence = "```" + word + "\n";
        assertEquals(2, page.split(fence, -1).length, "blocks of " + word);
        String block = page.substring(page.indexOf(fence) + fence.length());
        return block.substring(0, block.indexOf("\n```"));
    }
}
