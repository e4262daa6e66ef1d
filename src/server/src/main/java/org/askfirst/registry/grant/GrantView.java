package org.askfirst.registry.grant;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import org.askfirst.id.PartyId;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/**
 * {@code Grant}.
 *
 * @param endsAt the first moment at which it is no longer in force, after all that ends it early
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record GrantView(
        String id,
        String licensor,
        @Nullable String licensorName,
        String licensee,
        @Nullable String licenseeName,
        String status,
        long position,
        Instant recordedAt,
        WorksView works,
        Map<String, Object> terms,
        Instant endsAt,
        @Nullable String supersedes,
        @Nullable String supersededBy,
        @Nullable Boolean erased) {
    /** {@code GrantedWorks}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record WorksView(@Nullable Boolean everything, @Nullable Integer count) {}

    /**
     * Returns the view of a grant.
     *
     * @param faces the names of the two sides, as others may see them
     */
    static GrantView of(GivenGrant grant, Map<PartyId, Parties.Face> faces, Instant now) {
        GivenGrant.End end = grant.firstEnd().orElse(null);
        return new GrantView(
                grant.id().toString(),
                grant.licensor().toString(),
                name(faces, grant.licensor()),
                grant.licensee().toString(),
                name(faces, grant.licensee()),
                grant.statusAt(now).wireName(),
                grant.position(),
                grant.recordedAt(),
                grant.everything() ? new WorksView(true, null) : new WorksView(null, grant.works()),
                grant.terms().toTree(),
                grant.endsAt(),
                grant.supersedes() == null ? null : grant.supersedes().toString(),
                end == null || end.by() == null ? null : end.by().toString(),
                grant.erased() ? true : null);
    }

    private static @Nullable String name(Map<PartyId, Parties.Face> faces, PartyId party) {
        Parties.Face face = faces.get(party);
        return face == null ? null : face.name();
    }
}
