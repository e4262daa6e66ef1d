package org.askfirst.registry.measure;

import java.util.HashMap;
import java.util.Map;
import org.askfirst.entry.MeasureEntry.Ground;
import org.askfirst.entry.MeasureEntry.Kind;
import org.askfirst.entry.MeasureEntry.Target;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.SubjectKey;

/**
 * The measures that are in force at one position, with their grounds. It is immutable.
 *
 * @param faces parties whose names and contacts are hidden
 * @param texts declarations whose texts are hidden
 * @param subjects subjects that are hidden
 * @param restricted parties that are restricted
 */
record MeasuresInForce(
        Map<PartyId, Ground> faces,
        Map<DeclarationId, Ground> texts,
        Map<SubjectKey, Ground> subjects,
        Map<PartyId, Ground> restricted) {
    static final MeasuresInForce NONE = new MeasuresInForce(Map.of(), Map.of(), Map.of(), Map.of());

    MeasuresInForce {
        faces = Map.copyOf(faces);
        texts = Map.copyOf(texts);
        subjects = Map.copyOf(subjects);
        restricted = Map.copyOf(restricted);
    }

    /** Collects measures. */
    static final class Builder {
        private final Map<PartyId, Ground> faces = new HashMap<>();
        private final Map<DeclarationId, Ground> texts = new HashMap<>();
        private final Map<SubjectKey, Ground> subjects = new HashMap<>();
        private final Map<PartyId, Ground> restricted = new HashMap<>();

        void add(Kind kind, Target target, Ground ground) {
            DeclarationId declaration = target.declaration();
            SubjectKey subject = target.subject();
            if (kind == Kind.RESTRICTION) {
                restricted.put(target.party(), ground);
            } else if (declaration != null) {
                texts.put(declaration, ground);
            } else if (subject != null) {
                subjects.put(subject, ground);
            } else {
                faces.put(target.party(), ground);
            }
        }

        MeasuresInForce build() {
            return new MeasuresInForce(faces, texts, subjects, restricted);
        }
    }
}
