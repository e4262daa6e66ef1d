package org.askfirst.registry.range;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.anybody;
import static org.askfirst.testkit.Draft.permitted;
import static org.askfirst.testkit.Draft.permittedWithTerms;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Offer;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.askfirst.verdict.Contact;
import org.askfirst.verdict.Contest;
import org.askfirst.verdict.Contests;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.ControlEvidence;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyRegister;
import org.askfirst.verdict.PartyState;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.StatementTerms;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An asker learns a verdict without revealing the work. */
@QuarkusTest
class RangeResourceTest extends RegistryTest {
    private static String hex(String subject) {
        return Subject.parse(subject).key().hex();
    }

    private static Response range(String prefix) {
        return given().get("/v1/range/{prefix}", prefix);
    }

    /** Computes a verdict as {@code docs/formats/range.md} instructs askers. */
    private static String verdict(String asked) {
        Expansion expansion = Subject.parse(asked).expand();
        Map<Integer, List<Map<String, ?>>> statements = new HashMap<>();
        Map<Integer, Map<String, Map<String, String>>> proofs = new HashMap<>();
        Map<Integer, List<Map<String, ?>>> contests = new HashMap<>();
        Map<PartyId, PartyState> states = new HashMap<>();
        Map<MandateId, MandateTerm> terms = new HashMap<>();
        for (int i = 0; i < expansion.size(); i++) {
            String key = expansion.key(i).hex();
            JsonPath answer = range(key.substring(0, 4)).jsonPath();
            statements.put(i, new ArrayList<>());
            Map<String, Map<String, String>> here = new HashMap<>();
            proofs.put(i, here);
            List<Map<String, ?>> found =
                    answer.getList("keys.findAll { it.key == '" + key + "' }.statements.flatten()");
            found.stream().filter(each -> each != null).forEach(statements.get(i)::add);
            List<Map<String, String>> proved =
                    answer.getList("keys.findAll { it.key == '" + key + "' }.controls.flatten()");
            proved.stream()
                    .filter(each -> each != null)
                    .forEach(proof -> here.put(String.valueOf(proof.get("party")), proof));
            List<Map<String, ?>> against =
                    answer.getList("keys.findAll { it.key == '" + key + "' }.contests.flatten()");
            contests.put(i, against.stream().filter(each -> each != null).toList());
            List<Map<String, ?>> parties = answer.getList("parties");
            parties.forEach(party -> states.put(party(party, "party"), state(party)));
            List<Map<String, ?>> mandates = answer.getList("mandates");
            mandates.forEach(mandate -> terms.put(
                    MandateId.parse(String.valueOf(mandate.get("id"))).orElseThrow(),
                    new MandateTerm(
                            party(mandate, "society"),
                            mandate.containsKey("member") ? party(mandate, "member") : null,
                            new Period(moment(mandate, "validFrom"), moment(mandate, "validTo")))));
        }
        PartyRegister register = PartyRegister.of(states, terms);
        ControlEvidence evidence = ControlEvidence.over(expansion, (entry, party) -> {
            Map<String, String> proof = proofs.getOrDefault(entry, Map.of()).get(party.toString());
            if (proof == null) {
                return Control.NONE;
            }
            PartyId by = proof.containsKey("by") ? party(proof, "by") : null;
            Control control = "proved".equals(proof.get("control")) ? Control.PROVED : Control.SHOWN;
            return control.onWordOf(by, expansion.scheme(entry), register);
        });
        statements.forEach((i, some) -> some.stream()
                .filter(one -> one.containsKey("repertoire") && !one.containsKey("otherSubject"))
                .forEach(one -> evidence.addListing(i, terms(one), register)));
        Contests contested = new Contests(expansion, evidence, register);
        contests.forEach((i, some) ->
                some.forEach(one -> contested.add(i, Boolean.TRUE.equals(one.get("otherSubject")), contest(one))));
        List<Statement> all = new ArrayList<>();
        statements.forEach((i, some) -> some.forEach(one -> all.add(Statement.of(
                terms(one),
                expansion,
                i,
                Boolean.TRUE.equals(one.get("otherSubject")),
                register,
                evidence,
                contested))));
        return Verdicts.of(all, List.of(Use.AI_TRAINING), TestClock.ofService().instant())
                .verdict()
                .wireName();
    }

