package org.askfirst.license;

import java.util.Optional;

/** The rule for a model that the licensee transfers to somebody else. */
public enum Transfer {
    /** The license ends for the transferred model. */
    NONE("none"),
    /** The license continues for whoever receives the model, under the same terms. */
    SAME_TERMS("same-terms");

    private final String wireName;

    Transfer(String wireName) {
        this.wireName = wireName;
    }

    /** Returns the rule with that name in the contract; empty if there is none. */
    public static Optional<Transfer> named(String wireName) {
        for (Transfer transfer : values()) {
            if (transfer.wireName.equals(wireName)) {
                return Optional.of(transfer);
            }
        }
        return Optional.empty();
    }

    /** Returns the name in the contract. */
    public String wireName() {
        return wireName;
    }

    /** Returns true if this rule permits every transfer that the other rule permits. */
    public boolean covers(Transfer other) {
        return this == SAME_TERMS || other == NONE;
    }
}
