package org.askfirst.verdict;

import java.util.Arrays;
import java.util.Optional;

/** A decision by which the operator changes the status of a party. */
public enum PartyDecision {
    /** The operator checked who the party is. */
    VERIFIED("verified"),
    /** The earlier check of who the party is does not apply any longer. */
    UNVERIFIED("unverified"),
    /** The party's statements stop applying, except reservations of subjects to which its right is evidenced. */
    SUSPENDED("suspended"),
    /** The statements of the suspended party apply again. */
    REINSTATED("reinstated"),
    /** The party may vouch for others, and act for members, in the named schemes only. */
    VOUCHING_GRANTED("vouching-granted"),
    /** The party may vouch for nobody any longer, and everything that depends on its vouching stops applying. */
    VOUCHING_ENDED("vouching-ended");

    private final String wireName;

    PartyDecision(String wireName) {
        this.wireName = wireName;
    }

    /** Returns the name in the contract and in entries. */
    public String wireName() {
        return wireName;
    }

    /** Returns the decision with that name; empty if there is none. */
    public static Optional<PartyDecision> named(String wireName) {
        return Arrays.stream(values())
                .filter(decision -> decision.wireName.equals(wireName))
                .findFirst();
    }
}
