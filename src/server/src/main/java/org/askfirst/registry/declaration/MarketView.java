package org.askfirst.registry.declaration;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.askfirst.entry.Market;
import org.jspecify.annotations.Nullable;

/** {@code Market}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MarketView(
        boolean rightsholderIdentified, @Nullable List<OfferView> offers) {
    /** {@code MarketOffer}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record OfferView(
            String market,
            @Nullable String licensor,
            @Nullable String contact,
            @Nullable String since,
            @Nullable String evidence) {}

    /** Returns the view of a market; null if there is none. */
    public static @Nullable MarketView of(@Nullable Market market) {
        if (market == null) {
            return null;
        }
        List<OfferView> offers = market.offers().stream()
                .map(offer -> new OfferView(
                        offer.market(),
                        offer.licensor(),
                        offer.contact(),
                        offer.since() == null ? null : offer.since().toString(),
                        offer.evidence()))
                .toList();
        return new MarketView(market.identified(), offers.isEmpty() ? null : offers);
    }
}
