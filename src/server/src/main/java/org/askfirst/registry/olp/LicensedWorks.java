package org.askfirst.registry.olp;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.askfirst.id.PartyId;
import org.askfirst.index.AskerGrants;
import org.askfirst.index.IndexView;
import org.askfirst.index.Match;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.grant.GrantIndex;
import org.askfirst.registry.indexing.IndexFollower;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/** Judges a resource for a licensee, now, by the rules of lookups. */
@ApplicationScoped
class LicensedWorks {
    private final IndexFollower index;
    private final GrantIndex grants;
    private final Clock clock;

    LicensedWorks(IndexFollower index, GrantIndex grants, Clock clock) {
        this.index = index;
        this.grants = grants;
        this.clock = clock;
    }

    /** Returns the current time, or the time of the last entry if that is later: clocks differ between nodes. */
    Instant now() {
        Instant clocked = clock.instant();
        return clocked.isBefore(index.recordedAt()) ? index.recordedAt() : clocked;
    }

    /**
     * Returns the verdicts on a resource.
     *
     * @param licensee the party whose grants count; null for everybody
     * @throws ProblemException {@link Problem#UNAVAILABLE} if the index may be stale
     */
    Verdicts judge(@Nullable PartyId licensee, Subject resource, Collection<Use> uses) throws SQLException {
        IndexView view = index.view();
        AskerGrants granted = grants.of(licensee, view.position());
        List<Match> reaching =
                index.reading(() -> view.reaching(List.of(resource), granted)).get(0);
        return Verdicts.of(reaching.stream().map(Match::statement).distinct().toList(), uses, now());
    }
}
