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
 * Party states and mandates as of one ledger position, sorted by id so that equal content produces equal bytes.
 *
 * @param erasures the erased parties, each with the position of its erasure
 * @param states the states of parties about which anything is recorded; their {@code erased} is false
 * @param terms the mandates
 */
public record PartyRegisterSnapshot(
        SortedMap<PartyId, Long> erasures,
        SortedMap<PartyId, PartyState> states,
        SortedMap<MandateId, MandateTerm> terms) {
    /** The snapshot without any party or mandate. */
    public static final PartyRegisterSnapshot NOTHING = new PartyRegisterSnapshot(Map.of(), Map.of(), Map.of());

    /** Sorts the content and leaves out states about which nothing is recorded. */
    public PartyRegisterSnapshot(
            Map<PartyId, Long> erasures, Map<PartyId, PartyState> states, Map<MandateId, MandateTerm> terms) {
        this(byNumber(erasures), withoutPlain(states), inOrder(terms));
    }

    private static SortedMap<PartyId, Long> byNumber(Map<PartyId, Long> erasures) {
        SortedMap<PartyId, Long> sorted = new TreeMap<>(Comparator.comparing(PartyId::number));
        sorted.putAll(erasures);
        return sorted;
    }

    private static SortedMap<PartyId, PartyState> withoutPlain(Map<PartyId, PartyState> states) {
        SortedMap<PartyId, PartyState> sorted = new TreeMap<>(Comparator.comparing(PartyId::number));
        states.forEach((party, state) -> {
            PartyState unerased = state.withErased(false);
            if (!unerased.equals(PartyState.PLAIN)) {
                sorted.put(party, unerased);
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
