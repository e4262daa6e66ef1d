package org.askfirst.registry.asked;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.mandate.Mandates;
import org.askfirst.registry.statement.DeclarationHistory;
import org.askfirst.registry.statement.DeclarationState;

/** Decides who may see the counts of a declaration: its party, the member for whom it speaks, and its society. */
@ApplicationScoped
class AskedAccess {
    /** Mandates between two parties that are read. */
    private static final int MANDATES = 100;

    private final DeclarationHistory declarations;
    private final Mandates mandates;
    private final Clock clock;

    AskedAccess(DeclarationHistory declarations, Mandates mandates, Clock clock) {
        this.declarations = declarations;
        this.mandates = mandates;
        this.clock = clock;
    }

    /**
     * Returns the declaration if the caller may see its counts.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#NOT_FOUND} if there is no such declaration, or {@link
     *     Problem#FORBIDDEN}
     */
    DeclarationState require(PartyId caller, String id) throws SQLException {
        Optional<DeclarationId> parsed = DeclarationId.parse(id);
        DeclarationState state = (parsed.isEmpty()
                        ? Optional.<DeclarationState>empty()
                        : declarations.declaration(parsed.get()))
                .orElseThrow(() -> Problem.NOT_FOUND.because("There is no such declaration"));
        if (!caller.equals(state.party()) && !isMember(caller, state) && !isSocietyOf(caller, state.party())) {
            throw Problem.FORBIDDEN.because("Only the party of the declaration, the member for whom it was made, and a"
                    + " society with a mandate of the party see who looked it up");
        }
        return state;
    }

    private boolean isMember(PartyId caller, DeclarationState state) throws SQLException {
        MandateId mandate = state.content().mandate();
        return mandate != null
                && caller.equals(mandates.find(mandate.toString()).terms().member());
    }

    private boolean isSocietyOf(PartyId caller, PartyId party) throws SQLException {
        Instant now = clock.instant();
        return mandates.of(caller, new Mandates.MandateFilter(party.toString(), null, true), 0, MANDATES).stream()
                .anyMatch(mandate -> caller.equals(mandate.terms().society())
                        && party.equals(mandate.terms().member())
                        && mandate.isInForceAt(now));
    }
}