    /** Reads the terms of a statement in an answer. */
    private static StatementTerms terms(Map<String, ?> one) {
        Map<Use, Stance> stances = new HashMap<>();
        ((Map<?, ?>) Objects.requireNonNull(one.get("stances")))
                .forEach((use, stance) -> stances.put(
                        Use.named(String.valueOf(use)).orElseThrow(),
                        Stance.named(String.valueOf(stance)).orElseThrow()));
        boolean address = Boolean.TRUE.equals(one.get("contactable"));
        return new StatementTerms(
                party(one, "party"),
                ((Number) Objects.requireNonNull(one.get("position"))).longValue(),
                Stances.of(stances),
                address ? Contact.LICENSE : Contact.NONE,
                Period.ALWAYS,
                one.containsKey("mandate")
                        ? MandateId.parse(String.valueOf(one.get("mandate"))).orElseThrow()
                        : null);
    }

    private static Contest contest(Map<String, ?> one) {
        return new Contest(
                Contest.Kind.named(String.valueOf(one.get("kind"))).orElseThrow(),
                party(one, "party"),
                one.containsKey("by") ? party(one, "by") : null,
                ((Number) Objects.requireNonNull(one.get("position"))).longValue(),
                moment(one, "endsAt"),
                moment(one, "lapsesAt"));
    }

    private static PartyId party(Map<String, ?> in, String name) {
        return PartyId.parse(String.valueOf(in.get(name))).orElseThrow();
    }

    private static @Nullable Instant moment(Map<String, ?> in, String name) {
        return in.containsKey(name) ? Instant.parse(String.valueOf(in.get(name))) : null;
    }

