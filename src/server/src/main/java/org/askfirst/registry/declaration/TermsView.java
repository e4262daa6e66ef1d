package org.askfirst.registry.declaration;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.askfirst.entry.Payment;
import org.askfirst.entry.Terms;
import org.jspecify.annotations.Nullable;

/** {@code Terms}, as answers give them. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TermsView(
        @Nullable String contact,
        @Nullable String license,
        @Nullable String policy,
        @Nullable PaymentView payment,
        @Nullable String attribution,
        @Nullable String purpose,
        List<String> userClass,
        List<String> territory,
        @Nullable String text) {
    /** {@code Payment}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PaymentView(
            String type, @Nullable String amount, @Nullable String currency) {}

    /** Returns the same view with another contact. */
    TermsView withContact(@Nullable String other) {
        return new TermsView(other, license, policy, payment, attribution, purpose, userClass, territory, text);
    }

    /** Returns the view of the terms; null if they are empty. */
    public static @Nullable TermsView of(Terms terms) {
        return of(terms, terms.contact());
    }

    /**
     * Returns the view of the terms with another contact in the place of theirs; null if they are empty.
     *
     * @param published the contact that everybody may see; ignored if the terms have none
     */
    public static @Nullable TermsView of(Terms terms, @Nullable String published) {
        if (terms.isEmpty()) {
            return null;
        }
        Payment payment = terms.payment();
        return new TermsView(
                terms.contact() == null ? null : published,
                terms.license(),
                terms.policy(),
                payment == null ? null : new PaymentView(payment.type(), payment.amount(), payment.currency()),
                terms.attribution(),
                terms.purpose(),
                terms.userClass(),
                terms.territory(),
                terms.text());
    }
}
