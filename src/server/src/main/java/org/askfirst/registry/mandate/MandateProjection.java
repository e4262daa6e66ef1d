package org.askfirst.registry.mandate;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.Mandate;
import org.askfirst.entry.MandateEntry;
import org.askfirst.entry.MandateStep;
import org.askfirst.entry.Positions;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.ledger.ActRule;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.Projection;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.mandate.Mandates.RecordedMandate;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.trust.GroupStates;
import org.askfirst.registry.trust.PartyStates;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/**
 * Folds mandates, and the declarations that are made under them. Under the ledger's lock, it refuses changes of mandates
 * that the party may not make, and declarations that their mandate does not permit.
 */
@ApplicationScoped
class MandateProjection implements ActRule, Projection, ErasureListener {
    private static final String NOT_ENDED = " and until_position = " + Positions.NO_END;

    private static final String TERM = "insert into party_mandate_term"
            + " (mandate, position, society, member, valid_from, valid_to) values (?, ?, ?, ?, ?, ?)";

    private final PartyStates states;
    private final Clock clock;

    MandateProjection(PartyStates states, Clock clock) {
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
            proposal.refuse(
                    Problem.FORBIDDEN.because("Only the party to which the mandate was offered can accept or decline it"));
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
            if (before != null) {
                if (isForSociety(before, stated) && !before.equals(after)) {
                    refuse(
                            proposal,
                            "/mandate",
                            Reason.FIXED,
                            "the declaration was made under mandate " + before + "; an amendment cannot change this");
                }
            } else if (stated.amends() && after != null) {
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

        @Override
        public void withdrawn(DeclarationEntry.Withdrawn withdrawn) throws SQLException {
            MandateId before = group.uses.get(withdrawn.declaration());
            if (before != null) {
                isForSociety(before, withdrawn);
            }
        }

        @Override
        public void listed(DeclarationEntry.Listed listed) throws SQLException {
            MandateId before = group.uses.get(listed.declaration());
            if (before != null) {
                isForSociety(before, listed);
                group.mandate(before)
                        .orElseThrow()
                        .terms()
                        .objectionTo(listed.added())
                        .ifPresent(objection -> refuse(proposal, "/add", objection));
            }
        }

        /**
         * Returns true if the mandate is in force, so that the society may change declarations under it. After the
         * mandate has ended, only the member can withdraw them; every other change is refused.
         */
        private boolean isForSociety(MandateId id, DeclarationEntry entry) throws SQLException {
            RecordedMandate mandate = group.mandate(id).orElseThrow();
            if (mandate.isInForceAt(group.now)) {
                return true;
            }
            if (!entry.party().equals(mandate.terms().member())) {
                proposal.refuse(Problem.FORBIDDEN.at(
                        "",
                        Reason.MANDATE_ENDED,
                        "The mandate of this declaration has ended; only the member can withdraw the declaration"));
            } else if (entry instanceof DeclarationEntry.Withdrawn) {
                proposal.setOwner(mandate.terms().society());
            } else {
                proposal.refuse(Problem.FORBIDDEN.because(
                        "You cannot amend your society's declaration; withdraw it and make your own"));
            }
            return false;
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

    @Override
    public List<Effect> fold(Connection connection, List<LedgerEntry> entries) throws SQLException {
        foldUses(connection, entries);
        foldMade(connection, entries);
        List<Effect> effects = new ArrayList<>();
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof MandateEntry.MandateChanged changed) {
                MandateTerm term = foldChange(connection, entry, changed);
                if (changesTerm(changed)) {
                    effects.add(new Effect.MandateTermChanged(entry.position(), changed.mandate(), term));
                }
            }
        }
        return effects;
    }

    @Override
    public List<Effect> effectsOf(Connection connection, List<LedgerEntry> entries) throws SQLException {
        List<Effect> effects = new ArrayList<>();
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof MandateEntry.MandateChanged changed && changesTerm(changed)) {
                MandateId id = changed.mandate();
                MandateTerm term = Objects.requireNonNull(
                        Mandates.at(connection, List.of(id), entry.position()).get(id));
                effects.add(new Effect.MandateTermChanged(entry.position(), id, term));
            }
        }
        return effects;
    }

    /** Returns false if an offer is declined, because it was never in force. */
    private static boolean changesTerm(MandateEntry.MandateChanged changed) {
        return changed.step() != MandateStep.DECLINED;
    }

    private static void foldUses(Connection connection, List<LedgerEntry> entries) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into party_mandate_use (position, declaration, mandate) values (?, ?, ?)")) {
            boolean any = false;
            for (LedgerEntry entry : entries) {
                MandateId mandate = entry.entry() instanceof DeclarationEntry.Stated stated
                        ? stated.content().mandate()
                        : null;
                if (mandate != null && entry.entry() instanceof DeclarationEntry declared) {
                    insert.setLong(1, entry.position());
                    insert.setObject(2, declared.declaration().number());
                    insert.setObject(3, mandate.number());
                    insert.addBatch();
                    any = true;
                }
            }
            if (any) {
                insert.executeBatch();
            }
        }
    }

    private static void foldMade(Connection connection, List<LedgerEntry> entries) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into party_mandate (id, position, society,"
                        + " member, offered_by, state, kinds, uses, territory, valid_from, valid_to, document,"
                        + " reference, code) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
                PreparedStatement term = connection.prepareStatement(TERM)) {
            boolean any = false;
            for (LedgerEntry entry : entries) {
                if (entry.entry() instanceof MandateEntry.MandateMade made) {
                    setMandate(connection, insert, entry, made);
                    insert.addBatch();
                    if (made.recorded()) {
                        setTerm(term, made.mandate(), entry.position(), made.terms());
                        term.addBatch();
                    }
                    any = true;
                }
            }
            if (any) {
                insert.executeBatch();
                term.executeBatch();
            }
        }
    }

    private static void setMandate(
            Connection connection, PreparedStatement insert, LedgerEntry entry, MandateEntry.MandateMade made)
            throws SQLException {
        Mandate terms = made.terms();
        Confidential confidential = entry.confidential();
        Confidential.Reference reference = confidential == null ? null : confidential.reference();
        insert.setObject(1, made.mandate().number());
        insert.setLong(2, entry.position());
        insert.setObject(3, terms.society().number());
        insert.setObject(4, terms.member() == null ? null : terms.member().number());
        insert.setObject(5, made.party().number());
        insert.setString(6, (made.recorded() ? Mandates.State.RECORDED : Mandates.State.OFFERED).wireName());
        insert.setArray(7, SqlArray.texts(connection, PartyStates.names(terms.kinds()).stream()));
        insert.setArray(8, SqlArray.texts(connection, terms.uses().stream().map(Use::wireName)));
        insert.setArray(9, SqlArray.texts(connection, terms.territory().stream()));
        insert.setObject(10, atUtc(terms.period().from()));
        insert.setObject(11, atUtc(terms.period().to()));
        insert.setString(12, terms.document());
        insert.setString(13, reference == null ? null : reference.number());
        insert.setString(14, reference == null ? null : reference.code());
    }

    private static void setTerm(PreparedStatement insert, MandateId id, long position, Mandate terms)
            throws SQLException {
        insert.setObject(1, id.number());
        insert.setLong(2, position);
        insert.setObject(3, terms.society().number());
        insert.setObject(4, terms.member() == null ? null : terms.member().number());
        insert.setObject(5, atUtc(terms.period().from()));
        insert.setObject(6, atUtc(terms.period().to()));
    }

    private static MandateTerm foldChange(Connection connection, LedgerEntry entry, MandateEntry.MandateChanged changed)
            throws SQLException {
        RecordedMandate before = Mandates.find(connection, changed.mandate()).orElseThrow();
        Mandate terms = after(before.terms(), changed, entry.recordedAt());
        Mandates.State state = switch (changed.step()) {
            case ACCEPTED -> Mandates.State.ACCEPTED;
            case DECLINED -> Mandates.State.DECLINED;
            case WITHDRAWN -> Mandates.State.WITHDRAWN;
            case CLAIMED -> before.state();
        };
        try (PreparedStatement update = connection.prepareStatement("update party_mandate set state = ?, member = ?,"
                        + " valid_from = ?, valid_to = ?, code = case when ? then null else code end where id = ?");
                PreparedStatement end = connection.prepareStatement(
                        "update party_mandate_term set until_position = ? where mandate = ?" + NOT_ENDED);
                PreparedStatement term = connection.prepareStatement(TERM)) {
            update.setString(1, state.wireName());
            update.setObject(2, terms.member() == null ? null : terms.member().number());
            update.setObject(3, atUtc(terms.period().from()));
            update.setObject(4, atUtc(terms.period().to()));
            update.setBoolean(5, changed.step() == MandateStep.CLAIMED);
            update.setObject(6, changed.mandate().number());
            update.executeUpdate();
            if (changesTerm(changed)) {
                end.setLong(1, entry.position());
                end.setObject(2, changed.mandate().number());
                end.executeUpdate();
                setTerm(term, changed.mandate(), entry.position(), terms);
                term.executeUpdate();
            }
        }
        return new MandateTerm(terms.society(), terms.member(), terms.period());
    }

    private static Mandate after(Mandate before, MandateEntry.MandateChanged changed, Instant recordedAt) {
        PartyId member = changed.step() == MandateStep.CLAIMED ? changed.party() : before.member();
        Period period = before.period();
        if (changed.step() == MandateStep.WITHDRAWN) {
            Instant until = changed.until() == null ? recordedAt : changed.until();
            Instant from = period.from();
            period = new Period(from != null && from.isBefore(until) ? from : null, until);
        }
        return new Mandate(
                before.society(), member, before.kinds(), before.uses(), before.territory(), period, before.document());
    }

    @Override
    public String part() {
        return "mandates: the member numbers of societies";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        try (PreparedStatement erase =
                connection.prepareStatement("update party_mandate set reference = null, code = null"
                        + " where (society = ? or member = ?) and reference is not null returning position")) {
            erase.setObject(1, party.number());
            erase.setObject(2, party.number());
            return ErasureListener.positions(erase);
        }
    }

    private static @Nullable Object atUtc(@Nullable Instant moment) {
        return moment == null ? null : moment.atOffset(ZoneOffset.UTC);
    }

    @Override
    public List<String> tables() {
        return List.of("party_mandate", "party_mandate_term", "party_mandate_use");
    }
}