    private static List<String> texts(Map<String, ?> in, String name) {
        return in.get(name) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static PartyState state(Map<String, ?> party) {
        return new PartyState(
                party.containsKey("erased"),
                party.containsKey("verified"),
                party.containsKey("suspended"),
                texts(party, "vouchableSchemes").stream()
                        .map(kind -> SubjectScheme.named(kind).orElseThrow())
                        .collect(java.util.stream.Collectors.toSet()),
                texts(party, "vouchedBy").stream()
                        .map(body -> PartyId.parse(body).orElseThrow())
                        .toList());
    }

    @Test
    void anAskerComputesTheSameVerdictWithVouchingAndMandates() {
        Party society = Party.openReachable();
        Party member = Party.open();
        String file = Names.file();
        OperatorClient.ofService().letsVouch(society, "sha256");
        String mandate = society.offersMandate(Offer.toMember(member)).id();
        member.acceptingMandate(mandate).statusCode(200);
        society.declares(permitted("ai-training").of(file).under(mandate));
        alike(file, "unknown");
        society.lists(
                society.declares(permitted("ai-training").ofRepertoire("hers").under(mandate))
                        .id(),
                file);
        alike(file, "allow");
        OperatorClient.ofService().decides(society, "suspended");
        alike(file, "unknown");
        OperatorClient.ofService().decides(society, "reinstated");
        alike(file, "allow");
        Party stranger = Party.open();
        stranger.reserves(file);
        alike(file, "ask");
        OperatorClient.ofService().decides(stranger, "suspended");
        alike(file, "allow");
        member.reserves(file);
        alike(file, "deny");
        member.endingMandate(mandate).statusCode(200);
        String other = Names.file();
        member.declares(permitted("ai-training").of(other));
        alike(other, "unknown");
        society.vouchesFor(member);
        alike(other, "unknown");
        society.recordingControl(member, other).statusCode(201);
        alike(other, "allow");
        OperatorClient.ofService().decides(society, "suspended");
        alike(other, "unknown");
    }

    private static void alike(String subject, String verdict) {
        assertEquals(verdict, anybody().asks(subject).of("ai-training").verdict(), subject);
        assertEquals(verdict, verdict(subject), subject);
    }

    @Test
    void anAskerComputesTheVerdictThatALookupGives() {
        Party owner = Party.openReachable();
        Party other = Party.open();
        String host = Names.host();
        owner.controls("domain:" + host);
        owner.declares(permitted("text-and-data-mining").of("domain:" + host));
        other.declares(reserved("ai-training").of("url:https://" + host + "/one"));
        other.declares(reserved("ai-training").of("under:https://" + host + "/two/"));
        owner.declares(permittedWithTerms("ai-training").of("url:https://" + host + "/three"));
        Map<String, String> expected = Map.of("/one", "ask", "/two/page", "allow", "/three", "ask", "/", "allow");
        expected.forEach((path, verdict) -> {
            String subject = "url:https://" + host + path;
            assertEquals(verdict, anybody().asks(subject).of("ai-training").verdict(), subject);
            assertEquals(verdict, verdict(subject), subject);
        });
        assertEquals("unknown", verdict("url:https://" + Names.host() + "/"));
    }

    @Test
    void anAskerComputesTheSameVerdictAfterARejection() {
        Party owner = Party.open();
        Party stranger = Party.open();
        String host = Names.host();
        String page = "url:https://" + host + "/a/page";
        owner.controls("domain:" + host);
        owner.declares(permitted("ai-training").of("domain:" + host));
        String claim = stranger.declares(reserved("ai-training").of(page)).id();
        alike(page, "ask");
        owner.rejects(claim, "domain:" + host).statusCode(201);
        alike(page, "ask");
        OperatorClient.ofService().decidingAgainst(claim).statusCode(201);
        alike(page, "allow");
    }

    @Test
    void anAskerFindsWhatIsDeclaredForAnotherSpelling() {
        Party author = Party.open();
        Party owner = Party.openReachable();
        String host = Names.host();
        owner.controls("domain:" + host);
        author.declares(reserved("ai-training").of("url:https://www." + host + "/a/index.html?utm_source=mail"));
        owner.declares(permitted("ai-training").of("url:https://www." + host + "/b/"));
        alike("url:https://m." + host + "/a", "deny");
        alike("url:https://www." + host + "/b/", "allow");
        alike("url:https://www." + host + "/b/?page=2", "allow");
        alike("url:https://" + host + "/b", "unknown");
        alike("url:https://www." + host + "/b", "unknown");
    }

    @Test
    void everyKeyInARangeBeginsAsAsked() {
        String file = Names.file();
        Party.open().reserves(file);
        for (int digits : new int[] {2, 3, 4, 8, 16}) {
            String prefix = hex(file).substring(0, digits);
            range(prefix)
                    .then()
                    .statusCode(200)
                    .body("prefix", equalTo(prefix))
                    .body("minPrefixLength", equalTo(2))
                    .body("rules", equalTo(1))
                    .body("keys.findAll { it.key == '" + hex(file) + "' }.size()", equalTo(1))
                    .body("keys.findAll { !it.key.startsWith('" + prefix + "') }.size()", equalTo(0));
        }
    }

    @Test
    void anEmptyRangeHasAnEmptyAnswer() {
        range("0123456789abcdef")
                .then()
                .statusCode(200)
                .header("Cache-Control", "public, max-age=30")
                .body("keys.size()", equalTo(0));
    }

    @Test
    void anUnchangedAnswerIsNotModified() {
        String file = Names.file();
        String prefix = hex(file).substring(0, 12);
        String before = range(prefix).header("ETag");
        given().header("If-None-Match", before)
                .get("/v1/range/{prefix}", prefix)
                .then()
                .statusCode(304)
                .body(emptyString());
        Party.open().reserves(Names.file());
        assertEquals(before, range(prefix).header("ETag"), "something elsewhere was declared");
        Party.open().reserves(file);
        assertNotEquals(before, range(prefix).header("ETag"));
    }

    @Test
    void paddingHidesTheSizeOfTheAnswer() {
        String file = Names.file();
        Party.open().reserves(file);
        for (String prefix :
                List.of("0123456789abcdef", hex(file).substring(0, 2), hex(file).substring(0, 16))) {
            Response padded = given().header("Accept-Encoding", "gzip")
                    .queryParam("padding", "true")
                    .get("/v1/range/{prefix}", prefix);
            assertEquals(0, padded.asByteArray().length % 32_768, prefix);
            assertTrue(padded.asByteArray().length > 0);
            assertNotEquals("gzip", padded.header("Content-Encoding"));
            assertEquals(
                    padded.header("ETag"),
                    given().queryParam("padding", "true")
                            .get("/v1/range/{prefix}", prefix)
                            .header("ETag"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "ABCD", "xyz1", "0123456789abcdef0", "%20%20", "..12"})
    void aMalformedPrefixIsRefused(String prefix) {
        given().urlEncodingEnabled(false)
                .get("/v1/range/" + prefix)
                .then()
                .statusCode(422)
                .body("type", containsString("invalid-request"))
                .body("detail", containsString("prefix"));
    }

    @Test
    void paddingIsTrueOrFalse() {
        given().queryParam("padding", "yes").get("/v1/range/abcd").then().statusCode(422);
    }

    @Test
    void theRestOfTheQuotaIsReported() {
        range("abcd")
                .then()
                .header("RateLimit-Policy", matchesPattern("\"works\";q=[0-9]+;w=60"))
                .header("RateLimit", matchesPattern("\"works\";r=[0-9]+;t=[0-9]+"));
    }

    @Test
    void moreKeysNeedLongerPrefixes() {
        assertEquals(2, RangeResource.digits(0));
        assertEquals(2, RangeResource.digits(100_000));
        assertEquals(4, RangeResource.digits(10_000_000));
        assertEquals(5, RangeResource.digits(100_000_000));
        assertEquals(6, RangeResource.digits(Long.MAX_VALUE), "clients that always send 6 digits must keep working");
    }
}
