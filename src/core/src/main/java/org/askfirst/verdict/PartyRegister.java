package org.askfirst.verdict;

import java.util.Map;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.jspecify.annotations.Nullable;

/** What is held, at one position of the ledger, of those who speak. */
public interface PartyRegister {
    /** Of that party; {@link PartyState#PLAIN} if nothing is. */
    PartyState state(PartyId party);

    /** How that mandate stands; null if it is not known, and then it does not hold. */
    @Nullable MandateTerm term(MandateId mandate);

    /** Those that were read, and nothing of others. */
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
