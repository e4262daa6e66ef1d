package org.askfirst.registry.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.askfirst.id.PartyId;
import org.askfirst.license.LicenseTerms;
import org.askfirst.registry.grant.GrantFacts;
import org.askfirst.registry.party.Parties;
import org.askfirst.verdict.Use;

/**
 * {@code UsageInfo}: the member {@code usageInfo} of a Croissant 1.1 description of a data set that uses the granted
 * works. It is an {@code odrl:Offer}, as section "Fine-Grained Control with ODRL" of the specification recommends.
 */
final class UsageInfo {
    private UsageInfo() {}

    static Map<String, Object> of(GrantFacts grant, Map<PartyId, Parties.Face> names) {
        LicenseTerms terms = grant.terms();
        List<Object> constraints = new ArrayList<>();
        constraints.add(constraint(
                "purpose", "isAnyOf", terms.uses().stream().map(Use::wireName).toList()));
        if (terms.toTree().get("territory") instanceof List<?> countries && !countries.contains("world")) {
            constraints.add(constraint("spatial", "isAnyOf", countries));
        }
        constraints.add(constraint("dateTime", "gteq", grant.from().toString()));
        constraints.add(constraint("dateTime", "lt", grant.endsAt().toString()));
        Map<String, Object> permission = new LinkedHashMap<>();
        permission.put("@type", "odrl:Permission");
        permission.put("odrl:action", Map.of("@id", "odrl:use"));
        permission.put("odrl:assigner", party(grant.licensor(), names));
        permission.put("odrl:assignee", party(grant.licensee(), names));
        permission.put("odrl:constraint", constraints);
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("@type", List.of("CreativeWork", "odrl:Offer"));
        info.put("name", "License grant " + grant.id());
        info.put("identifier", grant.id().toString());
        info.put("odrl:permission", permission);
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("@vocab", "https://schema.org/");
        context.put("odrl", "http://www.w3.org/ns/odrl/2/");
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("@context", context);
        document.put("usageInfo", info);
        return document;
    }

    private static Map<String, Object> constraint(String left, String operator, Object right) {
        Map<String, Object> constraint = new LinkedHashMap<>();
        constraint.put("@type", "odrl:Constraint");
        constraint.put("odrl:leftOperand", Map.of("@id", "odrl:" + left));
        constraint.put("odrl:operator", Map.of("@id", "odrl:" + operator));
        constraint.put("odrl:rightOperand", right);
        return constraint;
    }

    private static Map<String, Object> party(PartyId party, Map<PartyId, Parties.Face> names) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("@type", "odrl:Party");
        shown.put("identifier", party.toString());
        String name = UsageReportView.name(names, party);
        if (name != null) {
            shown.put("name", name);
        }
        return shown;
    }
}
