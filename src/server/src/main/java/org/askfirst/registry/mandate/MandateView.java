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

/** {@code Mandate}: a mandate as it stands. */
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
     * The view of a mandate.
     *
     * @param faces of both {@linkplain #sides sides}
     * @param caller who asks; null for anybody. The society alone sees its number for the member
     */
    static MandateView of(
            Mandates.RecordedMandate known, Map<PartyId, Parties.Face> faces, @Nullable PartyId caller, Instant now) {
        Mandate terms = known.terms();
        return new MandateView(
                known.id().toString(),
                known.state().wireName(),
                known.holdsAt(now),
                terms.society().toString(),
                name(faces, terms.society()),
                terms.member() == null ? null : terms.member().toString(),
                name(faces, terms.member()),
                known.offeredBy().toString(),
                terms.society().equals(caller) ? known.reference() : null,
                unlessEmpty(terms.schemes().stream().map(SubjectScheme::wireName).toList()),
                unlessEmpty(terms.uses().stream().map(Use::wireName).toList()),
                unlessEmpty(terms.territory()),
                terms.period().from(),
                terms.period().to(),
                terms.document(),
                known.position());
    }

    /** The parties that those mandates are between, as far as they are known. */
    public static Set<PartyId> sides(Collection<Mandates.RecordedMandate> mandates) {
        Set<PartyId> sides = new HashSet<>();
        for (Mandates.RecordedMandate known : mandates) {
            sides.add(known.terms().society());
            PartyId member = known.terms().member();
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
