package org.askfirst.registry.mandate;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.askfirst.entry.Mandate;
import org.askfirst.id.PartyId;
import org.askfirst.registry.party.Parties;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/** {@code Mandate}: the current state of a mandate. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MandateView(
        String id,
        String state,
        boolean inForce,
        String society,
        @Nullable String societyName,
        @Nullable String member,
        @Nullable String memberName,
        String offeredBy,
        @Nullable String memberNumber,
        @Nullable List<String> schemes,
        @Nullable List<String> uses,
        @Nullable List<String> territory,
        @Nullable Instant validFrom,
        @Nullable Instant validTo,
        @Nullable String documentSha256,
        long position) {
    /**
     * Returns the view of a mandate.
     *
     * @param faces the public data of both {@linkplain #sides sides}
     * @param caller the party that asks; null without a key. Only the society sees its number for the member
     */
    static MandateView of(
            Mandates.RecordedMandate mandate, Map<PartyId, Parties.Face> faces, @Nullable PartyId caller, Instant now) {
        Mandate terms = mandate.terms();
        return new MandateView(
                mandate.id().toString(),
                mandate.state().wireName(),
                mandate.isInForceAt(now),
                terms.society().toString(),
                name(faces, terms.society()),
                terms.member() == null ? null : terms.member().toString(),
                name(faces, terms.member()),
                mandate.offeredBy().toString(),
                terms.society().equals(caller) ? mandate.reference() : null,
                unlessEmpty(terms.schemes().stream().map(SubjectScheme::wireName).toList()),
                unlessEmpty(terms.uses().stream().map(Use::wireName).toList()),
                unlessEmpty(terms.territory()),
                terms.period().from(),
                terms.period().to(),
                terms.document(),
                mandate.position());
    }

    /** Returns the societies of the mandates, and those members that have an account. */
    public static Set<PartyId> sides(Collection<Mandates.RecordedMandate> mandates) {
        Set<PartyId> sides = new HashSet<>();
        for (Mandates.RecordedMandate mandate : mandates) {
            sides.add(mandate.terms().society());
            PartyId member = mandate.terms().member();
            if (member != null) {
                sides.add(member);
            }
        }
        return sides;
    }

    private static @Nullable String name(Map<PartyId, Parties.Face> faces, @Nullable PartyId party) {
        Parties.Face face = party == null ? null : faces.get(party);
        return face == null ? null : face.name();
    }

    private static @Nullable List<String> unlessEmpty(List<String> texts) {
        return texts.isEmpty() ? null : texts;
    }
}
