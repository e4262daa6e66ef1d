package org.askfirst.registry.offer;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.askfirst.entry.OfferCoverage;
import org.askfirst.entry.Positions;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.OfferId;
import org.askfirst.id.PartyId;
import org.askfirst.license.LicenseTerms;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;

/**
 * One version of an offer.
 *
 * @param position the position of the entry that states this version
 * @param untilPosition the position of the entry that ended this version; {@link Positions#NO_END} while it is in force
 * @param firstPosition the position of the entry that published the offer
 * @param recordedAt the time of the entry at {@code position}
 * @param party the licensor
 * @param terms the terms without the texts for people
 * @param automatic true if a request within the terms is accepted without an act of the licensor
 */
public record Offer(
        OfferId id,
        long position,
        long untilPosition,
        long firstPosition,
        Instant recordedAt,
        PartyId party,
        OfferCoverage coverage,
        LicenseTerms terms,
        boolean automatic) {
    /** Returns true if neither an amendment nor a withdrawal ended this version. */
    public boolean isInForce() {
        return untilPosition == Positions.NO_END;
    }

    /** Returns true if a license under this offer can still begin. */
    boolean isOpenAt(Instant moment) {
        Instant to = terms.period().to();
        return to == null || to.isAfter(moment);
    }

    /** Returns true if the offer permits one of the leaves whose verdict is {@code ask}. */
    boolean fits(Map<Use, Verdict> uses) {
        Set<Use> offered = terms.leaves();
        return uses.entrySet().stream()
                .anyMatch(use -> use.getValue() == Verdict.ASK && offered.contains(use.getKey()));
    }

    /**
     * Returns true if the offer applies to a work for which a statement of the licensor decides.
     *
     * @param declaration the declaration that makes the statement
     * @param work the subjects of the work
     */
    public boolean covers(Supplier<DeclarationId> declaration, List<Subject> work) {
        if (coverage.isAll()) {
            return true;
        }
        if (!coverage.declarations().isEmpty()) {
            return coverage.declarations().contains(declaration.get());
        }
        Set<String> limits = new HashSet<>();
        coverage.subjects().forEach(subject -> limits.add(subject.canonical()));
        for (Subject subject : work) {
            Expansion expansion = subject.expand();
            for (int i = 0; i < expansion.size(); i++) {
                if (limits.contains(expansion.canonical(i))) {
                    return true;
                }
            }
        }
        return false;
    }
}
