package org.askfirst.party;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.askfirst.declaration.Confidential;
import org.askfirst.declaration.DeclarationId;
import org.askfirst.declaration.Entry;
import org.askfirst.declaration.Mandate;
import org.askfirst.declaration.MandateId;
import org.askfirst.declaration.MandateStep;
import org.askfirst.declaration.PartyId;
import org.askfirst.declaration.PartyState;
import org.askfirst.declaration.Period;
import org.askfirst.declaration.Positions;
import org.askfirst.declaration.Use;
import org.askfirst.ledger.LedgerEntry;
import org.askfirst.ledger.LedgerProjection;
import org.askfirst.ledger.LedgerStore;
import org.askfirst.ledger.Proposal;
import org.askfirst.ledger.SqlArray;
import org.askfirst.party.Mandates.Known;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.subject.SubjectScheme;
import org.jspecify.annotations.Nullable;

/**
 * Folds what is held of parties, who vouches for whom and who may speak for whom; and refuses, under the ledger's
 * lock, what these do not allow. Before all others: what nobody may do is not answered with what stands already.
 */
@ApplicationScoped
@Priority(ControlProjection.BEFORE_OTHERS + 1)
class TrustProjection implements LedgerProjection {
    private static final int MAX_BODIES = 16;
    private static final String NOT_ENDED = " and until_position = " + Positions.NO_END;

    private static final String TERM = "insert into party_mandate_term"
            + " (mandate, position, society, member, valid_from, valid_to) values (?, ?, ?, ?, ?, ?)";

    private final PartyStates states;
    private final LedgerStore ledger;
    private final Clock clock;

