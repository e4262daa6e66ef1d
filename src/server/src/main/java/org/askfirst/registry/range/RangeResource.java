package org.askfirst.registry.range;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.quarkus.vertx.http.Uncompressed;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.index.IndexView;
import org.askfirst.index.Posting;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Conditional;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.indexing.IndexFollower;
import org.askfirst.registry.quota.Quotas;
import org.askfirst.subject.SubjectKey;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.ContactCheck;
import org.askfirst.verdict.Contest;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyRegister;
import org.askfirst.verdict.PartyState;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.TestSubject;
import org.askfirst.verdict.Verdicts;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Returns everything under all keys with a common prefix. The asker finds its work among them, so the registry does not
 * learn which work it asked about.
 */
@Path("/v1/range")
@Produces(APPLICATION_JSON)
@Blocking
public class RangeResource {
    /** Number of keys that share a prefix on average, at most. */
    private static final long CROWD = 512;

    private static final int LEAST_DIGITS = 2;
    private static final int MOST_DIGITS = 16;

    /** Number of digits that are always accepted, so that a client with a fixed number of digits keeps working. */
    private static final int ALWAYS_ENOUGH = 6;

    private static final int BITS_OF_DIGIT = 4;
    private static final int PADDED_TO = 1 << 15;
    private static final Pattern PREFIX = Pattern.compile("[0-9a-f]{" + LEAST_DIGITS + "," + MOST_DIGITS + "}");

    private final IndexFollower index;
    private final Quotas quotas;
    private final ObjectWriter json;

    RangeResource(IndexFollower index, Quotas quotas, ObjectMapper mapper) {
        this.index = index;
        this.quotas = quotas;
        this.json = mapper.writerFor(Range.class);
    }

    /** {@code Range}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Range(
            String prefix,
            int minPrefixLength,
            int rules,
            List<RangeKey> keys,
            List<RangeParty> parties,
            List<RangeMandate> mandates,
            @Nullable String padding) {
        Range padded(String with) {
            return new Range(prefix, minPrefixLength, rules, keys, parties, mandates, with);
        }
    }

    /** {@code RangeKey}. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record RangeKey(
            String key,
            List<RangeStatement> statements,
            List<RangeControl> controls,
            List<RangeContest> contests,
            @Nullable Boolean test) {
        static RangeKey of(TestSubject test) {
            String party = TestSubject.party().toString();
            return new RangeKey(
                    test.key().hex(),
                    List.of(new RangeStatement(
                            party, 0, test.stances().toWire(), test.isContactable(), null, null, null, null, null)),
                    List.of(new RangeControl(party, 0, "proved", null)),
                    List.of(),
                    Boolean.TRUE);
        }

        static RangeKey of(SubjectKey key, List<Posting> postings, PartyRegister register) {
            List<RangeStatement> statements = new ArrayList<>();
            List<RangeControl> controls = new ArrayList<>();
            List<RangeContest> contests = new ArrayList<>();
            for (Posting posting : postings) {
                Stances stances = posting.stances();
                MandateId mandate = posting.mandate();
                PartyId by = posting.by();
                Contest contest = posting.contest();
                if (contest != null) {
                    contests.add(RangeContest.of(contest, posting.otherSubject()));
                } else if (stances == null) {
                    controls.add(new RangeControl(
                            posting.party().toString(),
                            posting.position(),
                            posting.control().name().toLowerCase(Locale.ROOT),
                            by == null ? null : by.toString()));
                } else {
                    statements.add(new RangeStatement(
                            posting.party().toString(),
                            posting.position(),
                            stances.toWire(),
                            register.state(posting.party()).canBeAsked(posting.contact()),
                            posting.otherSubject() ? Boolean.TRUE : null,
                            posting.period().from(),
                            posting.period().to(),
                            mandate == null ? null : mandate.toString(),
                            posting.repertoire() == null
                                    ? null
                                    : posting.repertoire().toString()));
                }
            }
            return new RangeKey(key.hex(), statements, controls, contests, null);
        }
    }

    /** {@code RangeStatement}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RangeStatement(
            String party,
            long position,
            Map<String, String> stances,
            boolean contactable,
            @Nullable Boolean otherSubject,
            @Nullable Instant validFrom,
            @Nullable Instant validTo,
            @Nullable String mandate,
            @Nullable String repertoire) {}

    /** {@code RangeControl}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RangeControl(
            String party,
            long position,
            String control,
            @Nullable String by) {}

    /** {@code RangeContest}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RangeContest(
            String party,
            long position,
            String kind,
            @Nullable String by,
            @Nullable Instant endsAt,
            @Nullable Instant lapsesAt,
            @Nullable Boolean otherSubject) {
        static RangeContest of(Contest contest, boolean otherSubject) {
            PartyId challenger = contest.challenger();
            return new RangeContest(
                    contest.respondent().toString(),
                    contest.position(),
                    contest.kind().wireName(),
                    challenger == null ? null : challenger.toString(),
                    contest.endsAt(),
                    contest.lapsesAt(),
                    otherSubject ? Boolean.TRUE : null);
        }
    }

    /** {@code RangeParty}. A party in the initial state is not listed. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record RangeParty(
            String party,
            @Nullable Boolean verified,
            @Nullable Boolean suspended,
            @Nullable Boolean erased,
            List<String> vouchableSchemes,
            List<String> vouchedBy) {
        static RangeParty of(PartyId party, PartyState state) {
            return new RangeParty(
                    party.toString(),
                    state.verified() ? Boolean.TRUE : null,
                    state.suspended() ? Boolean.TRUE : null,
                    state.erased() ? Boolean.TRUE : null,
                    state.vouchesFor().stream()
                            .map(SubjectScheme::wireName)
                            .sorted()
                            .toList(),
                    state.vouchedBy().stream().map(PartyId::toString).toList());
        }
    }

    /** {@code RangeMandate}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RangeMandate(
            String id,
            String society,
            @Nullable String member,
            @Nullable Instant validFrom,
            @Nullable Instant validTo) {
        static RangeMandate of(MandateId mandate, MandateTerm term) {
            PartyId member = term.member();
            return new RangeMandate(
                    mandate.toString(),
                    term.society().toString(),
                    member == null ? null : member.toString(),
                    term.period().from(),
                    term.period().to());
        }
    }

    /** Returns the statements and proofs under the keys, and the states of all parties and mandates that they name. */
    private static Range range(
            String prefix, int digits, SortedMap<SubjectKey, List<Posting>> postingsByKey, PartyRegister register) {
        List<RangeKey> keys = new ArrayList<>();
        SortedMap<String, PartyId> named = new TreeMap<>();
        SortedMap<String, RangeMandate> mandates = new TreeMap<>();
        postingsByKey.forEach((key, postings) -> {
            keys.add(RangeKey.of(key, postings, register));
            for (Posting posting : postings) {
                named.put(posting.party().toString(), posting.party());
                PartyId by = posting.by();
                if (by != null) {
                    named.put(by.toString(), by);
                }
                PartyId challenger =
                        posting.contest() == null ? null : posting.contest().challenger();
                if (challenger != null) {
                    named.put(challenger.toString(), challenger);
                }
                MandateId mandate = posting.mandate();
                MandateTerm term = mandate == null ? null : register.term(mandate);
                if (mandate != null && term != null) {
                    mandates.put(mandate.toString(), RangeMandate.of(mandate, term));
                    PartyId member = term.member();
                    if (member != null) {
                        named.put(member.toString(), member);
                    }
                }
            }
        });
        List<TestSubject> tests = TestSubject.withKeyPrefix(prefix);
        if (!tests.isEmpty()) {
            tests.forEach(test -> keys.add(RangeKey.of(test)));
            keys.sort(Comparator.comparing(RangeKey::key));
        }
        for (PartyId party : List.copyOf(named.values())) {
            register.state(party).vouchedBy().forEach(body -> named.put(body.toString(), body));
        }
        List<RangeParty> parties = new ArrayList<>();
        named.values().forEach(party -> {
            PartyState state = register.state(party);
            // The statements already say if somebody can be asked.
            if (!state.withContact(null, ContactCheck.NONE).equals(PartyState.PLAIN)) {
                parties.add(RangeParty.of(party, state));
            }
        });
        return new Range(prefix, digits, Verdicts.RULES, keys, parties, List.copyOf(mandates.values()), null);
    }

