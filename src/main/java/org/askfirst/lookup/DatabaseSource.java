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
import org.askfirst.declaration.PartyId;
import org.askfirst.declaration.Statement;
import org.askfirst.declaration.Trust;
import org.askfirst.index.Match;
import org.askfirst.party.Controls;
import org.askfirst.standing.StatementStore;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Key;
import org.askfirst.subject.Subject;

/** Statements straight from the standing tables, at any position: three queries, however many subjects are asked. */
@ApplicationScoped
class DatabaseSource {
    private final StatementStore statements;
    private final Controls controls;

    DatabaseSource(StatementStore statements, Controls controls) {
        this.statements = statements;
        this.controls = controls;
    }

    private record Proof(PartyId party, Key key) {}

    /**
     * What reaches those subjects, read at once; of others the source knows nothing and throws.
     *
     * @param position entries up to and including it count
     */
    StatementSource at(long position, Collection<Subject> asked) throws SQLException {
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
        Set<Proof> proofs = found.isEmpty() ? Set.of() : proofs(keys, position);
        Set<PartyId> erased = found.isEmpty() ? Set.of() : erased(found.values(), position);
        Map<Subject, List<Match>> reaching = new HashMap<>();
        expansions.forEach((subject, expansion) -> reaching.put(subject, matches(expansion, found, proofs, erased)));
        return subject -> {
            List<Match> matches = reaching.get(subject);
            if (matches == null) {
                throw new IllegalArgumentException("not read: " + subject);
            }
            return matches;
        };
    }

    private Set<Proof> proofs(Set<Key> keys, long position) throws SQLException {
        Set<Proof> proofs = new HashSet<>();
        controls.at(keys, position).forEach(control -> proofs.add(new Proof(control.party(), control.key())));
        return proofs;
    }

    private Set<PartyId> erased(Collection<List<StatementStore.Stated>> found, long position) throws SQLException {
        Set<PartyId> parties = new HashSet<>();
        found.forEach(some -> some.forEach(stated -> parties.add(stated.party())));
        return controls.erased(parties, position);
    }

    private static List<Match> matches(
            Expansion expansion, Map<Key, List<StatementStore.Stated>> found, Set<Proof> proofs, Set<PartyId> erased) {
        List<Match> matches = new ArrayList<>();
        for (int i = 0; i < expansion.size(); i++) {
            for (StatementStore.Stated stated : found.getOrDefault(expansion.key(i), List.of())) {
                Statement statement = new Statement(
                        stated.party(),
                        Trust.ASSERTED,
                        stated.position(),
                        expansion.specificity(i),
                        expansion.scheme(i).needsControl(),
                        isControlled(expansion, i, stated.party(), proofs),
                        stated.stances(),
                        stated.lastingAddress() || (stated.address() && !erased.contains(stated.party())),
                        stated.period());
                matches.add(new Match(statement, stated.subject(), true));
            }
        }
        return matches;
    }

    private static boolean isControlled(Expansion expansion, int at, PartyId party, Set<Proof> proofs) {
        for (int i = 0; i < expansion.size(); i++) {
            if (expansion.contains(i, at) && proofs.contains(new Proof(party, expansion.key(i)))) {
                return true;
            }
        }
        return false;
    }
}
