package org.askfirst.intake;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.askfirst.declaration.Mandate;
import org.askfirst.declaration.PartyId;
import org.askfirst.declaration.Use;
import org.askfirst.party.Mandates;
import org.askfirst.subject.SubjectScheme;
import org.jspecify.annotations.Nullable;

/** {@code Mandate}: a mandate as it stands. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record MandateView(
        String id,
        String state,
        boolean inForce,
        String society,
        @Nullable String member,
        String offeredBy,
        @Nullable String reference,
        @Nullable List<String> kinds,
        @Nullable List<String> uses,
        @Nullable List<String> territory,
        @Nullable Instant validFrom,
        @Nullable Instant validTo,
        @Nullable String document,
        long position) {
    /**
     * The view of a mandate.
     *
     * @param caller who asks; null for anybody. The society alone sees its number for the member
     */
    static MandateView of(Mandates.Known known, @Nullable PartyId caller, Instant now) {
        Mandate terms = known.terms();
        return new MandateView(
                known.id().toString(),
                known.state().wireName(),
                known.holdsAt(now),
                terms.society().toString(),
                terms.member() == null ? null : terms.member().toString(),
                known.offeredBy().toString(),
                terms.society().equals(caller) ? known.reference() : null,
                unlessEmpty(terms.kinds().stream().map(SubjectScheme::wireName).toList()),
                unlessEmpty(terms.uses().stream().map(Use::wireName).toList()),
                unlessEmpty(terms.territory()),
                terms.period().from(),
                terms.period().to(),
                terms.document(),
                known.position());
    }

    private static @Nullable List<String> unlessEmpty(List<String> texts) {
        return texts.isEmpty() ? null : texts;
    }
}
