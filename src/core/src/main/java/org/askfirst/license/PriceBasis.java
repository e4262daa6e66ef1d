package org.askfirst.license;

import java.util.Optional;

/** The basis on which a price is computed. */
public enum PriceBasis {
    /** Nothing is due. */
    FREE("free"),
    /** One amount for all works and the whole period. */
    FLAT("flat"),
    /** An amount for each work that is used. */
    PER_WORK("per-work"),
    /** An amount for each unit that is used, such as a token or a second. */
    PER_UNIT("per-unit"),
    /** A share of the licensee's revenue, with a floor if one is given. */
    REVENUE_SHARE("revenue-share"),
    /** An amount that the licensed works divide among them. */
    POOL("pool"),
    /** A price that the two sides agree on outside the registry. */
    NEGOTIATED("negotiated");

    private final String wireName;

    PriceBasis(String wireName) {
        this.wireName = wireName;
    }

    /** Returns the basis with that name in the contract; empty if there is none. */
    public static Optional<PriceBasis> named(String wireName) {
        for (PriceBasis basis : values()) {
            if (basis.wireName.equals(wireName)) {
                return Optional.of(basis);
            }
        }
        return Optional.empty();
    }

    /** Returns the name in the contract. */
    public String wireName() {
        return wireName;
    }
}
