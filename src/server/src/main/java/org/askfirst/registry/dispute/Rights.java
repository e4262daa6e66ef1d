package org.askfirst.registry.dispute;

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
import org.askfirst.registry.control.Controls;
import org.askfirst.registry.control.ControlsByKey;
import org.askfirst.registry.mandate.Mandates;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.registry.statement.StatementStore;
import org.askfirst.registry.trust.PartyStates;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.ControlEvidence;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyRegister;
import org.askfirst.verdict.PartyState;
import org.jspecify.annotations.Nullable;

/** Reads whose rights to subjects are evidenced now. */
@ApplicationScoped
class Rights {
    /** A position at which everything is in force that is in force now. */
    static final long NOW = Long.MAX_VALUE - 1;

    private final StatementStore statements;
    private final Controls controls;
    private final PartyStates parties;
    private final Parties accounts;
    private final Mandates mandates;

    Rights(StatementStore statements, Controls controls, PartyStates parties, Parties accounts, Mandates mandates) {
        this.statements = statements;
        this.controls = controls;
        this.parties = parties;
        this.accounts = accounts;
        this.mandates = mandates;
    }

    /**
     * The evidence for some subjects.
     *
     * @param expansions of the subjects
     * @param evidence for each subject
     * @param register the states of the parties that the evidence rests on, and of the others that were asked for
     */
    record Evidence(
            Map<Subject, Expansion> expansions, Map<Subject, ControlEvidence> evidence, PartyRegister register) {
        /**
         * Returns true if the right of the party to the subject, which is one of those that were read, is evidenced.
         *
         * @param party the party; null for nobody
         */
        boolean isOf(Subject subject, @Nullable PartyId party) {
            ControlEvidence here = evidence.get(subject);
            return party != null && here != null && here.of(0, party) == Control.PROVED;
        }
    }

    /**
     * Reads the evidence for the subjects, with a few queries for all of them.
     *
     * @param others parties whose states are read as well
     */
    Evidence read(Collection<Subject> subjects, Collection<PartyId> others) throws SQLException {
        Map<Subject, Expansion> expansions = new HashMap<>();
        Set<SubjectKey> keys = new HashSet<>();
        for (Subject subject : subjects) {
            Expansion expansion = subject.expand();
            expansions.put(subject, expansion);
            for (int i = 0; i < expansion.size(); i++) {
                keys.add(expansion.key(i));
            }
        }
        ControlsByKey proofs = controls.byKey(keys, NOW);
        Map<SubjectKey, List<StatementStore.Stated>> listed = new HashMap<>();
        Set<PartyId> named = new HashSet<>(proofs.bodies());
        named.addAll(others);
        Set<MandateId> under = new HashSet<>();
        for (StatementStore.Stated stated : statements.listed(keys, NOW)) {
            listed.computeIfAbsent(stated.key(), key -> new ArrayList<>()).add(stated);
            named.add(stated.party());
            MandateId mandate = stated.mandate();
            if (mandate != null) {
                under.add(mandate);
            }
        }
        Map<MandateId, MandateTerm> terms = mandates.now(under);
        PartyRegister register = PartyRegister.of(parties.now(named), terms);
        Map<Subject, ControlEvidence> evidence = new HashMap<>();
        expansions.forEach((subject, expansion) -> {
            ControlEvidence here = proofs.over(expansion, register);
            for (int i = 0; i < expansion.size(); i++) {
                for (StatementStore.Stated stated : listed.getOrDefault(expansion.key(i), List.of())) {
                    if (stated.subject().equals(expansion.canonical(i))) {
                        here.addListing(i, stated.terms(), register);
                    }
                }
            }
            evidence.put(subject, here);
        });
        return new Evidence(expansions, evidence, register);
    }

    /** Returns true if the party has an account that is neither suspended nor closed. */
    boolean isOpen(PartyId party) throws SQLException {
        PartyState state = parties.now(List.of(party)).getOrDefault(party, PartyState.PLAIN);
        return accounts.find(party).isPresent() && !state.suspended() && !state.erased();
    }

    /** Returns true if the operator suspended the party. */
    boolean isSuspended(PartyId party) throws SQLException {
        return parties.now(List.of(party)).getOrDefault(party, PartyState.PLAIN).suspended();
    }

    /** Returns the member for whom the declaration was made; null if its party speaks for itself. */
    @Nullable PartyId memberOf(DeclarationState declaration) throws SQLException {
        MandateId mandate = declaration.content().mandate();
        MandateTerm term =
                mandate == null ? null : mandates.now(List.of(mandate)).get(mandate);
        return term == null ? null : term.member();
    }
}
