package org.askfirst.registry.trust;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.verdict.PartyState;

/** The states of the parties of one group of proposals. Each is read once, not again for each line of a batch. */
public final class GroupStates {
    private final Connection connection;
    private final PartyStates states;
    private final Map<PartyId, PartyState> cache = new HashMap<>();

    public GroupStates(Connection connection, PartyStates states) {
        this.connection = connection;
        this.states = states;
    }

    PartyState of(PartyId party) throws SQLException {
        PartyState state = cache.get(party);
        if (state == null) {
            state = states.now(connection, party);
            cache.put(party, state);
        }
        return state;
    }

    /** Refuses an act if its party is no vouching body, or is suspended. Returns false if it refuses the act. */
    public boolean isVouchingBody(Proposal proposal) throws SQLException {
        PartyState state = of(proposal.entry().party());
        if (state.suspended() || state.vouchesFor().isEmpty()) {
            proposal.refuse(Problem.FORBIDDEN.because(
                    state.suspended()
                            ? "The operator suspended this party"
                            : "Only a body that the operator allows to vouch for others may do this"));
            return false;
        }
        return true;
    }

    /** Returns true if the party may vouch for others. */
    public boolean isVouching(PartyId party) throws SQLException {
        PartyState state = of(party);
        return !state.suspended() && !state.vouchesFor().isEmpty();
    }

    /** Refuses an act if its party is suspended. */
    public void refuseSuspended(Proposal proposal) throws SQLException {
        if (of(proposal.entry().party()).suspended()) {
            proposal.refuse(Problem.FORBIDDEN.because("The operator suspended this party"));
        }
    }
}