    TrustProjection(PartyStates states, LedgerStore ledger, Clock clock) {
        this.states = states;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** What was looked up for one group of proposals, so that a batch does not ask for each line again. */
    private final class Group {
        private final Connection connection;
        private final Instant now = clock.instant();
        private final Map<PartyId, PartyState> known = new HashMap<>();
        private final Map<MandateId, Optional<Known>> mandates = new HashMap<>();
        private Map<DeclarationId, MandateId> uses = Map.of();

        Group(Connection connection) {
            this.connection = connection;
        }

        PartyState state(PartyId party) throws SQLException {
            PartyState state = known.get(party);
            if (state == null) {
                state = states.now(connection, party);
                known.put(party, state);
            }
            return state;
        }

        Optional<Known> mandate(MandateId id) throws SQLException {
            Optional<Known> mandate = mandates.get(id);
            if (mandate == null) {
                mandate = Mandates.find(connection, id);
                mandates.put(id, mandate);
            }
            return mandate;
        }
    }

    @Override
    public void admit(Connection connection, List<Proposal> open) throws SQLException {
        Group group = new Group(connection);
        group.uses = uses(connection, open);
        Map<String, Long> references = references(connection, open);
        for (Proposal proposal : open) {
            Entry entry = proposal.entry();
            if (entry instanceof Entry.Ruled ruled) {
                admitRuling(group, proposal, ruled);
            } else if (entry instanceof Entry.MemberVouched vouched) {
                admitVouching(group, proposal, vouched);
            } else if (entry instanceof Entry.ControlProved proved && proved.by() != null) {
                admitProofBy(group, proposal, proved, proved.by());
            } else if (entry instanceof Entry.MandateMade made) {
                admitMandate(group, proposal, made, references);
            } else if (entry instanceof Entry.MandateChanged changed) {
                admitChange(group, proposal, changed);
            } else {
                admitStatement(group, proposal, entry);
            }
        }
    }

    private static void admitRuling(Group group, Proposal proposal, Entry.Ruled ruled) throws SQLException {
        PartyState before = group.state(ruled.party());
        if (before.erased()) {
            proposal.refuse(Problem.NOT_FOUND.because("There is no such party"));
        } else if (before.equals(before.after(ruled.ruling(), kinds(ruled)))) {
            long since = since(group.connection, ruled.party());
            if (since > 0) {
                proposal.standsAt(since);
            } else {
                proposal.refuse(Problem.NOTHING_TO_CHANGE.because("Nothing was ever ruled of this party"));
            }
        }
    }

    private static Set<SubjectScheme> kinds(Entry.Ruled ruled) {
        Set<SubjectScheme> kinds = EnumSet.noneOf(SubjectScheme.class);
        kinds.addAll(ruled.kinds());
        return kinds;
    }

    private static long since(Connection connection, PartyId party) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select position from party_state where party = ?" + NOT_ENDED)) {
            select.setObject(1, party.number());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private static boolean isVouchingBody(Group group, Proposal proposal) throws SQLException {
        PartyState state = group.state(proposal.entry().party());
        if (state.suspended() || state.vouchesFor().isEmpty()) {
            proposal.refuse(Problem.FORBIDDEN.because(
                    state.suspended()
                            ? "The operator suspended this party"
                            : "Only a body that the operator lets vouch for others may do that"));
            return false;
        }
        return true;
    }

    private static void admitVouching(Group group, Proposal proposal, Entry.MemberVouched vouched) throws SQLException {
        Map<PartyId, Long> bodies = bodies(group.connection, vouched.member());
        Long since = bodies.get(vouched.party());
        if (vouched.ends()) {
            if (since == null) {
                proposal.refuse(Problem.NOT_FOUND.because("This party does not vouch for that one"));
            }
        } else if (isVouchingBody(group, proposal)) {
            if (since != null) {
                proposal.standsAt(since);
            } else if (vouched.member().equals(vouched.party())) {
                refuse(proposal, "/party", Reason.OWN_PARTY, "nobody vouches for itself");
            } else if (bodies.size() >= MAX_BODIES) {
                proposal.refuse(Problem.FORBIDDEN.because(MAX_BODIES + " bodies vouch for this party already"));
            }
        }
    }

    private static Map<PartyId, Long> bodies(Connection connection, PartyId member) throws SQLException {
        Map<PartyId, Long> bodies = new HashMap<>();
        try (PreparedStatement select =
                connection.prepareStatement("select body, position from party_vouch where member = ?" + NOT_ENDED)) {
            select.setObject(1, member.number());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    bodies.put(new PartyId(row.getObject(1, UUID.class)), row.getLong(2));
                }
            }
        }
        return bodies;
    }

    private static void admitProofBy(Group group, Proposal proposal, Entry.ControlProved proved, PartyId body)
            throws SQLException {
        if (!group.state(body).mayVouchFor(proved.subject().scheme())) {
            proposal.refuse(Problem.FORBIDDEN.because("This party may not vouch for subjects of the kind "
                    + proved.subject().scheme().wireName()));
        }
    }

    private static void admitMandate(
            Group group, Proposal proposal, Entry.MandateMade made, Map<String, Long> references) throws SQLException {
        if (!made.recorded()) {
            if (made.terms().society().equals(made.terms().member())) {
                refuse(proposal, "/member", Reason.OWN_PARTY, "nobody needs a mandate to speak for itself");
            }
            refuseSuspended(group, proposal);
        } else if (isVouchingBody(group, proposal)) {
            Long stands = references.get(referenceOf(proposal));
            if (stands != null) {
                proposal.standsAt(stands);
            }
        }
    }

    private static void refuseSuspended(Group group, Proposal proposal) throws SQLException {
        if (group.state(proposal.entry().party()).suspended()) {
            proposal.refuse(Problem.FORBIDDEN.because("The operator suspended this party"));
        }
    }

    private static String referenceOf(Proposal proposal) {
        Confidential confidential = proposal.confidential();
        Confidential.Reference reference = confidential == null ? null : confidential.reference();
        return proposal.entry().party() + " " + (reference == null ? "" : reference.number());
    }

    /** Where mandates are recorded already, by society and the number it has for the member. */
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

    private static void admitChange(Group group, Proposal proposal, Entry.MandateChanged changed) throws SQLException {
        Optional<Known> found = group.mandate(changed.mandate());
        if (found.isEmpty()) {
            proposal.refuse(Problem.NOT_FOUND.because("There is no such mandate"));
            return;
        }
        Known mandate = found.get();
        switch (changed.step()) {
            case ACCEPTED, DECLINED -> admitAnswer(group, proposal, mandate);
            case WITHDRAWN -> admitWithdrawal(group, proposal, mandate, changed.until());
            case CLAIMED -> admitClaim(group, proposal, mandate);
        }
    }

    private static void admitAnswer(Group group, Proposal proposal, Known mandate) throws SQLException {
        PartyId party = proposal.entry().party();
        boolean side = party.equals(mandate.terms().society())
                || party.equals(mandate.terms().member());
        if (!side || party.equals(mandate.offeredBy())) {
            proposal.refuse(Problem.FORBIDDEN.because("It is for the other side of the mandate to accept or decline"));
        } else if (mandate.state() != Mandates.State.OFFERED) {
            proposal.refuse(Problem.MANDATE_DECIDED.because(
                    "The mandate is " + mandate.state().wireName() + " already"));
        } else {
            refuseSuspended(group, proposal);
        }
    }

    private static void admitWithdrawal(Group group, Proposal proposal, Known mandate, @Nullable Instant until) {
        PartyId member = mandate.terms().member();
        PartyId alone = member == null ? mandate.terms().society() : member;
        Instant end = mandate.terms().period().to();
        if (!proposal.entry().party().equals(alone)) {
            proposal.refuse(Problem.FORBIDDEN.because(
                    member == null
                            ? "Only the society that recorded this mandate may end it, until its member is known"
                            : "Only the member may withdraw the mandate"));
        } else if (mandate.state() == Mandates.State.OFFERED || mandate.state() == Mandates.State.DECLINED) {
            proposal.refuse(Problem.MANDATE_DECIDED.because(
                    "The mandate is " + mandate.state().wireName() + "; there is nothing to withdraw"));
        } else if (end != null && !end.isAfter(until == null ? group.now : until)) {
            proposal.refuse(Problem.MANDATE_DECIDED.because("The mandate ends at " + end + " already"));
        }
    }

    private static void admitClaim(Group group, Proposal proposal, Known mandate) throws SQLException {
        if (mandate.terms().member() != null) {
            proposal.refuse(Problem.NOT_FOUND.because("No mandate waits to be claimed with this code"));
        } else if (proposal.entry().party().equals(mandate.terms().society())) {
            proposal.refuse(Problem.FORBIDDEN.because("A society is not its own member"));
        } else {
            refuseSuspended(group, proposal);
        }
    }

    /** What is said under a mandate, and what changes something that was. */
    private static void admitStatement(Group group, Proposal proposal, Entry entry) throws SQLException {
        MandateId now = entry instanceof Entry.Stated stated ? stated.content().mandate() : null;
        DeclarationId changes = entry.changed().orElse(null);
        MandateId before = changes == null ? null : group.uses.get(changes);
        if (before != null) {
            admitChangeUnder(group, proposal, entry, before, now);
            if (entry instanceof Entry.Listed listed) {
                group.mandate(before)
                        .orElseThrow()
                        .terms()
                        .objectionTo(listed.added())
                        .ifPresent(objection -> refuse(proposal, "/add", objection));
            }
        } else if (changes != null && now != null) {
            refuse(
                    proposal,
                    "/mandate",
                    Reason.FIXED,
                    "a declaration that a party made for itself cannot come under a mandate; declare anew");
        }
        if (now != null && entry instanceof Entry.Stated stated) {
            admitUnder(group, proposal, stated, now);
        }
    }

    private static void admitUnder(Group group, Proposal proposal, Entry.Stated stated, MandateId id)
            throws SQLException {
        Optional<Known> mandate = group.mandate(id);
        if (mandate.isEmpty() || !mandate.get().terms().society().equals(stated.party())) {
            refuse(proposal, "/mandate", Reason.UNKNOWN_MANDATE, "this party has no such mandate");
        } else if (!mandate.get().holdsAt(group.now)) {
            refuse(proposal, "/mandate", Reason.MANDATE_NOT_IN_FORCE, "the mandate does not hold now");
        } else {
            mandate.get()
                    .terms()
                    .objectionTo(stated.content())
                    .ifPresent(objection -> refuse(proposal, "/mandate", objection));
        }
    }

    /** While the mandate holds the society changes what it said; afterwards its member alone can take it back. */
    private static void admitChangeUnder(
            Group group, Proposal proposal, Entry entry, MandateId id, @Nullable MandateId now) throws SQLException {
        Known mandate = group.mandate(id).orElseThrow();
        PartyId society = mandate.terms().society();
        if (mandate.holdsAt(group.now)) {
            if (entry instanceof Entry.Stated && !id.equals(now)) {
                refuse(proposal, "/mandate", Reason.FIXED, "it was said under mandate " + id + ", and stays under it");
            }
        } else if (!entry.party().equals(mandate.terms().member())) {
            proposal.refuse(Problem.FORBIDDEN.at(
                    "",
                    Reason.MANDATE_ENDED,
                    "The mandate under which this was said has ended; the member alone can take it back"));
        } else if (entry instanceof Entry.Withdrawn) {
            proposal.doneFor(society);
        } else {
            proposal.refuse(Problem.FORBIDDEN.because("Withdraw what your society said, and declare anew yourself"));
        }
    }

    private static Map<DeclarationId, MandateId> uses(Connection connection, List<Proposal> open) throws SQLException {
        List<UUID> changed = new ArrayList<>();
        for (Proposal proposal : open) {
            DeclarationId changes = proposal.entry().changed().orElse(null);
            if (changes != null) {
                changed.add(changes.number());
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

    private static void refuse(Proposal proposal, String pointer, Reason reason, String fault) {
        proposal.refuse(Problem.INVALID_REQUEST.at(pointer, reason, fault));
    }

    private static void refuse(Proposal proposal, String pointer, Mandate.Objection objection) {
        refuse(proposal, pointer, objection.reason(), objection.detail());
    }

    @Override
    public void fold(Connection connection, List<LedgerEntry> entries) throws SQLException {
        foldUses(connection, entries);
        foldMade(connection, entries);
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof Entry.Ruled ruled) {
                foldRuling(connection, entry.position(), ruled);
            } else if (entry.entry() instanceof Entry.MemberVouched vouched) {
                foldVouching(connection, entry.position(), vouched);
            } else if (entry.entry() instanceof Entry.MandateChanged changed) {
                foldChange(connection, entry, changed);
            } else if (entry.entry() instanceof Entry.Erased erased) {
                foldErasure(connection, erased.party());
            }
        }
    }

    private void foldRuling(Connection connection, long position, Entry.Ruled ruled) throws SQLException {
        PartyState after = states.now(connection, ruled.party()).after(ruled.ruling(), kinds(ruled));
        try (PreparedStatement end = connection.prepareStatement(
                        "update party_state set until_position = ? where party = ?" + NOT_ENDED);
                PreparedStatement insert = connection.prepareStatement("insert into party_state"
                        + " (party, position, verified, suspended, vouches_for) values (?, ?, ?, ?, ?)")) {
            end.setLong(1, position);
            end.setObject(2, ruled.party().number());
            end.executeUpdate();
            insert.setObject(1, ruled.party().number());
            insert.setLong(2, position);
            insert.setBoolean(3, after.verified());
            insert.setBoolean(4, after.suspended());
            insert.setArray(5, SqlArray.texts(connection, PartyStates.names(after.vouchesFor()).stream()));
            insert.executeUpdate();
        }
    }

    private static void foldVouching(Connection connection, long position, Entry.MemberVouched vouched)
            throws SQLException {
        String sql = vouched.ends()
                ? "update party_vouch set until_position = ? where member = ? and body = ?" + NOT_ENDED
                : "insert into party_vouch (position, member, body) values (?, ?, ?)";
        try (PreparedStatement change = connection.prepareStatement(sql)) {
            change.setLong(1, position);
            change.setObject(2, vouched.member().number());
            change.setObject(3, vouched.party().number());
            change.executeUpdate();
        }
    }

    private static void foldUses(Connection connection, List<LedgerEntry> entries) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into party_mandate_use (position, declaration, mandate) values (?, ?, ?)")) {
            boolean any = false;
            for (LedgerEntry entry : entries) {
                MandateId mandate = entry.entry() instanceof Entry.Stated stated
                        ? stated.content().mandate()
                        : null;
                if (mandate != null && entry.entry() instanceof Entry.Stated stated) {
                    insert.setLong(1, entry.position());
                    insert.setObject(2, stated.declaration().number());
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
                if (entry.entry() instanceof Entry.MandateMade made) {
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
            Connection connection, PreparedStatement insert, LedgerEntry entry, Entry.MandateMade made)
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

    private static void foldChange(Connection connection, LedgerEntry entry, Entry.MandateChanged changed)
            throws SQLException {
        Known before = Mandates.find(connection, changed.mandate()).orElseThrow();
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
            if (changed.step() != MandateStep.DECLINED) {
                end.setLong(1, entry.position());
                end.setObject(2, changed.mandate().number());
                end.executeUpdate();
                setTerm(term, changed.mandate(), entry.position(), terms);
                term.executeUpdate();
            }
        }
    }

    private static Mandate after(Mandate before, Entry.MandateChanged changed, Instant recordedAt) {
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

    /** The number that a society has for a member names a person, and so may a reason; both go with whom they name. */
    private void foldErasure(Connection connection, PartyId party) throws SQLException {
        List<Long> positions = new ArrayList<>();
        try (PreparedStatement erase =
                        connection.prepareStatement("update party_mandate set reference = null, code = null"
                                + " where (society = ? or member = ?) and reference is not null returning position");
                PreparedStatement rulings =
                        connection.prepareStatement("select position from party_state where party = ?")) {
            erase.setObject(1, party.number());
            erase.setObject(2, party.number());
            read(erase, positions);
            rulings.setObject(1, party.number());
            read(rulings, positions);
        }
        ledger.erase(connection, positions);
    }

    private static void read(PreparedStatement select, List<Long> positions) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                positions.add(row.getLong(1));
            }
        }
    }

    private static @Nullable Object atUtc(@Nullable Instant moment) {
        return moment == null ? null : moment.atOffset(ZoneOffset.UTC);
    }

    @Override
    public List<String> tables() {
        return List.of("party_state", "party_vouch", "party_mandate", "party_mandate_term", "party_mandate_use");
    }
}
