package org.askfirst.entry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of use, and the contact for questions. Every part may be absent.
 *
 * <p>{@code contact}, {@code attribution} and {@code text} may name a person, so they are not in the ledger. The entry
 * commits to them by a salted hash ({@link Confidential}).
 *
 * @param contact a {@code mailto:}, {@code https:} or {@code tel:} address
 * @param license the web address of a license
 * @param policy the web address of a policy document
 * @param payment the price
 * @param attribution the form in which the creator is to be named
 * @param purpose {@code research} or {@code non-research}
 * @param userClass user classes of RSL 1.0
 * @param territory ISO 3166-1 alpha-2 codes, or EU
 * @param text anything else, for people
 */
public record Terms(
        @Nullable String contact,
        @Nullable String license,
        @Nullable String policy,
        @Nullable Payment payment,
        @Nullable String attribution,
        @Nullable String purpose,
        List<String> userClass,
        List<String> territory,
        @Nullable String text) {
    /** The terms without any part. */
    public static final Terms NONE = new Terms(null, null, null, null, null, null, List.of(), List.of(), null);

    public Terms {
        userClass = List.copyOf(userClass);
        territory = List.copyOf(territory);
    }

    /** Returns true if no part is present. */
    public boolean isEmpty() {
        return equals(NONE);
    }

    /** Returns true if they name somebody who can be asked: a contact, or a license. */
    public boolean isContactable() {
        return contact != null || license != null;
    }

    /** Returns the terms without their confidential part, as the ledger stores them. */
    Terms withoutConfidential() {
        return new Terms(null, license, policy, payment, null, purpose, userClass, territory, null);
    }

    /** Returns the terms, which were read from the ledger, with their confidential part. */
    Terms with(Confidential confidential) {
        return new Terms(
                confidential.contact(),
                license,
                policy,
                payment,
                confidential.attribution(),
                purpose,
                userClass,
                territory,
                confidential.text());
    }
}
