package org.askfirst.registry.budget;

import java.util.Locale;

/**
 * The things that are counted by day: of a party about which nothing is proved, and of all such parties of one address
 * together. A party's day has 24 hours and begins at the time at which it was opened; an address's day is that of UTC.
 *
 * <p>To add a budget, add a constant, its settings in {@link BudgetConfig}, and its limits in {@link BudgetLimits}. Acts
 * of the ledger also need a case in {@link Cost}; everything else calls {@link Budgets#take}.
 */
public enum Budget {
    /** Parties that an address opens. */
    PARTIES("opened", "parties"),
    /** Recoveries of lost keys that an address begins. */
    RECOVERIES("begun", "recoveries"),
    /** Links to verify a contact that an address has sent. */
    LINKS("sent", "links"),
    /** Messages to parties that an address leaves. */
    MESSAGES("left", "messages"),
    /** Works that are declared. An amendment counts as the works that it adds, and as one at least. */
    WORKS("declared", "works"),
    /** Claims of control that are begun. */
    CLAIMS("begun", "claims of control"),
    /** Mandates that are offered. */
    OFFERS("offered", "mandates"),
    /** Offers of licenses that are published or amended. */
    LICENSE_OFFERS("published", "offers of licenses"),
    /** Licensors that are asked for a license. */
    LICENSE_REQUESTS("asked", "licensors"),
    /** Grants that are given, one that supersedes another included. */
    GRANTS("given", "grants"),
    /** Lines of usage reports that are sent. */
    REPORT_LINES("sent", "lines of usage reports"),
    /** Disputes that are filed. */
    DISPUTES("filed", "disputes"),
    /** Changes of a party's name, contact or successor. */
    CHANGES("made", "changes of the account"),
    /** Mebibytes of files that are sent to be imported. */
    FILES("sent", "MiB of files");

    private final String verb;
    private final String unit;

    Budget(String verb, String unit) {
        this.verb = verb;
        this.unit = unit;
    }

    /** Returns the name in the tables. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns, for example, "declared 1000 works". */
    String spent(long limit) {
        return verb + " " + limit + " " + unit;
    }

    /** Returns, for example, "works". */
    String unit() {
        return unit;
    }
}
