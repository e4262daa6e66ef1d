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
import org.askfirst.declaration.PartyId;
import org.askfirst.declaration.Statement;
import org.askfirst.declaration.Trust;
import org.askfirst.declaration.Voice;
import org.askfirst.ledger.LedgerStore;
import org.askfirst.party.Controls;
import org.askfirst.standing.StatementStore;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Key;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;

/** Statements straight from the standing tables: two queries, however many subjects are asked. */
@ApplicationScoped
class DatabaseSource implements StatementSource {
    private final LedgerStore ledger;
    private final StatementStore statements;
    private final Controls controls;

    DatabaseSource(LedgerStore ledger, StatementStore statements, Controls controls) {
        this.ledger = ledger;
        this.statements = statements;
        this.controls = controls;
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
        Set<PartyId> erased = erased(found.values(), position);
        Map<Subject, List<Match>> reaching = new HashMap<>();
        expansions.forEach((subject, expansion) -> reaching.put(subject, matches(expansion, found, proofs, erased)));
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

    private Set<PartyId> erased(Collection<List<StatementStore.Stated>> found, long position) throws SQLException {
        Set<PartyId> parties = new HashSet<>();
        found.forEach(some -> some.forEach(stated -> parties.add(stated.party())));
        return controls.erased(parties, position);
    }

    private static List<Match> matches(
            Expansion expansion,
            Map<Key, List<StatementStore.Stated>> found,
            Map<Proof, Control> proofs,
            Set<PartyId> erased) {
        List<Match> matches = new ArrayList<>();
        for (int i = 0; i < expansion.size(); i++) {
            for (StatementStore.Stated stated : found.getOrDefault(expansion.key(i), List.of())) {
                Statement statement = new Statement(
                        stated.declaration(),
                        stated.party(),
                        Trust.ASSERTED,
                        stated.position(),
                        expansion.specificity(i),
                        expansion.scheme(i).needsControl(),
                        control(expansion, i, stated.party(), proofs),
                        stated.stances(),
                        stated.lastingAddress() || (stated.address() && !erased.contains(stated.party())),
                        stated.period(),
                        Voice.of(stated.party()));
                matches.add(new Match(statement, stated.subject()));
            }
        }
        return matches;
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
