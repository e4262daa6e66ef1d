package org.askfirst.entry;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The evidence that the rightsholder is identified, and that licenses to the work are traded.
 *
 * <p>In Korea, by the rule of January 2026, a work that has both is not subject to "use first, pay later".
 *
 * @param identified true if the party states that the rightsholder is identified
 * @param offers the places where licenses are traded; may be empty
 */
public record Market(boolean identified, List<Offer> offers) {
    public Market {
        offers = List.copyOf(offers);
    }

    /**
     * A place where licenses are traded.
     *
     * @param market the name of the market
     * @param licensor the licensor there; it may be a person, so it is stored beside the ledger
     * @param contact the licensor's contact, also stored beside the ledger
     * @param since the date of the first license
     * @param evidence the web address of the evidence
     */
    public record Offer(
            String market,
            @Nullable String licensor,
            @Nullable String contact,
            @Nullable LocalDate since,
            @Nullable String evidence) {}

    /** Returns the evidence without its confidential part, as the ledger stores it. */
    Market withoutConfidential() {
        return with(List.of());
    }

    /** Returns the confidential part, one licensor for each offer; empty if there is none. */
    List<Confidential.Licensor> licensors() {
        List<Confidential.Licensor> licensors = offers.stream()
                .map(offer -> new Confidential.Licensor(offer.licensor(), offer.contact()))
                .toList();
        return licensors.stream().allMatch(licensor -> licensor.name() == null && licensor.contact() == null)
                ? List.of()
                : licensors;
    }

    /**
     * Returns the evidence, which was read from the ledger, with its confidential part, one licensor for each offer.
     */
    Market with(List<Confidential.Licensor> licensors) {
        List<Offer> complete = new ArrayList<>(offers.size());
        for (int i = 0; i < offers.size(); i++) {
            Offer offer = offers.get(i);
            Confidential.Licensor licensor =
                    i < licensors.size() ? licensors.get(i) : new Confidential.Licensor(null, null);
            complete.add(
                    new Offer(offer.market(), licensor.name(), licensor.contact(), offer.since(), offer.evidence()));
        }
        return new Market(identified, complete);
    }
}