    /**
     * {@code getRange}. The answer is never compressed, because a compressed length would reveal what the padding
     * hides.
     */
    @GET
    @Uncompressed
    @Path("/{prefix}")
    public RestResponse<byte[]> range(
            @PathParam("prefix") String prefix,
            @QueryParam("padding") @Nullable String padding,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch,
            @Context RoutingContext exchange)
            throws SQLException {
        boolean isPadded = Parameters.isTrue("padding", padding);
        IndexView view = index.view();
        int digits = digits(view.keys());
        if (!PREFIX.matcher(prefix).matches() || prefix.length() < digits) {
            throw Parameters.refused(
                    "prefix",
                    Reason.MALFORMED,
                    "give " + digits + " to " + MOST_DIGITS + " lower-case hexadecimal digits: the registry has too"
                            + " many works for fewer");
        }
        quotas.of(exchange.request(), authorization).take(1);
        Range range = range(
                prefix,
                digits,
                index.reading(() -> view.range(first(prefix), prefix.length() * BITS_OF_DIGIT)),
                view.parties());
        byte[] body = bytes(range);
        if (isPadded) {
            // Padding adds a member, and its own length is known only after it is written.
            int bare = bytes(range.padded("")).length;
            int missing = Math.floorMod(-bare, PADDED_TO);
            body = bytes(range.padded("0".repeat(missing)));
        }
        exchange.response()
                .putHeader("Askfirst-Position", String.valueOf(view.position()))
                .putHeader("Askfirst-Log", index.log());
        return Conditional.answer(body, ifNoneMatch, exchange.response());
    }

    /** Returns the minimal length of a prefix, in hexadecimal digits, if the index has {@code keys} keys. */
    static int digits(long keys) {
        int digits = LEAST_DIGITS;
        while (digits < ALWAYS_ENOUGH && keys >> (digits * BITS_OF_DIGIT) > CROWD) {
            digits++;
        }
        return digits;
    }

    private static long first(String prefix) {
        return Long.parseUnsignedLong(prefix, 16) << ((MOST_DIGITS - prefix.length()) * BITS_OF_DIGIT);
    }

    private byte[] bytes(Range range) {
        try {
            return json.writeValueAsBytes(Objects.requireNonNull(range));
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
