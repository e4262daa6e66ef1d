package org.askfirst.registry.olp;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.askfirst.id.PartyId;
import org.askfirst.registry.offer.Licensors;
import org.askfirst.registry.offer.Offer;
import org.askfirst.registry.offer.Offers;
import org.askfirst.registry.party.Parties;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/**
 * Writes which licenses there are for a resource, as a document of RSL: one for what everybody may do, one for each
 * offer, and one for what has to be asked.
 */
@ApplicationScoped
class LicenseDocuments {
    private static final Set<Use> ALL = RslUsage.leaves(List.of(Use.TEXT_AND_DATA_MINING, Use.SEARCH_INDEXING));

    private final LicensedWorks works;
    private final Licensors licensors;
    private final Offers offers;
    private final Parties parties;

    LicenseDocuments(LicensedWorks works, Licensors licensors, Offers offers, Parties parties) {
        this.works = works;
        this.licensors = licensors;
        this.offers = offers;
        this.parties = parties;
    }

    /**
     * Returns the document; null if nobody has declared anything about the resource.
     *
     * @param resource the resource as the client named it
     * @param origin the address of the registry
     */
    @Nullable String about(String resource, Subject subject, String origin) throws SQLException {
        Verdicts verdicts = works.judge(null, subject, ALL);
        Set<Use> open = leaves(verdicts, Verdict.ALLOW);
        Set<Use> toAsk = leaves(verdicts, Verdict.ASK);
        Set<Use> reserved = leaves(verdicts, Verdict.DENY);
        List<String> licenses = new ArrayList<>();
        if (!open.isEmpty()) {
            licenses.add(RslWriter.license(open, null));
        }
        Set<Use> rest = EnumSet.noneOf(Use.class);
        rest.addAll(toAsk);
        Set<String> contacts = new LinkedHashSet<>();
        if (!toAsk.isEmpty()) {
            for (Offer offer : licensors.offers(List.of(subject), toAsk, offers.now())) {
                Set<Use> offered = EnumSet.noneOf(Use.class);
                offered.addAll(offer.terms().leaves());
                offered.retainAll(toAsk);
                if (!offered.isEmpty()) {
                    licenses.add(RslWriter.license(offered, offer.terms(), origin + "/v1/offers/" + offer.id()));
                    rest.removeAll(offered);
                }
            }
            Set<PartyId> deciding = licensors
                    .judge(List.of(List.of(subject)), toAsk)
                    .get(0)
                    .toAsk()
                    .keySet();
            if (!rest.isEmpty() && !deciding.isEmpty()) {
                licenses.add(RslWriter.license(
                        rest, origin + "/p/" + deciding.iterator().next()));
            }
            Map<PartyId, Parties.Face> faces = parties.faces(deciding);
            faces.forEach((party, face) -> {
                String contact = face.published(party, null, origin);
                if (contact != null) {
                    contacts.add(contact);
                }
            });
        }
        if (licenses.isEmpty() && !reserved.isEmpty()) {
            licenses.add(RslWriter.prohibition(reserved));
        }
        return licenses.isEmpty() ? null : RslWriter.document(resource, origin + "/olp", licenses, contacts);
    }

    private static Set<Use> leaves(Verdicts verdicts, Verdict verdict) {
        Set<Use> leaves = EnumSet.noneOf(Use.class);
        for (Use leaf : ALL) {
            if (verdicts.uses().get(leaf) == verdict) {
                leaves.add(leaf);
            }
        }
        return leaves;
    }
}
