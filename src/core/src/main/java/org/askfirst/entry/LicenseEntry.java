package org.askfirst.entry;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.LicenseRequestId;
import org.askfirst.id.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * An entry about a license request from one party to another.
 *
 * <p>Requests are confidential between the two sides. So these entries name neither: {@code party} is a pseudonym, a
 * random id that a side has in one request only. The confidential part names the sides, and the entry commits to it. The
 * days of each step are public, so anybody who has the id of a request can replay its clock.
 */
public sealed interface LicenseEntry extends Entry {
    /** Returns the request. */
    LicenseRequestId request();

    /** Returns the moment at which the time of the other side ends; null if no time runs after this entry. */
    @Nullable Instant endsAt(Instant recordedAt);

    /** One method for each kind of these entries. */
    interface Cases<X extends Exception> {
        /** A party asks another for a license. */
        void licenseRequested(LicenseRequested requested) throws X;

        /** A request enters its next step. */
        void licenseStepped(LicenseStepped stepped) throws X;
    }

    /** The registry submits these entries after it checked the key of the side that acts, because none names a party. */
    @Override
    default Set<Submitter> submitters() {
        return Set.of(Submitter.REGISTRY);
    }

    @Override
    default Set<Object> conflictKeys(@Nullable Confidential confidential) {
        return Set.of(List.of("license-request", request()));
    }

    @Override
    default Optional<DeclarationId> changed() {
        return Optional.empty();
    }

    /**
     * A party asks another for a license.
     *
     * @param request the id of the request
     * @param party the pseudonym of the asker
     * @param days the number of days, of 24 hours each, from this entry on, in which the licensor can answer
     * @param commitment the commitment to the confidential part
     */
    record LicenseRequested(
            LicenseRequestId request,
            PartyId party,
            int days,
            @Nullable String commitment) implements LicenseEntry {
        static final String TYPE = "license-requested";

        @Override
        public Instant endsAt(Instant recordedAt) {
            return recordedAt.plus(Duration.ofDays(days));
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public void write(EntryWriter members) {
            members.put("request", request.toString());
            members.put("days", (long) days);
        }

        static LicenseRequested read(EntryReader members) {
            return new LicenseRequested(
                    members.licenseRequest(), members.party(), members.whole("days"), members.commitment());
        }

        @Override
        public <X extends Exception> void accept(Entry.Cases<X> cases) throws X {
            cases.licenseRequested(this);
        }
    }

    /**
     * A request enters its next step.
     *
     * @param step the step
     * @param request the request
     * @param party the pseudonym of the side that acts
     * @param days the number of days in which the other side can answer; null if the step ends the request
     * @param commitment the commitment to the confidential part; null if there is none
     */
    record LicenseStepped(
            LicenseStep step,
            LicenseRequestId request,
            PartyId party,
            @Nullable Integer days,
            @Nullable String commitment)
            implements LicenseEntry {
        @Override
        public @Nullable Instant endsAt(Instant recordedAt) {
            return days == null ? null : recordedAt.plus(Duration.ofDays(days));
        }

        @Override
        public String type() {
            return step.type();
        }

        @Override
        public void write(EntryWriter members) {
            members.put("request", request.toString());
            members.put("days", days == null ? null : (long) days);
        }

        static LicenseStepped read(EntryReader members) {
            return new LicenseStepped(
                    LicenseStep.of(members.type()),
                    members.licenseRequest(),
                    members.party(),
                    members.has("days") ? members.whole("days") : null,
                    members.commitment());
        }

        @Override
        public <X extends Exception> void accept(Entry.Cases<X> cases) throws X {
            cases.licenseStepped(this);
        }
    }
}
