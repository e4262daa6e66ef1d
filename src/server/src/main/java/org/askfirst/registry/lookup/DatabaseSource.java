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
import org.askfirst.index.AskerGrants;
import org.askfirst.index.Match;
import org.askfirst.registry.control.Controls;
import org.askfirst.registry.control.ControlsByKey;
import org.askfirst.registry.dispute.ContestStore;
import org.askfirst.registry.mandate.Mandates;
import org.askfirst.registry.statement.StatementStore;
import org.askfirst.registry.trust.PartyStates;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Contests;
import org.askfirst.verdict.ControlEvidence;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyRegister;
import org.askfirst.verdict.Statement;

/**
 * Finds statements in the tables, as of any position. The number of queries does not depend on the number of subjects.
 */
@ApplicationScoped
class DatabaseSource {
    private final StatementStore statements;
    private final Controls controls;
    private final ContestStore contests;
    private final PartyStates parties;
    private final Mandates mandates;

    DatabaseSource(
            StatementStore statements,
            Controls controls,
            ContestStore contests,
            PartyStates parties,
            Mandates mandates) {
        this.statements = statements;
        this.controls = controls;
        this.contests = contests;
        this.parties = parties;
        this.mandates = mandates;
    }

    /**
     * Returns the statements that reach each subject, in the order of the subjects: the most specific first, and for
     * one subject the oldest first. Equal calls get equal answers.
     *
     * @param position entries up to and including it apply
     * @param grants the grants of the asker
     */
    List<List<Match>> reaching(List<Subject> subjects, long position, AskerGrants grants) throws SQLException {
        Map<Subject, Expansion> expansions = new HashMap<>();
        Set<SubjectKey> keys = new HashSet<>();
        for (Subject subject : subjects) {
            if (!expansions.containsKey(subject)) {
                Expansion expansion = subject.expand();
                expansions.put(subject, expansion);
                for (int i = 0; i < expansion.size(); i++) {
                    keys.add(expansion.key(i));
                }
            }
        }
        Map<SubjectKey, List<StatementStore.Stated>> statementsByKey = new HashMap<>();
        for (StatementStore.Stated stated : statements.at(keys, position)) {
            statementsByKey
                    .computeIfAbsent(stated.key(), key -> new ArrayList<>())
                    .add(stated);
        }
        ControlsByKey proofs = statementsByKey.isEmpty() ? ControlsByKey.NONE : controls.byKey(keys, position);
        Map<SubjectKey, List<ContestStore.StoredContest>> contestsByKey = new HashMap<>();
        Set<PartyId> named = new HashSet<>(proofs.bodies());
        for (ContestStore.StoredContest stored :
                statementsByKey.isEmpty() ? List.<ContestStore.StoredContest>of() : contests.at(keys, position)) {
            contestsByKey
                    .computeIfAbsent(stored.key(), key -> new ArrayList<>())
                    .add(stored);
            PartyId challenger = stored.contest().challenger();
            if (challenger != null) {
                named.add(challenger);
            }
        }
        PartyRegister register = statementsByKey.isEmpty()
                ? PartyRegister.of(Map.of(), Map.of())
                : register(statementsByKey.values(), named, position);
        Map<Subject, List<Match>> reaching = new HashMap<>();
        expansions.forEach((subject, expansion) -> {
            List<Match> matches = matches(expansion, statementsByKey, contestsByKey, proofs, register);
            reaching.put(subject, grants.attach(expansion, matches, position));
        });
        return subjects.stream().map(reaching::get).toList();
    }

    private PartyRegister register(
            Collection<List<StatementStore.Stated>> statementsByKey, Set<PartyId> others, long position)
            throws SQLException {
        Set<PartyId> partyIds = new HashSet<>(others);
        Set<MandateId> mandateIds = new HashSet<>();
        statementsByKey.forEach(statementsOfKey -> statementsOfKey.forEach(stated -> {
            partyIds.add(stated.party());
            MandateId mandate = stated.mandate();
            if (mandate != null) {
                mandateIds.add(mandate);
            }
        }));
        Map<MandateId, MandateTerm> terms = mandates.at(mandateIds, position);
        terms.values().forEach(term -> {
            PartyId member = term.member();
            if (member != null) {
                partyIds.add(member);
            }
        });
        return PartyRegister.of(parties.at(partyIds, position), terms);
    }

    private static List<Match> matches(
            Expansion expansion,
            Map<SubjectKey, List<StatementStore.Stated>> statementsByKey,
            Map<SubjectKey, List<ContestStore.StoredContest>> contestsByKey,
            ControlsByKey proofs,
            PartyRegister register) {
        List<Match> matches = new ArrayList<>();
        ControlEvidence evidence = proofs.over(expansion, register);
        Contests contests = new Contests(expansion, evidence, register);
        for (int i = 0; i < expansion.size(); i++) {
            for (ContestStore.StoredContest stored : contestsByKey.getOrDefault(expansion.key(i), List.of())) {
                contests.add(i, !stored.subject().equals(expansion.canonical(i)), stored.contest());
            }
            for (StatementStore.Stated stated : statementsByKey.getOrDefault(expansion.key(i), List.of())) {
                if (stated.listedAt() > 0 && stated.subject().equals(expansion.canonical(i))) {
                    evidence.addListing(i, stated.terms(), register);
                }
            }
        }
        for (int i = 0; i < expansion.size(); i++) {
            for (StatementStore.Stated stated : statementsByKey.getOrDefault(expansion.key(i), List.of())) {
                boolean otherSubject = !stated.subject().equals(expansion.canonical(i));
                Statement statement =
                        Statement.of(stated.terms(), expansion, i, otherSubject, register, evidence, contests);
                Match.add(
                        new Match(
                                statement,
                                stated.subject(),
                                true,
                                stated.position(),
                                stated.listedAt(),
                                Match.work(expansion, i, otherSubject)),
                        matches);
            }
        }
        return matches;
    }
}
