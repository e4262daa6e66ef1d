package org.askfirst.verdict;

import java.util.Map;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.jspecify.annotations.Nullable;

/** The states of parties and the mandates as of one position of the ledger. */
public interface PartyRegister {
    /** Returns the state of that party; {@link PartyState#PLAIN} if nothing is recorded about it. */
    PartyState state(PartyId party);

    /** Returns that mandate; null if it is unknown, in which case it is not in force. */
    @Nullable MandateTerm term(MandateId mandate);

    /** Returns a register of exactly these states and mandates. */
    static PartyRegister of(Map<PartyId, PartyState> states, Map<MandateId, MandateTerm> terms) {
        return new PartyRegister() {
            @Override
            public PartyState state(PartyId party) {
                return states.getOrDefault(party, PartyState.PLAIN);
            }

            @Override
            public @Nullable MandateTerm term(MandateId mandate) {
                return terms.get(mandate);
            }
        };
    }
}
