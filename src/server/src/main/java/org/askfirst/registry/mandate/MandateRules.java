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
import org.askfirst.entry.MandateEntry;
import org.askfirst.entry.MandateStep;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.ledger.ActRule;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.mandate.Mandates.RecordedMandate;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.trust.GroupStates;
import org.askfirst.registry.trust.PartyStates;

/**
 * Refuses, under the ledger's lock, changes of mandates that the party may not make, and declarations that their
 * mandate does not permit.
 */
@ApplicationScoped
class MandateRules implements ActRule {
    /** Number of offers of one party to another that may wait for an answer. */
    private static final int MAX_OFFERS_OF_ONE = 50;

    /** Number of offers to one party that may wait for an answer. */
    private static final int MAX_OFFERS = 1_000;

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

        /** The numbers of unanswered offers: those of one party to another, and all to the other. */
        private final Map<String, long[]> waitingOffers = new HashMap<>();

        Group(Connection connection, List<Proposal> open, PartyStates states, Instant now) throws SQLException {
            this.connection = connection;
            this.now = now;
            this.states = new GroupStates(connection, states);
            this.uses = uses(connection, open);
            this.references = references(connection, open);
        }

        /** Refuses an offer if too many wait for an answer of the same party. Bodies are limited only for each party. */
        void requireRoom(Proposal proposal, MandateEntry.MandateMade made) throws SQLException {
            PartyId society = made.terms().society();
            PartyId target = made.party().equals(society) ? made.terms().member() : society;
            if (target == null || !proposal.isOpen()) {
                return;
            }
            long[] waiting = waitingOffers.get(target + " " + made.party());
            if (waiting == null) {
                waiting = waitingOffers(connection, target, made.party());
                waitingOffers.put(target + " " + made.party(), waiting);
            }
            if (waiting[0] >= MAX_OFFERS_OF_ONE) {
                proposal.refuse(Problem.FORBIDDEN.because("The party has " + MAX_OFFERS_OF_ONE
                        + " offers of yours to answer; wait for its answers, or withdraw some"));
            } else if (waiting[1] >= MAX_OFFERS && !states.isVouching(made.party())) {
                proposal.refuse(Problem.FORBIDDEN.because("The party has " + MAX_OFFERS
                        + " offers to answer; only a body that vouches for others may add one"));
            } else {
                waiting[0]++;
                waiting[1]++;
            }
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
                MandateDecisions.offer(made.terms()).ifPresent(proposal::refuse);
                group.states.refuseSuspended(proposal);
                group.requireRoom(proposal, made);
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
                case ACCEPTED, DECLINED ->
                    MandateDecisions.answer(mandate, changed.party()).ifPresent(proposal::refuse);
                case WITHDRAWN ->
                    MandateDecisions.withdrawal(mandate, changed.party(), changed.until(), group.now)
                            .ifPresent(proposal::refuse);
                case CLAIMED -> MandateDecisions.claim(mandate, changed.party()).ifPresent(proposal::refuse);
            }
            if (changed.step() != MandateStep.WITHDRAWN && proposal.isOpen()) {
                group.states.refuseSuspended(proposal);
            }
        }
    }

    private static long[] waitingOffers(Connection connection, PartyId target, PartyId by) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select count(*) filter (where offered_by = ?),"
                + " count(*) from ((select offered_by from party_mandate where member = ? and state = 'offered'"
                + " and offered_by <> ? limit ?) union all (select offered_by from party_mandate where society = ?"
                + " and state = 'offered' and offered_by <> ? limit ?)) as waiting")) {
            select.setObject(1, by.number());
            select.setObject(2, target.number());
            select.setObject(3, target.number());
            select.setInt(4, 2 * MAX_OFFERS);
            select.setObject(5, target.number());
            select.setObject(6, target.number());
            select.setInt(7, 2 * MAX_OFFERS);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new long[] {row.getLong(1), row.getLong(2)};
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

    /** Admits declarations made under a mandate, and changes of declarations that were. */
    private record DeclarationAdmission(Group group, Proposal proposal)
            implements DeclarationEntry.Cases<SQLException> {
        @Override
        public void stated(DeclarationEntry.Stated stated) throws SQLException {
            MandateId after = stated.content().mandate();
            MandateId before = stated.amends() ? group.uses.get(stated.declaration()) : null;
            MandateDecisions.statement(
                            stated,
                            before == null ? null : group.mandate(before).orElseThrow(),
                            after == null ? null : group.mandate(after).orElse(null),
                            group.now)
                    .ifPresent(proposal::refuse);
        }

        /**
         * Decides a withdrawal. While the mandate is in force, only the society may withdraw its declaration. After the
         * mandate has ended, only the member may, on behalf of the society.
         */
        @Override
        public void withdrawn(DeclarationEntry.Withdrawn withdrawn) throws SQLException {
            MandateId before = group.uses.get(withdrawn.declaration());
            if (before == null) {
                return;
            }
            RecordedMandate mandate = group.mandate(before).orElseThrow();
            if (MandateDecisions.isWithdrawnByMember(withdrawn, mandate, group.now)) {
                proposal.setOwner(mandate.terms().society());
            } else {
                MandateDecisions.change(withdrawn, mandate, group.now).ifPresent(proposal::refuse);
            }
        }

        @Override
        public void listed(DeclarationEntry.Listed listed) throws SQLException {
            MandateId before = group.uses.get(listed.declaration());
            if (before == null) {
                return;
            }
            MandateDecisions.list(listed, group.mandate(before).orElseThrow(), group.now)
                    .ifPresent(proposal::refuse);
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
}
