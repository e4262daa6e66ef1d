package org.askfirst.index;

import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyState;

/**
 * What is held of those who speak, at one position: in the order of numbers, so that the same content gives the same
 * bytes.
 *
 * @param erasures the erased parties, each with the position of its erasure
 * @param states of parties of which anything is held, erasure left aside
 * @param terms of mandates
 */
public record PartyRegisterSnapshot(
        SortedMap<PartyId, Long> erasures,
        SortedMap<PartyId, PartyState> states,
        SortedMap<MandateId, MandateTerm> terms) {
    /** Nothing. */
    public static final PartyRegisterSnapshot NOTHING = new PartyRegisterSnapshot(Map.of(), Map.of(), Map.of());

    /** Those, put in order; a state that says nothing is left out. */
    public PartyRegisterSnapshot(
            Map<PartyId, Long> erasures, Map<PartyId, PartyState> states, Map<MandateId, MandateTerm> terms) {
        this(byNumber(erasures), plainLeftOut(states), inOrder(terms));
    }

    private static SortedMap<PartyId, Long> byNumber(Map<PartyId, Long> erasures) {
        SortedMap<PartyId, Long> sorted = new TreeMap<>(Comparator.comparing(PartyId::number));
        sorted.putAll(erasures);
        return sorted;
    }

    private static SortedMap<PartyId, PartyState> plainLeftOut(Map<PartyId, PartyState> states) {
        SortedMap<PartyId, PartyState> sorted = new TreeMap<>(Comparator.comparing(PartyId::number));
        states.forEach((party, state) -> {
            PartyState open = state.withErased(false);
            if (!open.equals(PartyState.PLAIN)) {
                sorted.put(party, open);
            }
        });
        return sorted;
    }

    private static SortedMap<MandateId, MandateTerm> inOrder(Map<MandateId, MandateTerm> terms) {
        SortedMap<MandateId, MandateTerm> sorted = new TreeMap<>(Comparator.comparing(MandateId::number));
        sorted.putAll(terms);
        return sorted;
    }
}
