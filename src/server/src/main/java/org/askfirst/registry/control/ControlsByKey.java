package org.askfirst.registry.control;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.ControlEvidence;

/** How far each party was seen to control the subjects with certain keys, at one position. */
public final class ControlsByKey {
    /** Nothing was seen. */
    public static final ControlsByKey NONE = new ControlsByKey(List.of());

    private final Map<SubjectKey, Map<PartyId, Control>> controls = new HashMap<>();

    ControlsByKey(List<Controls.ControlRecord> proofs) {
        for (Controls.ControlRecord proof : proofs) {
            controls.computeIfAbsent(proof.key(), key -> new HashMap<>())
                    .merge(proof.party(), proof.control(), Control::stronger);
        }
    }

    /** The evidence on a subject, all of whose keys were asked for. */
    public ControlEvidence over(Expansion expansion) {
        return ControlEvidence.over(
                expansion,
                (entry, party) ->
                        controls.getOrDefault(expansion.key(entry), Map.of()).getOrDefault(party, Control.NONE));
    }
}
