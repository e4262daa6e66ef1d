package org.askfirst.registry.offer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.askfirst.entry.OfferCoverage;
import org.askfirst.id.DeclarationId;
import org.askfirst.license.LicenseTerms;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Members;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * {@code OfferRequest}.
 *
 * @param automatic true if a request within the terms is accepted without an act of the licensor
 */
record OfferRequest(OfferCoverage coverage, LicenseTerms terms, boolean automatic) {
    private static final List<String> ACCEPTANCES = List.of("licensor", "automatic");
    private static final int MAX_DECLARATIONS = 100;
    private static final int MAX_SUBJECTS = 100;
    private static final int ID_LENGTH = 28;

    static OfferRequest parse(JsonNode body, Instant now) {
        Members members = Members.of(body, "template", "declarations", "subjects", "terms", "acceptance");
        OfferTemplates.Template template = template(members);
        Members filled = template == null
                ? members
                : Members.of(fill(body, template), "template", "declarations", "subjects", "terms", "acceptance");
        List<DeclarationId> declarations = filled.parsedList("declarations", MAX_DECLARATIONS, OfferRequest::id);
        List<Subject> subjects = filled.parsedList("subjects", MAX_SUBJECTS, Subject::parse);
        if (filled.hasList("declarations") && filled.hasList("subjects")) {
            filled.refuse("subjects", Reason.CONFLICT, "limit an offer to declarations or to subjects, not to both");
        }
        LicenseTerms terms = LicenseTermsRequest.parse(filled, LicenseTermsRequest.Kind.OFFER, now);
        String acceptance = filled.optionalChoice("acceptance", ACCEPTANCES);
        filled.finish();
        members.finish();
        return new OfferRequest(
                new OfferCoverage(declarations, subjects),
                Objects.requireNonNull(terms),
                "automatic".equals(acceptance));
    }

    private static DeclarationId id(String text) {
        return DeclarationId.parse(text.length() > ID_LENGTH ? "" : text)
                .orElseThrow(() -> Problem.INVALID_REQUEST.at(
                        "", Reason.MALFORMED, "give the id of a declaration: d_ and 26 characters"));
    }

    private static OfferTemplates.@Nullable Template template(Members members) {
        List<String> names =
                OfferTemplates.ALL.stream().map(OfferTemplates.Template::id).toList();
        String name = members.optionalChoice("template", names);
        return name == null
                ? null
                : OfferTemplates.ALL.stream()
                        .filter(template -> template.id().equals(name))
                        .findFirst()
                        .orElseThrow();
    }

    /** Returns the request with the members of the template that it leaves out. A given price is not mixed with another. */
    private static JsonNode fill(JsonNode body, OfferTemplates.Template template) {
        ObjectNode filled = body.deepCopy();
        if (!filled.has("acceptance")) {
            filled.put("acceptance", template.acceptance());
        }
        ObjectNode terms = filled.get("terms") instanceof ObjectNode given
                ? given
                : filled.has("terms") ? null : filled.putObject("terms");
        if (terms == null) {
            return filled;
        }
        ObjectNode ofTemplate = template.termsNode();
        for (Map.Entry<String, JsonNode> member : ofTemplate.properties()) {
            JsonNode given = terms.get(member.getKey());
            if (given == null) {
                terms.set(member.getKey(), member.getValue());
            } else if (member.getKey().equals("price") && given instanceof ObjectNode price && !price.has("basis")) {
                price.set("basis", member.getValue().get("basis"));
            }
        }
        return filled;
    }
}
