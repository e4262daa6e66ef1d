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

/** Offers, records and changes mandates, and reads them as of any position of the ledger. */
@ApplicationScoped
public class Mandates {
    private static final String COLUMNS = "select id, position, society, member, offered_by, state, kinds, uses,"
            + " territory, valid_from, valid_to, document, reference from party_mandate";

    /** The number of rows in memory at once when all mandates are read. */
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

    /** The state of a mandate. */
    public enum State {
        OFFERED("offered"),
        DECLINED("declined"),
        ACCEPTED("accepted"),
        /** The society recorded it for a member without an account. The member may have claimed it since. */
        RECORDED("recorded"),
        WITHDRAWN("withdrawn");

        private final String wireName;

        State(String wireName) {
            this.wireName = wireName;
        }

        /** Returns the name of the state in the contract. */
        public String wireName() {
            return wireName;
        }

        /** Finds the state with this name in the contract. */
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
     * The current state of a mandate.
     *
     * @param position the position of the entry that made the mandate
     * @param terms the terms; with the member as soon as it has an account, and with the end after a withdrawal
     * @param reference the society's number for the member; only the society may see it
     */
    public record RecordedMandate(
            MandateId id,
            long position,
            Mandate terms,
            PartyId offeredBy,
            State state,
            @Nullable String reference) {
        /** Returns true if the mandate is in force at the moment. */
        public boolean isInForceAt(Instant moment) {
            return state != State.OFFERED
                    && state != State.DECLINED
                    && terms.period().contains(moment);
        }

        /** Returns true if the mandate is an offer of the other side that this party has not accepted. */
        public boolean isOfferTo(PartyId party) {
            boolean side = party.equals(terms.society()) || party.equals(terms.member());
            return side && !party.equals(offeredBy) && (state == State.OFFERED || state == State.DECLINED);
        }
    }

    /**
     * The proposal to record a mandate for a member without an account.
     *
     * @param code the code with which the member claims the mandate; the registry stores only its hash
     */
    public record Recorded(Proposal proposal, MandateId id, String code) {}

    /** Returns the terms of the mandates as of the position; mandates that were never in force are left out. */
    public Map<MandateId, MandateTerm> at(Collection<MandateId> mandates, long position) throws SQLException {
        if (mandates.isEmpty()) {
            return Map.of();
        }
        try (Connection connection = dataSource.getConnection()) {
            return at(connection, mandates, position);
        }
    }

    /** Returns the terms of the mandates as of the position, as the connection's transaction sees them. */
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
     * Returns the current terms of all mandates that have ever been in force.
     *
     * @param connection the connection whose transaction defines "now"
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

    /** Returns the current terms of the mandates. */
    public Map<MandateId, MandateTerm> now(Collection<MandateId> mandates) throws SQLException {
        return at(mandates, Positions.NEWEST);
    }

    /**
     * Finds a mandate by its id as a caller sent it.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#NOT_FOUND} if there is none
     */
    public RecordedMandate find(String id) throws SQLException {
        Optional<MandateId> parsed = MandateId.parse(id);
        Optional<RecordedMandate> mandate = Optional.empty();
        if (parsed.isPresent()) {
            try (Connection connection = dataSource.getConnection()) {
                mandate = find(connection, parsed.get());
            }
        }
        return mandate.orElseThrow(() -> Problem.NOT_FOUND.because("There is no such mandate"));
    }

