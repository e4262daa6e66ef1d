package org.askfirst.registry.lookup;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.index.Match;
import org.askfirst.registry.control.Controls;
import org.askfirst.registry.control.ControlsByKey;
import org.askfirst.registry.mandate.Mandates;
import org.askfirst.registry.statement.StatementStore;
import org.askfirst.registry.trust.PartyStates;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.ControlEvidence;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyRegister;
import org.askfirst.verdict.Statement;

/** Statements straight from the standing tables, at any position: a few queries, however many subjects are asked. */
@ApplicationScoped
class DatabaseSource {
    private final StatementStore statements;
    private final Controls controls;
    private final PartyStates parties;
    private final Mandates mandates;

    DatabaseSource(StatementStore statements, Controls controls, PartyStates parties, Mandates mandates) {
        this.statements = statements;
        this.controls = controls;
        this.parties = parties;
        this.mandates = mandates;
    }

    /**
     * Everything that reaches each of those subjects, in their order; most specific first, and of one subject oldest
     * first. The same question gets the same answer.
     *
     * @param position entries up to and including it count
     */
    List<List<Match>> reaching(List<Subject> asked, long position) throws SQLException {
        Map<Subject, Expansion> expansions = new HashMap<>();
        Set<SubjectKey> keys = new HashSet<>();
        for (Subject subject : asked) {
            if (!expansions.containsKey(subject)) {
                Expansion expansion = subject.expand();
                expansions.put(subject, expansion);
                for (int i = 0; i < expansion.size(); i++) {
                    keys.add(expansion.key(i));
                }
            }
        }
        Map<SubjectKey, List<StatementStore.Stated>> found = new HashMap<>();
        for (StatementStore.Stated stated : statements.at(keys, position)) {
            found.computeIfAbsent(stated.key(), key -> new ArrayList<>()).add(stated);
        }
        ControlsByKey seen = found.isEmpty() ? ControlsByKey.NONE : controls.byKey(keys, position);
        PartyRegister speakers =
                found.isEmpty() ? PartyRegister.of(Map.of(), Map.of()) : speakers(found.values(), position);
        Map<Subject, List<Match>> reaching = new HashMap<>();
        expansions.forEach((subject, expansion) -> reaching.put(subject, matches(expansion, found, seen, speakers)));
        return asked.stream().map(reaching::get).toList();
    }

    private PartyRegister speakers(Collection<List<StatementStore.Stated>> found, long position) throws SQLException {
        Set<PartyId> speakers = new HashSet<>();
        Set<MandateId> used = new HashSet<>();
        found.forEach(some -> some.forEach(stated -> {
            speakers.add(stated.party());
            MandateId mandate = stated.mandate();
            if (mandate != null) {
                used.add(mandate);
            }
        }));
        Map<MandateId, MandateTerm> terms = mandates.at(used, position);
        terms.values().forEach(term -> {
            PartyId member = term.member();
            if (member != null) {
                speakers.add(member);
            }
        });
        return PartyRegister.of(parties.at(speakers, position), terms);
    }

    private static List<Match> matches(
            Expansion expansion,
            Map<SubjectKey, List<StatementStore.Stated>> found,
            ControlsByKey seen,
            PartyRegister speakers) {
        List<Match> matches = new ArrayList<>();
        ControlEvidence evidence = seen.over(expansion);
        for (int i = 0; i < expansion.size(); i++) {
            int at = i;
            for (StatementStore.Stated stated : found.getOrDefault(expansion.key(i), List.of())) {
                Statement statement = Statement.of(
                        stated.said(),
                        expansion.scheme(i),
                        expansion.specificity(i),
                        speakers,
                        party -> evidence.of(at, party));
                matches.add(new Match(statement, stated.subject(), true, stated.position(), stated.listedAt()));
            }
        }
        return matches;
    }
}
