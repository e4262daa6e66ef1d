package org.askfirst.registry.control;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.ControlEvidence;
import org.askfirst.verdict.PartyRegister;
import org.jspecify.annotations.Nullable;

/** The proof of control that each party has for each of some subject keys, as of one position. */
public final class ControlsByKey {
    /** No proofs. */
    public static final ControlsByKey NONE = new ControlsByKey(List.of());

    private final Map<SubjectKey, Map<PartyId, Controls.ControlRecord>> controls = new HashMap<>();
    private final Set<PartyId> bodies = new HashSet<>();

    ControlsByKey(List<Controls.ControlRecord> proofs) {
        for (Controls.ControlRecord proof : proofs) {
            controls.computeIfAbsent(proof.key(), key -> new HashMap<>()).put(proof.party(), proof);
            PartyId body = proof.by();
            if (body != null) {
                bodies.add(body);
            }
        }
    }

    /** Returns the vouching bodies on whose word proofs rest. */
    public Set<PartyId> bodies() {
        return bodies;
    }

    /**
     * Returns the evidence for an expansion; all its keys must have been read.
     *
     * @param register the states of the bodies, as of the same position
     */
    public ControlEvidence over(Expansion expansion, PartyRegister register) {
        return ControlEvidence.over(expansion, (entry, party) -> {
            Controls.ControlRecord proof =
                    controls.getOrDefault(expansion.key(entry), Map.of()).get(party);
            return proof == null
                    ? Control.NONE
                    : proof.control().onWordOf(proof.by(), expansion.scheme(entry), register);
        });
    }

    /**
     * Returns true if a declaration about the subject is pending. The states of bodies do not matter for this, because
     * a record of a body that may no longer vouch is still enough for a reservation.
     *
     * @param expansion the expansion of the subject; all its keys must have been read
     * @param member the member for whom the party speaks; null if the party speaks for itself
     */
    public boolean isPending(Expansion expansion, PartyId party, @Nullable PartyId member) {
        return over(expansion, PartyRegister.of(Map.of(), Map.of())).isPending(party, member);
    }
}