    /** Finds the mandate if it is the society's and is in force now. */
    public Optional<RecordedMandate> inForce(PartyId society, MandateId id) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return find(connection, id)
                    .filter(mandate ->
                            mandate.terms().society().equals(society) && mandate.isInForceAt(clock.instant()));
        }
    }

    /**
     * Returns the mandates of members whom the society knows by these numbers, in the order of positions, whether they
     * are in force or not. A number without a mandate is left out.
     */
    public Map<String, List<RecordedMandate>> byNumber(PartyId society, Collection<String> numbers)
            throws SQLException {
        Map<String, List<RecordedMandate>> found = new HashMap<>();
        if (numbers.isEmpty()) {
            return found;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        COLUMNS + " where society = ? and reference = any(?) order by position")) {
            select.setObject(1, society.number());
            select.setArray(2, SqlArray.texts(connection, numbers.stream()));
            for (RecordedMandate mandate : read(select)) {
                found.computeIfAbsent(String.valueOf(mandate.reference()), number -> new ArrayList<>())
                        .add(mandate);
            }
        }
        return found;
    }

    /** Returns true if the society has recorded a mandate with its own number for the member. */
    public boolean hasNumbers(PartyId society) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select 1 from party_mandate where society = ? and reference is not null limit 1")) {
            select.setObject(1, society.number());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Finds the mandate as the connection's transaction sees it. */
    public static Optional<RecordedMandate> find(Connection connection, MandateId id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(COLUMNS + " where id = ?")) {
            select.setObject(1, id.number());
            return read(select).stream().findFirst();
        }
    }

    /**
     * Selects some of a party's mandates.
     *
     * @param text part of the society's number for the member, or the complete id of a mandate or of the other party;
     *     null for all
     * @param state null for all
     */
    public record MandateFilter(
            @Nullable String text, @Nullable State state, boolean newestFirst) {}

    /**
     * Returns the mandates in which the party is the society or the member, in the order of positions.
     *
     * @param after the position of the last mandate of the previous page; 0 for the first page
     */
    public List<RecordedMandate> of(PartyId party, MandateFilter filter, long after, int limit) throws SQLException {
        List<Object> society = new ArrayList<>();
        List<Object> member = new ArrayList<>();
        String order = " order by position " + (filter.newestFirst() ? "desc" : "asc") + " limit ?";
        String ofSociety = COLUMNS + " where society = ?" + conditions(filter, party, after, true, society);
        String ofMember = COLUMNS + " where member = ?" + conditions(filter, party, after, false, member);
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

    /** Returns the SQL of a filter. A member cannot search by member number, because it could guess other numbers. */
    private static String conditions(
            MandateFilter filter, PartyId party, long after, boolean isSociety, List<Object> values) {
        values.add(party.number());
        values.add(filter.newestFirst() && after == 0 ? Long.MAX_VALUE : after);
        StringBuilder conditions = new StringBuilder(filter.newestFirst() ? " and position < ?" : " and position > ?");
        State state = filter.state();
        if (state != null) {
            conditions.append(" and state = ?");
            values.add(state.wireName);
        }
        String text = filter.text();
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
        List<RecordedMandate> mandates = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                UUID member = row.getObject(4, UUID.class);
                List<SubjectScheme> kinds = texts(row, 7).stream()
                        .map(kind -> SubjectScheme.named(kind).orElseThrow())
                        .toList();
                List<Use> uses = texts(row, 8).stream()
                        .map(use -> Use.named(use).orElseThrow())
                        .toList();
                mandates.add(new RecordedMandate(
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
        return mandates;
    }

    private static List<String> texts(ResultSet row, int column) throws SQLException {
        Array array = row.getArray(column);
        return List.of((String[]) array.getArray());
    }

    /**
     * Offers a mandate to the other side.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#INVALID_REQUEST} if the other party does not exist
     */
    public RecordedMandate offer(Caller caller, Mandate terms) throws SQLException {
        PartyId other = caller.party().equals(terms.society()) ? member(terms) : terms.society();
        requireParty(other, caller.party().equals(terms.society()) ? "member" : "society");
        MandateId id = new MandateId(ids.next());
        Entry offer = new MandateEntry.MandateMade(false, id, caller.party(), terms, null);
        Ledger.await(ledger.propose(Proposal.of(offer, caller.authority())));
        notices.addFrom(caller.party(), other, clock.instant(), Notices.Kind.MANDATE_OFFERED, id.toString());
        return find(id.toString());
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

    /** Returns the proposal to record a mandate for a member without an account. */
    public Recorded proposalToRecord(Caller caller, Mandate terms, String reference) {
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

    /** Accepts the mandate, or declines it. */
    public RecordedMandate answer(Caller caller, RecordedMandate mandate, MandateStep step) throws SQLException {
        change(caller, mandate, step, null);
        return notified(
                mandate.id(),
                step == MandateStep.ACCEPTED ? Notices.Kind.MANDATE_ACCEPTED : Notices.Kind.MANDATE_DECLINED,
                mandate.offeredBy());
    }

    /**
     * Ends the mandate.
     *
     * @param until a time in the future; null to end it at once
     */
    public RecordedMandate withdraw(Caller caller, RecordedMandate mandate, @Nullable Instant until)
            throws SQLException {
        change(caller, mandate, MandateStep.WITHDRAWN, until);
        return notified(
                mandate.id(), Notices.Kind.MANDATE_WITHDRAWN, mandate.terms().society());
    }

    /**
     * Makes the caller the member of the mandate with this code.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#NOT_FOUND} if no unclaimed mandate has the code
     */
    public RecordedMandate claim(Caller caller, String code) throws SQLException {
        RecordedMandate mandate = byCode(code)
                .orElseThrow(() -> Problem.NOT_FOUND.because("There is no unclaimed mandate with this code"));
        change(caller, mandate, MandateStep.CLAIMED, null);
        return notified(
                mandate.id(), Notices.Kind.MANDATE_CLAIMED, mandate.terms().society());
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

    /** Creates another code for a mandate that is not claimed. The previous code no longer works. */
    public String makeCode(Caller caller, RecordedMandate mandate) throws SQLException {
        if (!mandate.terms().society().equals(caller.party())) {
            throw Problem.FORBIDDEN.because("Only the society that recorded this mandate can create codes for it");
        }
        if (mandate.terms().member() != null) {
            throw Problem.MANDATE_DECIDED.because("This mandate has its member, so it needs no code");
        }
        if (mandate.state() != State.RECORDED) {
            throw Problem.MANDATE_DECIDED.because(
                    "This mandate cannot be claimed; it is " + mandate.state().wireName());
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

    /** Adds a notice to the recipient's account, and reads the changed mandate. */
    private RecordedMandate notified(MandateId id, Notices.Kind kind, PartyId recipient) throws SQLException {
        notices.add(recipient, clock.instant(), kind, id.toString(), null);
        return find(id.toString());
    }
}
