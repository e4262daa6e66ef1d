package org.askfirst.registry.mandate;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.askfirst.entry.Mandate;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Fields;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.NamedTexts;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/** {@code MandateRequest} and {@code MandateRecord}: the terms of a mandate, read strictly. */
public final class MandateRequest {
    private static final List<String> RECORD =
            List.of("memberNumber", "schemes", "uses", "territory", "validFrom", "validTo", "documentSha256");
    private static final int MAX_ID = 64;
    private static final int MAX_REFERENCE = 200;
    private static final int MAX_TERRITORIES = 250;
    private static final int DIGEST_DIGITS = 64;
    private static final Pattern TERRITORY = Pattern.compile("[A-Z]{2}");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final List<String> KINDS =
            Arrays.stream(SubjectScheme.values()).map(SubjectScheme::wireName).toList();
    private static final List<String> USES =
            Arrays.stream(Use.values()).map(Use::wireName).toList();

    private MandateRequest() {}

    /** A mandate with the society's number for the member. */
    record Reference(Mandate terms, String number) {}

    /**
     * Reads an offer between the caller and the party that it names as {@code member} or as {@code society}.
     *
     * @throws org.askfirst.problem.ProblemException {@code INVALID_REQUEST} with an error for each invalid member
     */
    static Mandate offered(JsonNode body, PartyId caller, Instant now) {
        Members members = Members.of(
                body, "member", "society", "schemes", "uses", "territory", "validFrom", "validTo", "documentSha256");
        if (members.has("member") == members.has("society")) {
            members.refuse(
                    "member",
                    members.has("member") ? Reason.CONFLICT : Reason.MISSING,
                    "name the other side: member if you are the society, society if you are the member");
        }
        PartyId member = members.has("member") ? party(members, "member") : caller;
        PartyId society = members.has("society") ? party(members, "society") : caller;
        Mandate terms = terms(members, society == null ? caller : society, member, now);
        members.finish();
        return Objects.requireNonNull(terms);
    }

    /** Reads a mandate of a member without an account, from a JSON line. */
    static Reference recorded(JsonNode line, PartyId society, Instant now) {
        return recorded(Members.of(line, RECORD.toArray(String[]::new)), society, now);
    }

    /** Reads a mandate of a member without an account, from a record of CSV. */
    static Reference recorded(List<String> head, List<String> record, PartyId society, Instant now) {
        return recorded(Fields.of(head, record, RECORD), society, now);
    }

    private static Reference recorded(NamedTexts members, PartyId society, Instant now) {
        String reference = members.text("memberNumber", MAX_REFERENCE);
        Mandate terms = terms(members, society, null, now);
        members.finish();
        return new Reference(Objects.requireNonNull(terms), Objects.requireNonNull(reference));
    }

    private static @Nullable Mandate terms(NamedTexts members, PartyId society, @Nullable PartyId member, Instant now) {
        List<SubjectScheme> kinds = members.optionalChoices("schemes", KINDS.size(), KINDS).stream()
                .map(kind -> SubjectScheme.named(kind).orElseThrow())
                .toList();
        List<Use> uses = members.optionalChoices("uses", USES.size(), USES).stream()
                .map(use -> Use.named(use).orElseThrow())
                .toList();
        List<String> territory = members.optionalTexts(
                "territory", MAX_TERRITORIES, TERRITORY, "an ISO 3166-1 code of two capitals, or EU");
        String document = members.optionalText(
                "documentSha256", DIGEST_DIGITS, DIGEST, "the SHA-256 of the document, 64 digits in hex");
        Instant from = members.optionalMoment("validFrom");
        Instant to = members.optionalMoment("validTo");
        if (from != null && to != null && !from.isBefore(to)) {
            members.refuse("validTo", Reason.NOT_AFTER_START, "give a time later than validFrom");
            return null;
        }
        if (to != null && !to.isAfter(now)) {
            members.refuse("validTo", Reason.PAST, "this time is in the past; the mandate would never be in force");
        }
        return new Mandate(society, member, kinds, uses, territory, new Period(from, to), document);
    }

    private static @Nullable PartyId party(Members members, String name) {
        String id = members.text(name, MAX_ID);
        PartyId party = id == null ? null : PartyId.parse(id).orElse(null);
        if (id != null && party == null) {
            members.refuse(name, Reason.MALFORMED, "give a party's id, p_ and 26 characters, not " + Members.shown(id));
        }
        return party;
    }

    /** Reads an optional member that is a mandate's id. Returns null if it is absent or malformed. */
    public static @Nullable MandateId id(Members members, String name) {
        String id = members.optionalText(name, MAX_ID);
        MandateId mandate = id == null ? null : MandateId.parse(id).orElse(null);
        if (id != null && mandate == null) {
            members.refuse(
                    name, Reason.MALFORMED, "give a mandate's id, m_ and 26 characters, not " + Members.shown(id));
        }
        return mandate;
    }
}
