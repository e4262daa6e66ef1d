package org.askfirst.registry.mandate;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.Mandate;
import org.askfirst.entry.MandateEntry;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.ledger.ActRule;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.mandate.Mandates.RecordedMandate;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.trust.GroupStates;
import org.askfirst.registry.trust.PartyStates;
import org.jspecify.annotations.Nullable;

/**
 * Refuses, under the ledger's lock, changes of mandates that the party may not make, and declarations that their
 * mandate does not permit.
 */
@ApplicationScoped
class MandateRules implements ActRule {
    private final PartyStates states;
    private final Clock clock;

    MandateRules(PartyStates states, Clock clock) {
        this.states = states;
        this.clock = clock;
    }

    /** The rows that one group of proposals needs. Each is read once, not again for each line of a batch. */
    private static final class Group {
        private final Connection connection;
        private final Instant now;
        private final GroupStates states;
        private final Map<MandateId, Optional<RecordedMandate>> mandates = new HashMap<>();
        private final Map<DeclarationId, MandateId> uses;
        private final Map<String, Long> references;

        Group(Connection connection, List<Proposal> open, PartyStates states, Instant now) throws SQLException {
            this.connection = connection;
            this.now = now;
            this.states = new GroupStates(connection, states);
            this.uses = uses(connection, open);
            this.references = references(connection, open);
        }

        Optional<RecordedMandate> mandate(MandateId id) throws SQLException {
            Optional<RecordedMandate> mandate = mandates.get(id);
            if (mandate == null) {
                mandate = Mandates.find(connection, id);
                mandates.put(id, mandate);
            }
            return mandate;
        }
    }

    @Override
    public Stage stage() {
        return Stage.PERMISSIONS;
    }

    @Override
    public void admit(Connection connection, List<Proposal> open) throws SQLException {
        Group group = new Group(connection, open, states, clock.instant());
        for (Proposal proposal : open) {
            if (proposal.entry() instanceof MandateEntry entry) {
                entry.handle(new MandateAdmission(group, proposal));
            } else if (proposal.entry() instanceof DeclarationEntry entry) {
                entry.handle(new DeclarationAdmission(group, proposal));
            }
        }
    }

    private record MandateAdmission(Group group, Proposal proposal) implements MandateEntry.Cases<SQLException> {
        @Override
        public void mandateMade(MandateEntry.MandateMade made) throws SQLException {
            if (!made.recorded()) {
                if (made.terms().society().equals(made.terms().member())) {
                    refuse(proposal, "/member", Reason.OWN_PARTY, "a party needs no mandate to declare for itself");
                }
                group.states.refuseSuspended(proposal);
            } else if (group.states.isVouchingBody(proposal)) {
                Long position = group.references.get(referenceOf(proposal));
                if (position != null) {
                    proposal.answerWith(position);
                }
            }
        }

        @Override
        public void mandateChanged(MandateEntry.MandateChanged changed) throws SQLException {
            RecordedMandate mandate = group.mandate(changed.mandate()).orElse(null);
            if (mandate == null) {
                proposal.refuse(Problem.NOT_FOUND.because("There is no such mandate"));
                return;
            }
            switch (changed.step()) {
                case ACCEPTED, DECLINED -> admitAnswer(group, proposal, mandate);
                case WITHDRAWN -> admitWithdrawal(group, proposal, mandate, changed.until());
                case CLAIMED -> admitClaim(group, proposal, mandate);
            }
        }
    }

    private static String referenceOf(Proposal proposal) {
        Confidential confidential = proposal.confidential();
        Confidential.Reference reference = confidential == null ? null : confidential.reference();
        return proposal.entry().party() + " " + (reference == null ? "" : reference.number());
    }

