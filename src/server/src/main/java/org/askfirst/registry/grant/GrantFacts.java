package org.askfirst.registry.grant;

import java.time.Instant;
import org.askfirst.id.GrantId;
import org.askfirst.id.PartyId;
import org.askfirst.license.LicenseTerms;

/**
 * The parts of a grant that a usage report needs.
 *
 * @param everything true if it covers everything that the licensor states
 * @param works the number of subjects; 0 if it covers everything
 * @param from the first moment at which it is in force
 * @param endsAt the first moment at which it is no longer in force
 */
public record GrantFacts(
        GrantId id,
        PartyId licensor,
        PartyId licensee,
        boolean everything,
        int works,
        LicenseTerms terms,
        Instant from,
        Instant endsAt) {
    static GrantFacts of(GivenGrant grant) {
        Instant from = grant.terms().period().from();
        return new GrantFacts(
                grant.id(),
                grant.licensor(),
                grant.licensee(),
                grant.everything(),
                grant.works(),
                grant.terms(),
                from == null ? grant.recordedAt() : from,
                grant.endsAt());
    }
}
