package org.askfirst.entry;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * That whoever holds the rights is known, and where licences to the work are traded.
 *
 * <p>In Korea, by the rule of January 2026, a work of which both can be said is not subject to "use first, pay later".
 *
 * @param identified whether the party says that the rightsholder is identified
 * @param offers where licences are traded; may be empty
 */
public record Market(boolean identified, List<Offer> offers) {
    public Market {
        offers = List.copyOf(offers);
    }

    /**
     * Where licences are traded.
     *
     * @param market what it is called
     * @param licensor who gives licences there; may be a person, so it is kept beside the ledger
     * @param contact of the licensor, likewise
     * @param since when they have been given
     * @param evidence where that can be seen
     */
    public record Offer(
            String market,
            @Nullable String licensor,
            @Nullable String contact,
            @Nullable LocalDate since,
            @Nullable String evidence) {}

    /** What of it may stand in the ledger for ever. */
    Market withoutConfidential() {
        return with(List.of());
    }

    /** What of it may not; empty if there is nothing such. */
    List<Confidential.Licensor> licensors() {
        List<Confidential.Licensor> licensors = offers.stream()
                .map(offer -> new Confidential.Licensor(offer.licensor(), offer.contact()))
                .toList();
        return licensors.stream().allMatch(licensor -> licensor.name() == null && licensor.contact() == null)
                ? List.of()
                : licensors;
    }

    /** This, which came from the ledger, with what is kept beside it, one for each offer. */
    Market with(List<Confidential.Licensor> licensors) {
        List<Offer> whole = new ArrayList<>(offers.size());
        for (int i = 0; i < offers.size(); i++) {
            Offer offer = offers.get(i);
            Confidential.Licensor licensor =
                    i < licensors.size() ? licensors.get(i) : new Confidential.Licensor(null, null);
            whole.add(new Offer(offer.market(), licensor.name(), licensor.contact(), offer.since(), offer.evidence()));
        }
        return new Market(identified, whole);
    }
}
