package org.askfirst.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.askfirst.client.RangeAnswer.Contested;
import org.askfirst.client.RangeAnswer.Found;
import org.askfirst.client.RangeAnswer.Proof;
import org.askfirst.client.RangeAnswer.Stated;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.index.Match;
import org.askfirst.subject.Expansion;
import org.askfirst.verdict.Contests;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.ControlEvidence;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyRegister;
import org.askfirst.verdict.PartyState;
import org.askfirst.verdict.Statement;

/** Several answers to range calls, read as one. */
final class RangeFindings {
    private final Map<String, Found> keys = new HashMap<>();
    private final PartyRegister parties;

    RangeFindings(Collection<RangeAnswer> answers) {
        Map<PartyId, PartyState> states = new HashMap<>();
        Map<MandateId, MandateTerm> mandates = new HashMap<>();
        // The newest state of a party counts.
        answers.stream().sorted(Comparator.comparing(RangeAnswer::position)).forEach(answer -> {
            keys.putAll(answer.keys());
            states.putAll(answer.states());
            mandates.putAll(answer.mandates());
        });
        this.parties = PartyRegister.of(states, mandates);
    }

    /** Returns everything that reaches a subject, the most specific first. */
    List<Match> reaching(Expansion expansion) {
        List<Found> found = new ArrayList<>(expansion.size());
        for (int i = 0; i < expansion.size(); i++) {
            found.add(keys.getOrDefault(expansion.key(i).hex(), Found.NOTHING));
        }
        ControlEvidence evidence =
                ControlEvidence.over(expansion, (i, party) -> control(found.get(i), expansion, i, party));
        Contests contests = new Contests(expansion, evidence, parties);
        for (int i = 0; i < expansion.size(); i++) {
            for (Contested one : found.get(i).contests()) {
                contests.add(i, one.otherSubject(), one.contest());
            }
            for (Stated one : found.get(i).statements()) {
                if (!one.repertoire().isEmpty() && !one.otherSubject()) {
                    evidence.addListing(i, one.terms(), parties);
                }
            }
        }
        List<Match> matches = new ArrayList<>();
        for (int i = 0; i < expansion.size(); i++) {
            for (Stated one : found.get(i).statements()) {
                long position = one.terms().position();
                Match.add(
                        new Match(
                                Statement.of(
                                        one.terms(), expansion, i, one.otherSubject(), parties, evidence, contests),
                                expansion.canonical(i),
                                !one.otherSubject(),
                                position,
                                one.repertoire().isEmpty() ? 0 : position,
                                Match.work(expansion, i, one.otherSubject())),
                        matches);
            }
        }
        return matches;
    }

    /** Returns the evidence under a key that the party controls its subject. */
    private Control control(Found found, Expansion expansion, int i, PartyId party) {
        Control control = Control.NONE;
        for (Proof proof : found.proofs()) {
            if (proof.party().equals(party)) {
                control = control.stronger(proof.control().onWordOf(proof.by(), expansion.scheme(i), parties));
            }
        }
        return control;
    }
}
