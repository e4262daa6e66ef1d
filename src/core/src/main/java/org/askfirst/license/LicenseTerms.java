package org.askfirst.license;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.askfirst.json.CanonicalJson;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/**
 * The terms of an offer, a license request or a grant.
 *
 * <p>{@code attribution} and {@code text} may name a person. An entry that publishes the terms leaves them out and commits
 * to them ({@link #withoutConfidential}).
 *
 * @param uses the uses, at least one; an umbrella stands for all uses below it
 * @param model the models
 * @param transfer the rule for a transferred model
 * @param territory the countries
 * @param period the time in which a use is licensed; an end may be missing in an offer, and never in a grant
 * @param price the price
 * @param reporting the duty to report
 * @param route the way on which a machine can pay; null if there is none
 * @param attribution the form in which the creator is to be named; null if none is given
 * @param text anything else, for people; null if there is nothing
 */
public record LicenseTerms(
        Set<Use> uses,
        ModelScope model,
        Transfer transfer,
        Territory territory,
        Period period,
        Price price,
        Reporting reporting,
        @Nullable PayableRoute route,
        @Nullable String attribution,
        @Nullable String text) {
    /** The greatest number of UTF-16 code units of {@code attribution}. */
    public static final int MAX_ATTRIBUTION = 500;

    /** The greatest number of UTF-16 code units of {@code text}. */
    public static final int MAX_TEXT = 4000;

    public LicenseTerms {
        if (uses.isEmpty()) {
            throw new IllegalArgumentException("terms need at least one use");
        }
        uses = Collections.unmodifiableSet(EnumSet.copyOf(uses));
        if (attribution != null && (attribution.isBlank() || attribution.length() > MAX_ATTRIBUTION)) {
            throw new IllegalArgumentException("the attribution is empty or too long");
        }
        if (text != null && (text.isBlank() || text.length() > MAX_TEXT)) {
            throw new IllegalArgumentException("the text is empty or too long");
        }
    }

    /** Returns the leaves at and below the uses. */
    public Set<Use> leaves() {
        EnumSet<Use> leaves = EnumSet.noneOf(Use.class);
        uses.forEach(use -> leaves.addAll(use.leaves()));
        return leaves;
    }

    /**
     * Returns true if a license under these terms permits every use, model, transfer, country and moment that the other
     * terms ask for. Prices and duties are not compared.
     */
    public boolean covers(LicenseTerms other) {
        return leaves().containsAll(other.leaves())
                && model.covers(other.model)
                && transfer.covers(other.transfer)
                && territory.covers(other.territory)
                && covers(period, other.period);
    }

    /**
     * Returns the terms of a license that accepts these terms for what the other terms ask: their uses, model, transfer,
     * territory and period, at the price and with the duties of these terms.
     *
     * @throws IllegalArgumentException if these terms do not cover the other terms
     */
    public LicenseTerms narrowedTo(LicenseTerms asked) {
        if (!covers(asked)) {
            throw new IllegalArgumentException("the terms do not cover what is asked");
        }
        return new LicenseTerms(
                asked.uses,
                asked.model,
                asked.transfer,
                asked.territory,
                asked.period,
                price,
                reporting,
                route,
                attribution,
                text);
    }

    /** Returns the terms with another period. */
    public LicenseTerms withPeriod(Period other) {
        return new LicenseTerms(uses, model, transfer, territory, other, price, reporting, route, attribution, text);
    }

    /** Returns the terms without {@code attribution} and {@code text}, as the ledger stores public terms. */
    public LicenseTerms withoutConfidential() {
        return withConfidential(null, null);
    }

    /** Returns the terms with another {@code attribution} and {@code text}. */
    public LicenseTerms withConfidential(@Nullable String otherAttribution, @Nullable String otherText) {
        return new LicenseTerms(
                uses, model, transfer, territory, period, price, reporting, route, otherAttribution, otherText);
    }

    /** Returns the canonical JSON (RFC 8785). */
    public String toJson() {
        return CanonicalJson.write(LicenseTermsCodec.write(this));
    }

    /**
     * Reads the text that {@link #toJson} writes.
     *
     * @throws IllegalArgumentException if the text is no such text
     */
    public static LicenseTerms parse(String json) {
        return ofTree(CanonicalJson.parseObject(json));
    }

    /** Returns the members of the canonical JSON, for a larger JSON object. */
    public Map<String, Object> toTree() {
        return LicenseTermsCodec.write(this);
    }

    /**
     * Reads the members that {@link #toTree} returns.
     *
     * @throws IllegalArgumentException if they are no such members
     */
    public static LicenseTerms ofTree(Map<?, ?> tree) {
        return LicenseTermsCodec.read(tree);
    }

    private static boolean covers(Period wide, Period narrow) {
        boolean begins =
                wide.from() == null || (narrow.from() != null && !narrow.from().isBefore(wide.from()));
        boolean ends = wide.to() == null || (narrow.to() != null && !narrow.to().isAfter(wide.to()));
        return begins && ends;
    }
}
