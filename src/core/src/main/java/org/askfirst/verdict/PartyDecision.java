package org.askfirst.verdict;

import java.util.Arrays;
import java.util.Optional;

/** What the operator decides of a party. */
public enum PartyDecision {
    /** It is who it says it is. */
    VERIFIED("verified"),
    /** Nobody has checked that any more. */
    UNVERIFIED("unverified"),
    /** Its permissions stop counting; its reservations stay. */
    SUSPENDED("suspended"),
    /** They count again. */
    REINSTATED("reinstated"),
    /** It may vouch for others, and act for members, in the named kinds of subjects and no others. */
    VOUCHING_GRANTED("vouching-granted"),
    /** It may not any more, and what rested on it does not count. */
    VOUCHING_ENDED("vouching-ended");

    private final String wireName;

    PartyDecision(String wireName) {
        this.wireName = wireName;
    }

    /** Its name in the contract and in entries. */
    public String wireName() {
        return wireName;
    }

    /** The ruling of that name. */
    public static Optional<PartyDecision> named(String wireName) {
        return Arrays.stream(values())
                .filter(ruling -> ruling.wireName.equals(wireName))
                .findFirst();
    }
}
