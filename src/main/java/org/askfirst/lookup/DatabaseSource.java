package org.askfirst.lookup;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.askfirst.declaration.Control;
import org.askfirst.declaration.MandateId;
import org.askfirst.declaration.MandateTerm;
import org.askfirst.declaration.PartyId;
import org.askfirst.declaration.PartyState;
import org.askfirst.declaration.Statement;
import org.askfirst.declaration.Trust;
import org.askfirst.declaration.Voice;
import org.askfirst.ledger.LedgerStore;
import org.askfirst.party.Controls;
import org.askfirst.party.Mandates;
import org.askfirst.party.PartyStates;
import org.askfirst.standing.StatementStore;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Key;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;

/** Statements straight from the standing tables: a few queries, however many subjects are asked. */
@ApplicationScoped
class DatabaseSource implements StatementSource {
    private final LedgerStore ledger;
    private final StatementStore statements;
    private final Controls controls;
    private final PartyStates parties;
    private final Mandates mandates;

    DatabaseSource(
            LedgerStore ledger, StatementStore statements, Controls controls, PartyStates parties, Mandates mandates) {
        this.ledger = ledger;
        this.statements = statements;
        this.controls = controls;
        this.parties = parties;
        this.mandates = mandates;
    }

    private record Proof(PartyId party, Key key) {}

    @Override
    public long position() throws SQLException {
        return ledger.head().position();
    }

    @Override
    public Map<Subject, List<Match>> reaching(Collection<Subject> asked, long position) throws SQLException {
        Map<Subject, Expansion> expansions = new HashMap<>();
        Set<Key> keys = new HashSet<>();
        for (Subject subject : asked) {
            if (!expansions.containsKey(subject)) {
                Expansion expansion = subject.expand();
                expansions.put(subject, expansion);
                for (int i = 0; i < expansion.size(); i++) {
                    keys.add(expansion.key(i));
                }
            }
        }
        Map<Key, List<StatementStore.Stated>> found = new HashMap<>();
        for (StatementStore.Stated stated : statements.at(keys, position)) {
            found.computeIfAbsent(stated.key(), key -> new ArrayList<>()).add(stated);
        }
        if (found.isEmpty()) {
            return Map.of();
        }
        expansions.values().removeIf(expansion -> !isReached(expansion, found.keySet()));
        Map<Proof, Control> proofs = proofs(expansions.values(), position);
        Speakers speakers = speakers(found.values(), position);
        Map<Subject, List<Match>> reaching = new HashMap<>();
        expansions.forEach((subject, expansion) -> reaching.put(subject, matches(expansion, found, proofs, speakers)));
        return reaching;
    }

    private static boolean isReached(Expansion expansion, Set<Key> found) {
        for (int i = 0; i < expansion.size(); i++) {
            if (found.contains(expansion.key(i))) {
                return true;
            }
        }
        return false;
    }

    private Map<Proof, Control> proofs(Collection<Expansion> expansions, long position) throws SQLException {
        Set<Key> keys = new HashSet<>();
        for (Expansion expansion : expansions) {
            for (int i = 0; i < expansion.size(); i++) {
                keys.add(expansion.key(i));
            }
        }
        Map<Proof, Control> proofs = new HashMap<>();
        controls.at(keys, position)
                .forEach(proof ->
                        proofs.merge(new Proof(proof.party(), proof.key()), proof.control(), Control::stronger));
        return proofs;
    }

    /**
     * Who speaks, and under what.
     *
     * @param used by position of the statement, the mandate under which it was made
     */
    private record Speakers(
            Map<PartyId, PartyState> states, Map<Long, MandateId> used, Map<MandateId, MandateTerm> terms) {
        PartyState of(PartyId party) {
            return states.getOrDefault(party, PartyState.PLAIN);
        }
    }

    private Speakers speakers(Collection<List<StatementStore.Stated>> found, long position) throws SQLException {
        Set<PartyId> speakers = new HashSet<>();
        Set<Long> positions = new HashSet<>();
        found.forEach(some -> some.forEach(stated -> {
            speakers.add(stated.party());
            positions.add(stated.position());
        }));
        Map<Long, MandateId> used = mandates.usedAt(positions);
        Map<MandateId, MandateTerm> terms = mandates.at(new HashSet<>(used.values()), position);
        terms.values().forEach(term -> {
            PartyId member = term.member();
            if (member != null) {
                speakers.add(member);
            }
        });
        return new Speakers(parties.at(speakers, position), used, terms);
    }

    private static List<Match> matches(
            Expansion expansion,
            Map<Key, List<StatementStore.Stated>> found,
            Map<Proof, Control> proofs,
            Speakers speakers) {
        List<Match> matches = new ArrayList<>();
        for (int i = 0; i < expansion.size(); i++) {
            for (StatementStore.Stated stated : found.getOrDefault(expansion.key(i), List.of())) {
                matches.add(new Match(statement(expansion, i, stated, proofs, speakers), stated.subject()));
            }
        }
        return matches;
    }

    /** What a society says under a mandate has whatever standing either it or its member has. */
    private static Statement statement(
            Expansion expansion, int at, StatementStore.Stated stated, Map<Proof, Control> proofs, Speakers speakers) {
        PartyState party = speakers.of(stated.party());
        Trust trust = party.trustIn(expansion.scheme(at), speakers.states());
        Control control = control(expansion, at, stated.party(), proofs);
        Voice voice = new Voice(stated.party().number(), party.suspended(), null);
        MandateId mandate = speakers.used().get(stated.position());
        MandateTerm term = mandate == null ? null : speakers.terms().get(mandate);
        if (mandate != null && term != null) {
            PartyId member = term.member();
            PartyState known = member == null ? PartyState.PLAIN : speakers.of(member);
            voice = term.voice(mandate, party.suspended() || known.suspended());
            if (member != null) {
                trust = trust.stronger(known.trustIn(expansion.scheme(at), speakers.states()));
                control = control.stronger(control(expansion, at, member, proofs));
            }
        }
        return new Statement(
                stated.declaration(),
                stated.party(),
                trust,
                stated.position(),
                expansion.specificity(at),
                expansion.scheme(at).needsControl(),
                control,
                stated.stances(),
                stated.lastingAddress() || (stated.address() && !party.erased()),
                stated.period(),
                voice);
    }

    /**
     * How far the party was seen to control the subject at {@code at} or one that contains it. What reaches the
     * asked subject contains what reaches it more closely, so whatever is wider contains it; but only among
     * addresses or among identifiers. A link to the resolver of DOIs is reached by both, and whoever runs the
     * resolver does not control what it resolves.
     */
    private static Control control(Expansion expansion, int at, PartyId party, Map<Proof, Control> proofs) {
        Control control = Control.NONE;
        for (int i = 0; i < expansion.size(); i++) {
            boolean contains = i == at
                    || (expansion.specificity(i) < expansion.specificity(at)
                            && isAddress(expansion.scheme(i)) == isAddress(expansion.scheme(at)));
            if (contains) {
                control = control.stronger(proofs.getOrDefault(new Proof(party, expansion.key(i)), Control.NONE));
            }
        }
        return control;
    }

    private static boolean isAddress(SubjectScheme scheme) {
        return scheme == SubjectScheme.URL || scheme == SubjectScheme.UNDER || scheme == SubjectScheme.DOMAIN;
    }
}
