package org.askfirst.registry.grant;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.askfirst.id.GrantId;
import org.askfirst.id.PartyId;
import org.askfirst.license.LicenseTerms;
import org.jspecify.annotations.Nullable;

/**
 * A grant that was given, as its two sides see it.
 *
 * @param works the number of subjects; 0 if it covers everything
 * @param salts the salts of the commitments to the licensee, the works and the terms, 16 bytes each
 * @param erased true if a side closed its account, so that texts of the terms were erased
 * @param position the position of the entry that gives it
 * @param supersedes the grant whose place it takes; null if there is none
 * @param endings its revocations and supersessions, in the order of positions
 */
@SuppressWarnings("ArrayRecordComponent") // Grants are never compared.
record GivenGrant(
        GrantId id,
        PartyId licensor,
        PartyId licensee,
        boolean everything,
        int works,
        LicenseTerms terms,
        byte[] salts,
        boolean erased,
        long position,
        Instant recordedAt,
        @Nullable GrantId supersedes,
        List<End> endings) {
    static final int SALT_BYTES = 16;

    /**
     * A revocation or supersession.
     *
     * @param at the first moment at which the grant is no longer in force
     * @param by the grant that takes its place; null for a revocation
     */
    record End(long position, Instant at, @Nullable GrantId by) {}

    /** The state of a grant. */
    enum Status {
        SCHEDULED("scheduled"),
        IN_FORCE("in-force"),
        EXPIRED("expired"),
        REVOKED("revoked"),
        SUPERSEDED("superseded");

        private final String wireName;

        Status(String wireName) {
            this.wireName = wireName;
        }

        /** Returns the name in the contract. */
        String wireName() {
            return wireName;
        }
    }

    /** Returns the ending that comes first; empty if there is none. */
    Optional<End> firstEnd() {
        return endings.stream().min((one, other) -> one.at().compareTo(other.at()));
    }

    /** Returns the first moment at which the grant is no longer in force. */
    Instant endsAt() {
        Instant to = terms.period().to();
        Instant ended = firstEnd().map(End::at).orElse(Instant.MAX);
        return to == null || ended.isBefore(to) ? ended : to;
    }

    Status statusAt(Instant moment) {
        if (!moment.isBefore(endsAt())) {
            End end = firstEnd().orElse(null);
            if (end == null || end.at().isAfter(endsAt())) {
                return Status.EXPIRED;
            }
            return end.by() == null ? Status.REVOKED : Status.SUPERSEDED;
        }
        Instant from = terms.period().from();
        return from != null && moment.isBefore(from) ? Status.SCHEDULED : Status.IN_FORCE;
    }

    boolean concerns(PartyId party) {
        return party.equals(licensor) || party.equals(licensee);
    }

    /** Returns one of the three salts: 0 for the licensee, 1 for the works, 2 for the terms. */
    byte[] salt(int part) {
        return Arrays.copyOfRange(salts, part * SALT_BYTES, (part + 1) * SALT_BYTES);
    }
}
