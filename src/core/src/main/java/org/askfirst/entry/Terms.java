package org.askfirst.entry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * On what terms a use is open, and whom to ask; every part may be absent.
 *
 * <p>{@code contact}, {@code attribution} and {@code text} may name a person, so they are kept out of the ledger:
 * its entry commits to them by a salted hash ({@link Confidential}).
 *
 * @param contact a {@code mailto:}, {@code https:} or {@code tel:} address
 * @param licence where a licence can be had
 * @param policy a policy document
 * @param payment what is paid
 * @param attribution how to name the creator
 * @param purpose {@code research} or {@code non-research}
 * @param userClass user classes of RSL 1.0
 * @param territory ISO 3166-1 alpha-2 codes, or EU
 * @param text anything else, for people
 */
public record Terms(
        @Nullable String contact,
        @Nullable String licence,
        @Nullable String policy,
        @Nullable Payment payment,
        @Nullable String attribution,
        @Nullable String purpose,
        List<String> userClass,
        List<String> territory,
        @Nullable String text) {
    /** Nothing said. */
    public static final Terms NONE = new Terms(null, null, null, null, null, null, List.of(), List.of(), null);

    public Terms {
        userClass = List.copyOf(userClass);
        territory = List.copyOf(territory);
    }

    /** Whether nothing is said. */
    public boolean isEmpty() {
        return equals(NONE);
    }

    /** Whether somebody can be reached by them. */
    public boolean giveAddress() {
        return contact != null || licence != null;
    }

    /** What of them may stand in the ledger for ever. */
    Terms withoutConfidential() {
        return new Terms(null, licence, policy, payment, null, purpose, userClass, territory, null);
    }

    /** These, which came from the ledger, with what is kept beside it. */
    Terms with(Confidential confidential) {
        return new Terms(
                confidential.contact(),
                licence,
                policy,
                payment,
                confidential.attribution(),
                purpose,
                userClass,
                territory,
                confidential.text());
    }
}