    /** Returns the positions of mandates that exist already, by society and its number for the member. */
    private static Map<String, Long> references(Connection connection, List<Proposal> open) throws SQLException {
        List<UUID> societies = new ArrayList<>();
        List<String> numbers = new ArrayList<>();
        for (Proposal proposal : open) {
            Confidential confidential = proposal.confidential();
            Confidential.Reference reference = confidential == null ? null : confidential.reference();
            if (reference != null) {
                societies.add(proposal.entry().party().number());
                numbers.add(reference.number());
            }
        }
        Map<String, Long> references = new HashMap<>();
        if (numbers.isEmpty()) {
            return references;
        }
        try (PreparedStatement select =
                connection.prepareStatement("select m.society, m.reference, m.position from party_mandate m"
                        + " join (select distinct * from unnest(?::uuid[], ?::text[])) as n (society, reference)"
                        + " on m.society = n.society and m.reference = n.reference where m.state <> 'withdrawn'")) {
            select.setArray(1, SqlArray.ids(connection, societies.stream()));
            select.setArray(2, SqlArray.texts(connection, numbers.stream()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    references.put(new PartyId(row.getObject(1, UUID.class)) + " " + row.getString(2), row.getLong(3));
                }
            }
        }
        return references;
    }

    private static void admitAnswer(Group group, Proposal proposal, RecordedMandate mandate) throws SQLException {
        PartyId party = proposal.entry().party();
        boolean side = party.equals(mandate.terms().society())
                || party.equals(mandate.terms().member());
        if (!side || party.equals(mandate.offeredBy())) {
            proposal.refuse(Problem.FORBIDDEN.because(
                    "Only the party to which the mandate was offered can accept or decline it"));
        } else if (mandate.state() != Mandates.State.OFFERED) {
            proposal.refuse(Problem.MANDATE_DECIDED.because(
                    "The mandate is " + mandate.state().wireName() + " already"));
        } else {
            group.states.refuseSuspended(proposal);
        }
    }

    private static void admitWithdrawal(
            Group group, Proposal proposal, RecordedMandate mandate, @Nullable Instant until) {
        PartyId member = mandate.terms().member();
        PartyId entitled = member == null ? mandate.terms().society() : member;
        Instant end = mandate.terms().period().to();
        if (!proposal.entry().party().equals(entitled)) {
            proposal.refuse(Problem.FORBIDDEN.because(
                    member == null
                            ? "Until the member claims this mandate, only the society that recorded it may end it"
                            : "Only the member may withdraw the mandate"));
        } else if (mandate.state() == Mandates.State.OFFERED || mandate.state() == Mandates.State.DECLINED) {
            proposal.refuse(Problem.MANDATE_DECIDED.because(
                    "The mandate is " + mandate.state().wireName() + "; there is nothing to withdraw"));
        } else if (end != null && !end.isAfter(until == null ? group.now : until)) {
            proposal.refuse(Problem.MANDATE_DECIDED.because("The mandate already ends at " + end));
        }
    }

    private static void admitClaim(Group group, Proposal proposal, RecordedMandate mandate) throws SQLException {
        if (mandate.terms().member() != null) {
            proposal.refuse(Problem.NOT_FOUND.because("There is no unclaimed mandate with this code"));
        } else if (proposal.entry().party().equals(mandate.terms().society())) {
            proposal.refuse(Problem.FORBIDDEN.because("A society cannot be its own member"));
        } else {
            group.states.refuseSuspended(proposal);
        }
    }

