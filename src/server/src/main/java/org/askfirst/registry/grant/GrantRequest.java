package org.askfirst.registry.grant;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.license.LicenseTerms;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.offer.LicenseTermsRequest;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * {@code GrantRequest} and {@code SupersessionRequest}.
 *
 * @param licensee the party that receives the grant; null in a supersession, which keeps it
 * @param everything true if the grant covers everything that the licensor states
 * @param subjects the subjects that the grant covers
 * @param declarations the declarations whose works the grant covers
 */
record GrantRequest(
        @Nullable PartyId licensee,
        boolean everything,
        List<Subject> subjects,
        List<DeclarationId> declarations,
        LicenseTerms terms) {
    static final int MAX_DECLARATIONS = 1_000;

    static GrantRequest parse(JsonNode body, Instant now) {
        Members members = Members.of(body, "licensee", "works", "terms");
        PartyId licensee = members.parsed(
                "licensee",
                text -> PartyId.parse(text)
                        .orElseThrow(() -> Problem.INVALID_REQUEST.at(
                                "", Reason.MALFORMED, "give the id of a party: p_ and 26 characters")));
        return parse(members, licensee, now);
    }

    static GrantRequest parseSupersession(JsonNode body, Instant now) {
        return parse(Members.of(body, "works", "terms"), null, now);
    }

    private static GrantRequest parse(Members members, @Nullable PartyId licensee, Instant now) {
        members.require("works");
        Members works = members.object("works", "everything", "subjects", "declarations");
        boolean everything = false;
        List<Subject> subjects = List.of();
        List<DeclarationId> declarations = List.of();
        if (works != null) {
            everything = works.isTrue("everything");
            subjects = works.parsedList("subjects", GrantWorks.MAX, Subject::parse);
            declarations = works.parsedList(
                    "declarations",
                    MAX_DECLARATIONS,
                    text -> DeclarationId.parse(text)
                            .orElseThrow(() -> Problem.INVALID_REQUEST.at(
                                    "", Reason.MALFORMED, "give the id of a declaration: d_ and 26 characters")));
            boolean isList = works.hasList("subjects") || works.hasList("declarations");
            if (everything == isList && works.isSound()) {
                members.refuse(
                        "works",
                        isList ? Reason.CONFLICT : Reason.EMPTY,
                        isList
                                ? "a grant of everything has no list of works"
                                : "name works by subjects or declarations, or set everything to true");
            }
        }
        LicenseTerms terms = LicenseTermsRequest.parse(members, LicenseTermsRequest.Kind.OFFER, now);
        if (terms != null && terms.period().to() == null) {
            members.refuse("terms", Reason.MISSING, "give validTo: a grant for ever does not exist");
        }
        members.finish();
        return new GrantRequest(licensee, everything, subjects, declarations, Objects.requireNonNull(terms));
    }

    /** {@code RevocationRequest}: the moment at which the grant ends; null for now. */
    static @Nullable Instant parseRevocation(JsonNode body, Instant now) {
        Members members = Members.of(body, "from");
        Instant from = members.optionalMoment("from");
        if (from != null && from.isBefore(now)) {
            members.refuse("from", Reason.PAST, "a grant cannot end in the past: what was used before stays licensed");
        }
        members.finish();
        return from;
    }
}
