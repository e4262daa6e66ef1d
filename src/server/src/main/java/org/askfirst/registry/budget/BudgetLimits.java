package org.askfirst.registry.budget;

import jakarta.enterprise.context.ApplicationScoped;

/** The limits of the budgets, as they are set. */
@ApplicationScoped
class BudgetLimits {
    private static final long NONE = Long.MAX_VALUE;

    private final BudgetConfig config;

    BudgetLimits(BudgetConfig config) {
        this.config = config;
    }

    /** Returns what a party may do on a day of its life, which is 0 for the first. */
    long ofParty(Budget budget, long day) {
        return switch (budget) {
            case PARTIES, RECOVERIES, LINKS, MESSAGES -> NONE;
            case WORKS -> day == 0 ? config.worksOfFirstDay() : config.works();
            case CLAIMS -> config.claims();
            case OFFERS -> config.offers();
            case LICENSE_OFFERS -> config.licenseOffers();
            case LICENSE_REQUESTS -> config.licenseRequests();
            case GRANTS -> config.grants();
            case REPORT_LINES -> config.reportLines();
            case DISPUTES -> config.disputes();
            case CHANGES -> config.changes();
            case FILES -> config.files();
        };
    }

    /** Returns what the parties of an address may do on a day together. */
    long ofAddress(Budget budget) {
        return switch (budget) {
            case PARTIES -> config.parties();
            case RECOVERIES -> config.recoveries();
            case LINKS -> config.links();
            case MESSAGES -> config.messages();
            case WORKS -> config.worksOfAnAddress();
            case CLAIMS -> config.claimsOfAnAddress();
            case OFFERS -> config.offersOfAnAddress();
            case LICENSE_OFFERS -> config.licenseOffersOfAnAddress();
            case LICENSE_REQUESTS -> config.licenseRequestsOfAnAddress();
            case GRANTS -> config.grantsOfAnAddress();
            case REPORT_LINES -> config.reportLinesOfAnAddress();
            case DISPUTES -> config.disputesOfAnAddress();
            case CHANGES -> NONE;
            case FILES -> config.filesOfAnAddress();
        };
    }
}