    /** Decides declarations under a mandate, and changes of such declarations. */
    private record DeclarationAdmission(Group group, Proposal proposal)
            implements DeclarationEntry.Cases<SQLException> {
        @Override
        public void stated(DeclarationEntry.Stated stated) throws SQLException {
            MandateId after = stated.content().mandate();
            MandateId before = stated.amends() ? group.uses.get(stated.declaration()) : null;
            if (before != null && !isInForce(before)) {
                refuseEnded(before, stated);
            } else if (before != null && !before.equals(after)) {
                refuse(
                        proposal,
                        "/mandate",
                        Reason.FIXED,
                        "the declaration was made under mandate " + before + "; an amendment cannot change this");
            } else if (before == null && stated.amends() && after != null) {
                refuse(
                        proposal,
                        "/mandate",
                        Reason.FIXED,
                        "the party made this declaration for itself; make a new declaration under the mandate");
            }
            if (after != null) {
                admitUnder(group, proposal, stated, after);
            }
        }

        /**
         * Decides a withdrawal. While the mandate is in force, only the society may withdraw its declaration. After the
         * mandate has ended, only the member may, on behalf of the society.
         */
        @Override
        public void withdrawn(DeclarationEntry.Withdrawn withdrawn) throws SQLException {
            MandateId before = group.uses.get(withdrawn.declaration());
            if (before != null && !isInForce(before)) {
                Mandate terms = group.mandate(before).orElseThrow().terms();
                if (withdrawn.party().equals(terms.member())) {
                    proposal.setOwner(terms.society());
                } else {
                    refuseEnded(before, withdrawn);
                }
            }
        }

        @Override
        public void listed(DeclarationEntry.Listed listed) throws SQLException {
            MandateId before = group.uses.get(listed.declaration());
            if (before == null) {
                return;
            }
            if (!isInForce(before)) {
                refuseEnded(before, listed);
            }
            group.mandate(before)
                    .orElseThrow()
                    .terms()
                    .objectionTo(listed.added())
                    .ifPresent(objection -> refuse(proposal, "/add", objection));
        }

        private boolean isInForce(MandateId id) throws SQLException {
            return group.mandate(id).orElseThrow().isInForceAt(group.now);
        }

        /**
         * Refuses a change after the mandate has ended: each change by the society, and each change by the member
         * except a withdrawal.
         */
        private void refuseEnded(MandateId id, DeclarationEntry entry) throws SQLException {
            boolean member =
                    entry.party().equals(group.mandate(id).orElseThrow().terms().member());
            proposal.refuse(
                    member
                            ? Problem.FORBIDDEN.because(
                                    "You cannot amend your society's declaration; withdraw it and make your own")
                            : Problem.FORBIDDEN.at(
                                    "",
                                    Reason.MANDATE_ENDED,
                                    "The mandate of this declaration has ended; only the member can withdraw the"
                                            + " declaration"));
        }
    }

    private static void admitUnder(Group group, Proposal proposal, DeclarationEntry.Stated stated, MandateId id)
            throws SQLException {
        Optional<RecordedMandate> mandate = group.mandate(id);
        if (mandate.isEmpty() || !mandate.get().terms().society().equals(stated.party())) {
            refuse(proposal, "/mandate", Reason.UNKNOWN_MANDATE, "this party has no such mandate");
        } else if (!mandate.get().isInForceAt(group.now)) {
            refuse(proposal, "/mandate", Reason.MANDATE_NOT_IN_FORCE, "the mandate is not in force now");
        } else {
            mandate.get()
                    .terms()
                    .objectionTo(stated.content())
                    .ifPresent(objection -> refuse(proposal, "/mandate", objection));
        }
    }

    /** Returns the mandates of the declarations that the proposals change. */
    private static Map<DeclarationId, MandateId> uses(Connection connection, List<Proposal> open) throws SQLException {
        List<UUID> changed = new ArrayList<>();
        for (Proposal proposal : open) {
            DeclarationId declaration = proposal.entry().changed().orElse(null);
            if (declaration != null) {
                changed.add(declaration.number());
            }
        }
        Map<DeclarationId, MandateId> uses = new HashMap<>();
        if (changed.isEmpty()) {
            return uses;
        }
        try (PreparedStatement select = connection.prepareStatement(
                "select declaration, mandate from party_mandate_use where declaration = any(?)")) {
            select.setArray(1, SqlArray.ids(connection, changed.stream()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    uses.put(
                            new DeclarationId(row.getObject(1, UUID.class)),
                            new MandateId(row.getObject(2, UUID.class)));
                }
            }
        }
        return uses;
    }

    private static void refuse(Proposal proposal, String pointer, Reason reason, String detail) {
        proposal.refuse(Problem.INVALID_REQUEST.at(pointer, reason, detail));
    }

    private static void refuse(Proposal proposal, String pointer, Mandate.Objection objection) {
        refuse(proposal, pointer, objection.reason(), objection.detail());
    }
}
