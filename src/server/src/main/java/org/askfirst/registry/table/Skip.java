package org.askfirst.registry.table;

/** Reasons why a row of a file is not read as a work. */
public enum Skip {
    /** The row is above the row that names the columns. */
    ABOVE_HEADER("above-header"),
    /** The row names the columns again. */
    REPEATS_HEADER("repeats-header"),
    /** The row explains the columns, as in "(required)". */
    EXPLAINS_COLUMNS("explains-columns"),
    /** The row is a sum of others. */
    TOTAL("total"),
    /** The row has only lines, errors of formulas and words for nothing. */
    NO_CONTENT("no-content"),
    /** The person who sent the file leaves the row out. */
    LEFT_OUT("left-out");

    private final String wireName;

    Skip(String wireName) {
        this.wireName = wireName;
    }

    /** Returns its name in the contract. */
    public String wireName() {
        return wireName;
    }
}
