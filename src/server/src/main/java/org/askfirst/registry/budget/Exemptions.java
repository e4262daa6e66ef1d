package org.askfirst.registry.budget;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.askfirst.id.PartyId;
import org.askfirst.registry.measure.Measures;

/**
 * The parties that need no budget, because something is proved about them. The answer is kept for a minute if it is yes,
 * so that a proved party costs the ledger nothing, and for ten seconds if it is no. A restricted party always needs one.
 */
@ApplicationScoped
class Exemptions {
    private static final Duration YES_FOR = Duration.ofMinutes(1);
    private static final Duration NO_FOR = Duration.ofSeconds(10);
    private static final int MOST_PARTIES = 100_000;

    private final List<ProvedParties> proofs;
    private final Measures measures;
    private final Clock clock;
    private final Cache<PartyId, Answer> answers =
            Caffeine.newBuilder().maximumSize(MOST_PARTIES).build();

    Exemptions(@All List<ProvedParties> proofs, Measures measures, Clock clock) {
        this.measures = measures;
        this.proofs = proofs;
        this.clock = clock;
    }

    private record Answer(boolean exempt, Instant at) {
        boolean isValid(Instant now) {
            return !now.isBefore(at) && now.isBefore(at.plus(exempt ? YES_FOR : NO_FOR));
        }
    }

    /** Returns those of the parties that need no budget. */
    Set<PartyId> among(Connection connection, Collection<PartyId> parties) throws SQLException {
        Instant now = clock.instant();
        Set<PartyId> exempt = new HashSet<>();
        Set<PartyId> unknown = new HashSet<>();
        for (PartyId party : parties) {
            Answer answer = answers.getIfPresent(party);
            if (answer == null || !answer.isValid(now)) {
                unknown.add(party);
            } else if (answer.exempt()) {
                exempt.add(party);
            }
        }
        exempt.addAll(look(connection, unknown, now));
        exempt.removeIf(party -> measures.restricts(party) != null);
        return exempt;
    }

    /** Returns true if the party needs no budget now. Call it before the party is refused anything. */
    boolean isExempt(Connection connection, PartyId party) throws SQLException {
        return measures.restricts(party) == null
                && look(connection, Set.of(party), clock.instant()).contains(party);
    }

    private Set<PartyId> look(Connection connection, Set<PartyId> parties, Instant now) throws SQLException {
        Set<PartyId> exempt = new HashSet<>();
        if (parties.isEmpty()) {
            return exempt;
        }
        for (ProvedParties proof : proofs) {
            exempt.addAll(proof.among(connection, parties));
        }
        parties.forEach(party -> answers.put(party, new Answer(exempt.contains(party), now)));
        return exempt;
    }
}
