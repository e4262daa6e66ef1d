package org.askfirst.registry.budget;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * The budgets of a day: of a party about which nothing is proved, and of all such parties of one address together. There
 * is no value for "unlimited": a registry that strangers can reach needs a limit.
 */
@ConfigMapping(prefix = "askfirst.budget")
interface BudgetConfig {
    /** Parties that an address may open. */
    @WithDefault("20")
    long parties();

    /** Recoveries of lost keys that an address may begin. */
    @WithDefault("20")
    long recoveries();

    /** Links to verify a contact that an address may let the registry send. */
    @WithDefault("20")
    long links();

    /** Messages to parties that an address may leave. */
    @WithDefault("20")
    long messages();

    /** Works that a party may declare in its first 24 hours: the whole list of a person or of a small publisher. */
    @WithDefault("10000")
    long worksOfFirstDay();

    /** Works that a party may declare on each later day. */
    @WithDefault("1000")
    long works();

    /** Works that a party may declare on each day while the operator restricts it. */
    @WithDefault("10")
    long worksOfRestricted();

    /** Works that the parties of an address may declare. */
    @WithDefault("20000")
    long worksOfAnAddress();

    /** Claims of control that a party may begin. */
    @WithDefault("50")
    long claims();

    /** Claims of control that the parties of an address may begin. */
    @WithDefault("200")
    long claimsOfAnAddress();

    /** Mandates that a party may offer. */
    @WithDefault("100")
    long offers();

    /** Mandates that the parties of an address may offer. */
    @WithDefault("400")
    long offersOfAnAddress();

    /** Offers of licenses that a party may publish or amend. */
    @WithDefault("100")
    long licenseOffers();

    /** Offers of licenses that the parties of an address may publish or amend. */
    @WithDefault("400")
    long licenseOffersOfAnAddress();

    /** Licensors that a party may ask for a license. */
    @WithDefault("200")
    long licenseRequests();

    /** Licensors that the parties of an address may ask for a license. */
    @WithDefault("800")
    long licenseRequestsOfAnAddress();

    /** Grants that a party may give. */
    @WithDefault("200")
    long grants();

    /** Grants that the parties of an address may give. */
    @WithDefault("800")
    long grantsOfAnAddress();

    /** Lines of usage reports that a party may send: one report of the maximal size, and one revision of it. */
    @WithDefault("2000000")
    long reportLines();

    /** Lines of usage reports that the parties of an address may send. */
    @WithDefault("8000000")
    long reportLinesOfAnAddress();

    /** Disputes that a party may file. */
    @WithDefault("10")
    long disputes();

    /** Disputes that the parties of an address may file. */
    @WithDefault("20")
    long disputesOfAnAddress();

    /** Changes of its name, contact and successor that a party may make. */
    @WithDefault("50")
    long changes();

    /** Mebibytes of files that a party may send to be imported: one file of the maximal size, and some more. */
    @WithDefault("600")
    long files();

    /** Mebibytes of files that the parties of an address may send to be imported. */
    @WithDefault("2000")
    long filesOfAnAddress();
}
