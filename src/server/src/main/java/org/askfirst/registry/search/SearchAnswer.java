package org.askfirst.registry.search;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code SearchPage}.
 *
 * @param next null on the last page
 * @param incomplete null if all names were compared
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SearchAnswer(
        List<Result> results,
        @Nullable String next,
        @Nullable Boolean incomplete) {
    /**
     * {@code SearchParty}.
     *
     * @param name null if it was erased
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PartyView(String id, @Nullable String name, String kind, String trust, Instant openedAt) {}

    /** {@code SearchResult}: a declared work with the party that declares it, or a party alone. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Result(
            String kind,
            String match,
            @Nullable String declaration,
            @Nullable String title,
            @Nullable List<String> creators,
            @Nullable String workKind,
            @Nullable List<String> subjects,
            @Nullable Integer subjectCount,
            @Nullable String status,
            PartyView party) {
        static Result ofParty(String match, PartyView party) {
            return new Result("party", match, null, null, null, null, null, null, null, party);
        }

        boolean hasSubject() {
            return subjects != null && !subjects.isEmpty();
        }

        Candidate asCandidate(@Nullable Boolean creatorMatches) {
            return new Candidate(
                    match,
                    creatorMatches,
                    subjects == null ? "" : subjects.get(0),
                    String.valueOf(declaration),
                    String.valueOf(title),
                    creators,
                    party.id(),
                    party.name(),
                    party.trust());
        }
    }

    /**
     * {@code LookupCandidate}: a declared work that a title may mean.
     *
     * @param creatorMatches null if the asker named no creator
     * @param subject the first subject of the declaration
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Candidate(
            String match,
            @Nullable Boolean creatorMatches,
            String subject,
            String declaration,
            String title,
            @Nullable List<String> creators,
            String party,
            @Nullable String partyName,
            String trust) {}
}
