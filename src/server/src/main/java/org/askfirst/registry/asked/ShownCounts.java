package org.askfirst.registry.asked;

/**
 * Counts as they are shown.
 *
 * <p>Lookups of named askers and own lookups are exact. Lookups without a name are shown in completed tens, counted from
 * the first one: a day shows the tens that were completed on it. So no number, and no difference of two numbers, shows a
 * lookup of one stranger, and the numbers of all days add up to the number of all days.
 *
 * @param identified lookups of named askers
 * @param anonymous lookups of others, a multiple of {@value #TENS}
 * @param own lookups by the party that makes the declaration, or for whom it is made
 */
record ShownCounts(long identified, long anonymous, long own) {
    /** Lookups without a name that are shown together. */
    static final int TENS = 10;

    static final ShownCounts NONE = new ShownCounts(0, 0, 0);

    /** Returns the shown part of the lookups without a name since the first one. */
    static long tens(long anonymous) {
        return anonymous / TENS * TENS;
    }

    boolean isEmpty() {
        return identified == 0 && anonymous == 0 && own == 0;
    }

    ShownCounts plus(ShownCounts other) {
        return new ShownCounts(identified + other.identified, anonymous + other.anonymous, own + other.own);
    }
}
