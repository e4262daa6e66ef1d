package org.askfirst.registry.control;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.ControlEvidence;

/** The strongest proof of control that each party has for each of some subject keys, as of one position. */
public final class ControlsByKey {
    /** No proofs. */
    public static final ControlsByKey NONE = new ControlsByKey(List.of());

    private final Map<SubjectKey, Map<PartyId, Control>> controls = new HashMap<>();

    ControlsByKey(List<Controls.ControlRecord> proofs) {
        for (Controls.ControlRecord proof : proofs) {
            controls.computeIfAbsent(proof.key(), key -> new HashMap<>())
                    .merge(proof.party(), proof.control(), Control::stronger);
        }
    }

    /** Returns the evidence for an expansion; all its keys must have been read. */
    public ControlEvidence over(Expansion expansion) {
        return ControlEvidence.over(
                expansion,
                (entry, party) ->
                        controls.getOrDefault(expansion.key(entry), Map.of()).getOrDefault(party, Control.NONE));
    }
}
