package org.askfirst.registry.offer;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.askfirst.entry.Confidential;
import org.askfirst.id.DeclarationId;
import org.askfirst.license.LicenseTerms;
import org.askfirst.registry.measure.Measures;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** {@code Offer}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OfferView(
        String id,
        String status,
        String party,
        @Nullable String partyName,
        List<String> declarations,
        List<String> subjects,
        Map<String, Object> terms,
        String acceptance,
        long position,
        long firstPosition,
        Instant recordedAt) {
    /**
     * Returns the view of the offer.
     *
     * @param confidential the texts for people; null if there are none
     * @param face the name of the licensor, as others may see it; null if it has none
     */
    static OfferView of(
            Offer offer, @Nullable Confidential confidential, Parties.@Nullable Face face, Measures measures) {
        boolean isHidden = measures.hidesFace(offer.party()) != null;
        LicenseTerms terms = confidential == null || isHidden
                ? offer.terms()
                : offer.terms().withConfidential(confidential.attribution(), confidential.text());
        return new OfferView(
                offer.id().toString(),
                offer.isInForce() ? "in-force" : "withdrawn",
                offer.party().toString(),
                face == null ? null : face.name(),
                offer.coverage().declarations().stream()
                        .map(DeclarationId::toString)
                        .toList(),
                offer.coverage().subjects().stream().map(measures::shown).toList(),
                terms.toTree(),
                Offers.acceptance(offer.automatic()),
                offer.position(),
                offer.firstPosition(),
                offer.recordedAt());
    }
}
