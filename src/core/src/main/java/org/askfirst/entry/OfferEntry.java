package org.askfirst.entry;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.OfferId;
import org.askfirst.id.PartyId;
import org.askfirst.license.LicenseTerms;
import org.jspecify.annotations.Nullable;

/** An entry about an offer: the terms on which a party licenses works for which its statements decide. */
public sealed interface OfferEntry extends Entry {
    /** Returns the offer. */
    OfferId offer();

    /** One method for each kind of these entries. */
    interface Cases<X extends Exception> {
        /** A party publishes or amends an offer. */
        void offerStated(OfferStated stated) throws X;

        /** A party withdraws an offer. */
        void offerWithdrawn(OfferWithdrawn withdrawn) throws X;
    }

    @Override
    default Set<Submitter> submitters() {
        return Set.of(Submitter.OWN_KEY);
    }

    /** The number of a party's offers is limited, so they are decided one after the other. */
    @Override
    default Set<Object> conflictKeys(@Nullable Confidential confidential) {
        return Set.of(List.of("offers", party()));
    }

    @Override
    default Optional<DeclarationId> changed() {
        return Optional.empty();
    }

    /**
     * A party publishes an offer, or replaces it.
     *
     * @param amends true if the offer was published before
     * @param party the licensor
     * @param coverage the works
     * @param terms the terms; the texts for people are not written, because they may name a person
     * @param automatic true if a request within the terms is accepted without an act of the licensor
     * @param commitment the commitment to the texts for people; null if there are none
     */
    record OfferStated(
            boolean amends,
            OfferId offer,
            PartyId party,
            OfferCoverage coverage,
            LicenseTerms terms,
            boolean automatic,
            @Nullable String commitment)
            implements OfferEntry {
        static final String PUBLISHED = "offer-published";
        static final String AMENDED = "offer-amended";

        public OfferStated {
            terms = terms.withoutConfidential();
        }

        @Override
        public String type() {
            return amends ? AMENDED : PUBLISHED;
        }

        @Override
        public void write(EntryWriter members) {
            members.put("offer", offer.toString());
            members.putTexts(
                    "declarations",
                    coverage.declarations().stream()
                            .map(DeclarationId::toString)
                            .toList());
            members.putSubjects("subjects", coverage.subjects());
            members.put("licenseTerms", terms.toTree());
            members.putIf(automatic, "automatic");
        }

        static OfferStated read(EntryReader members) {
            return new OfferStated(
                    members.type().equals(AMENDED),
                    members.offer(),
                    members.party(),
                    new OfferCoverage(members.declarations("declarations"), members.subjects("subjects")),
                    LicenseTerms.ofTree(
                            (Map<?, ?>) Objects.requireNonNull(members.tree().get("licenseTerms"))),
                    members.isTrue("automatic"),
                    members.commitment());
        }

        @Override
        public <X extends Exception> void accept(Entry.Cases<X> cases) throws X {
            cases.offerStated(this);
        }
    }

    /** A party withdraws its offer. Licenses that rest on it continue. */
    record OfferWithdrawn(OfferId offer, PartyId party) implements OfferEntry {
        static final String TYPE = "offer-withdrawn";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public @Nullable String commitment() {
            return null;
        }

        @Override
        public void write(EntryWriter members) {
            members.put("offer", offer.toString());
        }

        static OfferWithdrawn read(EntryReader members) {
            return new OfferWithdrawn(members.offer(), members.party());
        }

        @Override
        public <X extends Exception> void accept(Entry.Cases<X> cases) throws X {
            cases.offerWithdrawn(this);
        }
    }
}
