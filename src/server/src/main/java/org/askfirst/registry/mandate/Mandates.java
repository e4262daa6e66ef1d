package org.askfirst.registry.mandate;

import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.Entry;
import org.askfirst.entry.Mandate;
import org.askfirst.entry.MandateEntry;
import org.askfirst.entry.MandateStep;
import org.askfirst.entry.Positions;
import org.askfirst.id.IdSource;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.ApiKey;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/** Who may speak for whom: makes mandates and changes them, and reads them at any position of the ledger. */
@ApplicationScoped
public class Mandates {
    private static final String COLUMNS = "select id, position, society, member, offered_by, state, kinds, uses,"
            + " territory, valid_from, valid_to, document, reference from party_mandate";

    /** Rows that are in memory at once when all are read. */
    private static final int BLOCK = 5_000;

    private final DataSource dataSource;
    private final Ledger ledger;
    private final Parties parties;
    private final Notices notices;
    private final IdSource ids;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Mandates(DataSource dataSource, Ledger ledger, Parties parties, Notices notices, IdSource ids, Clock clock) {
        this.dataSource = dataSource;
        this.ledger = ledger;
        this.parties = parties;
        this.notices = notices;
        this.ids = ids;
        this.clock = clock;
    }

    /** Where a mandate stands. */
    public enum State {
        OFFERED("offered"),
        DECLINED("declined"),
        ACCEPTED("accepted"),
        /** By the society alone, for a member who was not known; and then perhaps claimed. */
        RECORDED("recorded"),
        WITHDRAWN("withdrawn");

        private final String wireName;

        State(String wireName) {
            this.wireName = wireName;
        }

        /** Its name in the contract. */
        public String wireName() {
            return wireName;
        }

        /** The state of that name in the contract. */
        public static Optional<State> find(String wireName) {
            return Arrays.stream(values())
                    .filter(state -> state.wireName.equals(wireName))
                    .findFirst();
        }

        static State named(String wireName) {
            return find(wireName).orElseThrow();
        }
    }

    /**
     * A mandate, as it stands.
     *
     * @param position of the entry that made it
     * @param terms with the member, once it is known, and the end, if it was withdrawn
     * @param reference by which the society knows the member; for nobody but the society
     */
    public record RecordedMandate(
            MandateId id,
            long position,
            Mandate terms,
            PartyId offeredBy,
            State state,
            @Nullable String reference) {
        /** Whether it holds at that moment. */
        public boolean holdsAt(Instant moment) {
            return state != State.OFFERED
                    && state != State.DECLINED
                    && terms.period().contains(moment);
        }

        /** Whether the other side offered it to that party, which has not accepted it. */
        public boolean isOfferTo(PartyId party) {
            boolean side = party.equals(terms.society()) || party.equals(terms.member());
            return side && !party.equals(offeredBy) && (state == State.OFFERED || state == State.DECLINED);
        }
    }

    /** A mandate recorded for a member who is not known, with the code that the member may show; nowhere else kept. */
    public record Recorded(Proposal proposal, MandateId id, String code) {}

    /** How those mandates stood at that position. */
    public Map<MandateId, MandateTerm> at(Collection<MandateId> mandates, long position) throws SQLException {
        if (mandates.isEmpty()) {
            return Map.of();
        }
        try (Connection connection = dataSource.getConnection()) {
            return at(connection, mandates, position);
        }
    }

    /** The same, as that transaction sees it. */
    static Map<MandateId, MandateTerm> at(Connection connection, Collection<MandateId> mandates, long position)
            throws SQLException {
        Map<MandateId, MandateTerm> terms = new HashMap<>();
        try (PreparedStatement select =
                connection.prepareStatement("select mandate, society, member, valid_from, valid_to"
                        + " from party_mandate_term where mandate = any(?) and position <= ?"
                        + " and until_position > ?")) {
            select.setArray(1, SqlArray.ids(connection, mandates.stream().map(MandateId::number)));
            select.setLong(2, position);
            select.setLong(3, position);
            readTerms(select, terms);
        }
        return terms;
    }

    private static void readTerms(PreparedStatement select, Map<MandateId, MandateTerm> terms) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                UUID member = row.getObject(3, UUID.class);
                terms.put(
                        new MandateId(row.getObject(1, UUID.class)),
                        new MandateTerm(
                                new PartyId(row.getObject(2, UUID.class)),
                                member == null ? null : new PartyId(member),
                                new Period(SqlColumns.momentOrNull(row, 4), SqlColumns.momentOrNull(row, 5))));
            }
        }
    }

    /**
     * How all mandates stand now that ever held.
     *
     * @param connection of the transaction that says what is now
     */
    public Map<MandateId, MandateTerm> all(Connection connection) throws SQLException {
        Map<MandateId, MandateTerm> terms = new HashMap<>();
        try (PreparedStatement select =
                connection.prepareStatement("select mandate, society, member, valid_from, valid_to"
                        + " from party_mandate_term where until_position = " + Positions.NO_END)) {
            select.setFetchSize(BLOCK);
            readTerms(select, terms);
        }
        return terms;
    }

    /** How those mandates stand now. */
    public Map<MandateId, MandateTerm> now(Collection<MandateId> mandates) throws SQLException {
        return at(mandates, Positions.NEWEST);
    }

    /** The mandate of that id, as a caller wrote it. */
    public RecordedMandate find(String id) throws SQLException {
        Optional<MandateId> parsed = MandateId.parse(id);
        Optional<RecordedMandate> found = Optional.empty();
        if (parsed.isPresent()) {
            try (Connection connection = dataSource.getConnection()) {
                found = find(connection, parsed.get());
            }
        }
        return found.orElseThrow(() -> Problem.NOT_FOUND.because("There is no such mandate"));
    }

    /** The mandate of that id, if the society may speak under it now. */
    public Optional<RecordedMandate> held(PartyId society, MandateId id) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return find(connection, id)
                    .filter(known -> known.terms().society().equals(society) && known.holdsAt(clock.instant()));
        }
    }

    public static Optional<RecordedMandate> find(Connection connection, MandateId id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(COLUMNS + " where id = ?")) {
            select.setObject(1, id.number());
            return read(select).stream().findFirst();
        }
    }

    /**
     * Which of a party's mandates.
     *
     * @param text part of the society's number for the member, or the whole id of a mandate or of the other party;
     *     null for any
     * @param state null for any
     */
    public record MandateFilter(
            @Nullable String text, @Nullable State state, boolean newestFirst) {}

    /** The mandates of that party on either side that were made beyond that position, in that order. */
    public List<RecordedMandate> of(PartyId party, MandateFilter wanted, long after, int limit) throws SQLException {
        List<Object> society = new ArrayList<>();
        List<Object> member = new ArrayList<>();
        String order = " order by position " + (wanted.newestFirst() ? "desc" : "asc") + " limit ?";
        String ofSociety = COLUMNS + " where society = ?" + conditions(wanted, party, after, true, society);
        String ofMember = COLUMNS + " where member = ?" + conditions(wanted, party, after, false, member);
        society.add(limit);
        member.add(limit);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select * from ((" + ofSociety + order
                        + ") union (" + ofMember + order + ")) as own" + order)) {
            int place = 1;
            for (List<Object> values : List.of(society, member, List.<Object>of(limit))) {
                for (Object value : values) {
                    select.setObject(place++, value);
                }
            }
            return read(select);
        }
    }

    /** A member is not to find by the number that its society has for it, or it could guess those of others. */
    private static String conditions(
            MandateFilter wanted, PartyId party, long after, boolean isSociety, List<Object> values) {
        values.add(party.number());
        values.add(wanted.newestFirst() && after == 0 ? Long.MAX_VALUE : after);
        StringBuilder conditions = new StringBuilder(wanted.newestFirst() ? " and position < ?" : " and position > ?");
        State state = wanted.state();
        if (state != null) {
            conditions.append(" and state = ?");
            values.add(state.wireName);
        }
        String text = wanted.text();
        if (text != null) {
            conditions.append(" and (false");
            if (isSociety) {
                conditions.append(" or position(? in lower(reference)) > 0");
                values.add(text.toLowerCase(Locale.ROOT));
            }
            Optional<UUID> mandate = MandateId.parse(text).map(MandateId::number);
            Optional<UUID> other = PartyId.parse(text).map(PartyId::number);
            if (mandate.isPresent()) {
                conditions.append(" or id = ?");
                values.add(mandate.get());
            }
            if (other.isPresent()) {
                conditions.append(isSociety ? " or member = ?" : " or society = ?");
                values.add(other.get());
            }
            conditions.append(")");
        }
        return conditions.toString();
    }

    private static List<RecordedMandate> read(PreparedStatement select) throws SQLException {
        List<RecordedMandate> known = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                UUID member = row.getObject(4, UUID.class);
                List<SubjectScheme> kinds = texts(row, 7).stream()
                        .map(kind -> SubjectScheme.named(kind).orElseThrow())
                        .toList();
                List<Use> uses = texts(row, 8).stream()
                        .map(use -> Use.named(use).orElseThrow())
                        .toList();
                known.add(new RecordedMandate(
                        new MandateId(row.getObject(1, UUID.class)),
                        row.getLong(2),
                        new Mandate(
                                new PartyId(row.getObject(3, UUID.class)),
                                member == null ? null : new PartyId(member),
                                kinds,
                                uses,
                                texts(row, 9),
                                new Period(SqlColumns.momentOrNull(row, 10), SqlColumns.momentOrNull(row, 11)),
                                row.getString(12)),
                        new PartyId(row.getObject(5, UUID.class)),
                        State.named(row.getString(6)),
                        row.getString(13)));
            }
        }
        return known;
    }

    private static List<String> texts(ResultSet row, int column) throws SQLException {
        Array array = row.getArray(column);
        return List.of((String[]) array.getArray());
    }

    /** Offers a mandate to the other side. */
    public RecordedMandate offer(Caller caller, Mandate terms) throws SQLException {
        PartyId other = caller.party().equals(terms.society()) ? member(terms) : terms.society();
        requireParty(other, caller.party().equals(terms.society()) ? "member" : "society");
        MandateId id = new MandateId(ids.next());
        Entry offer = new MandateEntry.MandateMade(false, id, caller.party(), terms, null);
        Ledger.await(ledger.propose(Proposal.of(offer, caller.authority())));
        return told(id, Notices.Kind.MANDATE_OFFERED, other);
    }

    private void requireParty(PartyId party, String member) {
        if (parties.find(party).isEmpty()) {
            throw Problem.INVALID_REQUEST.at("/" + member, Reason.UNKNOWN_PARTY, "there is no such party");
        }
    }

    private static PartyId member(Mandate terms) {
        PartyId member = terms.member();
        if (member == null) {
            throw new IllegalArgumentException("a mandate that is offered has both sides");
        }
        return member;
    }

    /** The proposal to record a mandate for a member who is not known here. */
    public Recorded recording(Caller caller, Mandate terms, String reference) {
        MandateId id = new MandateId(ids.next());
        String code = ApiKey.makeCode(random);
        Confidential confidential =
                Confidential.ofReference(new Confidential.Reference(reference, ApiKey.hashOfCode(code)));
        Proposal proposal = Proposal.confidential(
                confidential,
                caller.authority(),
                commitment -> new MandateEntry.MandateMade(true, id, caller.party(), terms, commitment));
        return new Recorded(proposal, id, code);
    }

    /** Takes the mandate on, or declines it. */
    public RecordedMandate answer(Caller caller, RecordedMandate mandate, MandateStep step) throws SQLException {
        change(caller, mandate, step, null);
        return told(
                mandate.id(),
                step == MandateStep.ACCEPTED ? Notices.Kind.MANDATE_ACCEPTED : Notices.Kind.MANDATE_DECLINED,
                mandate.offeredBy());
    }

    /** Ends the mandate, at once or at a moment that is still to come. */
    public RecordedMandate withdraw(Caller caller, RecordedMandate mandate, @Nullable Instant until)
            throws SQLException {
        change(caller, mandate, MandateStep.WITHDRAWN, until);
        return told(
                mandate.id(), Notices.Kind.MANDATE_WITHDRAWN, mandate.terms().society());
    }

    /** Makes the caller the member of the mandate that was recorded with that code. */
    public RecordedMandate claim(Caller caller, String code) throws SQLException {
        RecordedMandate mandate = byCode(code)
                .orElseThrow(() -> Problem.NOT_FOUND.because("No mandate waits to be claimed with this code"));
        change(caller, mandate, MandateStep.CLAIMED, null);
        return told(mandate.id(), Notices.Kind.MANDATE_CLAIMED, mandate.terms().society());
    }

    private Optional<RecordedMandate> byCode(String code) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(COLUMNS
                        + " m where member is null and (code = ? and not exists"
                        + " (select 1 from party_mandate_new_code made where made.mandate = m.id) or code is not null and"
                        + " id = (select made.mandate from party_mandate_new_code made where made.hash = ?))")) {
            String hash = ApiKey.hashOfCode(code);
            select.setString(1, hash);
            select.setString(2, hash);
            return read(select).stream().findFirst();
        }
    }

    /** Another code for a member who has not come yet, in place of the one there was: that was lost, or became known. */
    public String makeCode(Caller caller, RecordedMandate mandate) throws SQLException {
        if (!mandate.terms().society().equals(caller.party())) {
            throw Problem.FORBIDDEN.because("Only the society that recorded this mandate makes codes for it");
        }
        if (mandate.state() != State.RECORDED || mandate.terms().member() != null) {
            throw Problem.MANDATE_DECIDED.because("Nobody waits to claim this mandate; it is "
                    + (mandate.terms().member() == null ? mandate.state().wireName() : "its member's"));
        }
        String code = ApiKey.makeCode(random);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("insert into party_mandate_new_code (mandate, hash) values (?, ?)"
                                + " on conflict (mandate) do update set hash = excluded.hash")) {
            insert.setObject(1, mandate.id().number());
            insert.setString(2, ApiKey.hashOfCode(code));
            insert.executeUpdate();
        }
        return code;
    }

    private void change(Caller caller, RecordedMandate mandate, MandateStep step, @Nullable Instant until) {
        Entry entry = new MandateEntry.MandateChanged(step, mandate.id(), caller.party(), until);
        Ledger.await(ledger.propose(Proposal.of(entry, caller.authority())));
    }

    private RecordedMandate told(MandateId id, Notices.Kind kind, PartyId whom) throws SQLException {
        notices.tell(whom, clock.instant(), kind, id.toString(), null);
        return find(id.toString());
    }
}
