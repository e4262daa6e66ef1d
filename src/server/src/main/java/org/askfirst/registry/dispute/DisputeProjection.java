package org.askfirst.registry.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.askfirst.entry.DisputeEntry;
import org.askfirst.entry.DisputeStep;
import org.askfirst.entry.Positions;
import org.askfirst.id.DisputeId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.ledger.ActRule;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.Projection;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.postgres.RowCopy;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Contest;
import org.jspecify.annotations.Nullable;

/**
 * Folds rejections and decisions into the {@code dispute_…} tables, and decides under the ledger's lock whether one may
 * be changed.
 *
 * <p>Nothing here asks for evidence. A rejection has an effect only while the evidence is in force, and lookups decide
 * that ({@link org.askfirst.verdict.Contests}).
 */
@ApplicationScoped
class DisputeProjection implements ActRule, Projection, ErasureListener {
    private static final String NOT_ENDED = " and until_position = " + Positions.NO_END;

    private static final int MAX_A_DAY = 10;
    private static final int MAX_OPEN = 50;

    private final Notices notices;
    private final ContestedSubjects contested;
    private final Clock clock;

    DisputeProjection(Notices notices, ContestedSubjects contested, Clock clock) {
        this.notices = notices;
        this.contested = contested;
        this.clock = clock;
    }

    @Override
    public Stage stage() {
        return Stage.STATE;
    }

    @Override
    public void admit(Connection connection, List<Proposal> open) throws SQLException {
        for (Proposal proposal : open) {
            if (proposal.entry() instanceof DisputeEntry entry) {
                entry.handle(new Admission(connection, proposal, clock.instant()));
            }
        }
    }

    /** Tells the respondents, in the transaction that records. So no respondent is left without a notice. */
    @Override
    public void recorded(Connection connection, List<Proposal> accepted) throws SQLException {
        Instant now = clock.instant();
        for (Proposal proposal : accepted) {
            if (proposal.entry() instanceof DisputeEntry.DisputeFiled filed) {
                Instant until = filed.endsAt(now).truncatedTo(ChronoUnit.SECONDS);
                tell(connection, filed.respondent(), now, Notices.Kind.DISPUTED, filed, until);
            } else if (proposal.entry() instanceof DisputeEntry.Rejected rejected) {
                Instant until = rejected.endsAt(now).truncatedTo(ChronoUnit.SECONDS);
                tell(connection, rejected.respondent(), now, Notices.Kind.REJECTED, rejected, until);
            }
        }
    }

    private void tell(
            Connection connection, PartyId party, Instant at, Notices.Kind kind, DisputeEntry about, Instant until)
            throws SQLException {
        notices.add(connection, party, at, kind, about.dispute().toString(), until);
    }

    private record Admission(Connection connection, Proposal proposal, Instant now)
            implements DisputeEntry.Cases<SQLException> {
        @Override
        public void rejected(DisputeEntry.Rejected rejected) throws SQLException {
            long position = positionOfSame(connection, rejected);
            if (position > 0) {
                proposal.answerWith(position);
            } else if (Disputes.isUpheld(connection, rejected.party(), rejected.respondent(), rejected.subjects())) {
                proposal.refuse(Problem.INVALID_REQUEST.at(
                        "/subjects",
                        Reason.CONFLICT,
                        "the operator decided against your rejection of this; file a dispute (POST /v1/disputes)"));
            } else if (Disputes.countSince(connection, rejected.party(), Disputes.Kind.REJECTION, yesterday())
                    >= Rejections.MAX_A_DAY) {
                proposal.refuse(Problem.TOO_MANY_REQUESTS.because("A party can reject " + Rejections.MAX_A_DAY
                        + " times a day; name a site or a prefix that you control to reject all below it at once"));
            }
        }

        private Instant yesterday() {
            return now.minus(Duration.ofDays(1));
        }

        @Override
        public void rejectionWithdrawn(DisputeEntry.RejectionWithdrawn withdrawn) throws SQLException {
            Disputes.Dispute dispute =
                    Disputes.find(connection, withdrawn.dispute()).orElse(null);
            if (dispute == null) {
                proposal.refuse(Problem.NOT_FOUND.because("There is no such rejection"));
            } else if (!withdrawn.party().equals(dispute.challenger())) {
                proposal.refuse(Problem.FORBIDDEN.because("Only the party that rejected may withdraw the rejection"));
            } else if (dispute.state() != Disputes.State.OPEN) {
                proposal.refuse(Problem.NOTHING_TO_CHANGE.because(
                        "The rejection is " + dispute.state().wireName()));
            }
        }

        @Override
        public void disputeFiled(DisputeEntry.DisputeFiled filed) throws SQLException {
            PartyId challenger = filed.party();
            if (Disputes.hasDisputed(connection, challenger, filed.respondent(), filed.subjects())) {
                proposal.refuse(
                        Problem.NOTHING_TO_CHANGE.because("You disputed this before; a party can dispute it once"));
            } else if (Disputes.countSince(connection, challenger, Disputes.Kind.DISPUTE, yesterday()) >= MAX_A_DAY) {
                proposal.refuse(Problem.TOO_MANY_REQUESTS.because("A party can file " + MAX_A_DAY + " disputes a day"));
            } else if (Disputes.countOpen(connection, challenger, now) >= MAX_OPEN) {
                proposal.refuse(Problem.TOO_MANY_REQUESTS.because("A party can have " + MAX_OPEN + " open disputes"));
            }
        }

        @Override
        public void disputeStepped(DisputeEntry.DisputeStepped stepped) throws SQLException {
            Disputes.Dispute dispute = Disputes.find(connection, stepped.dispute())
                    .filter(found -> found.kind() == Disputes.Kind.DISPUTE)
                    .orElse(null);
            if (dispute == null) {
                proposal.refuse(Problem.NOT_FOUND.because("There is no such dispute"));
                return;
            }
            DisputeStep step = stepped.step();
            boolean mayTake = switch (step) {
                case ANSWERED -> stepped.party().equals(dispute.respondent());
                case APPEALED -> dispute.concerns(stepped.party());
                case DEFECTIVE, CURED, CONTINUED, WITHDRAWN -> stepped.party().equals(dispute.challenger());
                case ARBITER_NAMED -> !dispute.concerns(stepped.party()) && !dispute.isAboutControl();
            };
            if (!mayTake) {
                proposal.refuse(Problem.FORBIDDEN.because("Only the other side may take this step"));
            } else if (!isNext(dispute, step)) {
                proposal.refuse(Problem.NOTHING_TO_CHANGE.because(
                        "The dispute is " + dispute.state().wireName() + ", so this is not its next step"));
            } else if (step != DisputeStep.WITHDRAWN && step != DisputeStep.ARBITER_NAMED && dispute.isOver(now)) {
                proposal.refuse(
                        Problem.NOTHING_TO_CHANGE.because("The time for this step ended at " + dispute.endsAt()));
            }
        }

        private static boolean isNext(Disputes.Dispute dispute, DisputeStep step) {
            return switch (step) {
                case DEFECTIVE, ANSWERED -> dispute.state() == Disputes.State.OPEN;
                case CURED -> dispute.state() == Disputes.State.DEFECTIVE;
                case CONTINUED -> dispute.state() == Disputes.State.ANSWERED;
                case APPEALED -> dispute.endsAt() != null && !dispute.appealed() && isDecided(dispute);
                case WITHDRAWN -> dispute.state().isUndecided();
                case ARBITER_NAMED -> dispute.state().isUndecided() || dispute.state() == Disputes.State.APPEALED;
            };
        }

        private static boolean isDecided(Disputes.Dispute dispute) {
            return dispute.state() == Disputes.State.UPHELD || dispute.state() == Disputes.State.SET_ASIDE;
        }

        @Override
        public void disputeDecided(DisputeEntry.DisputeDecided decided) throws SQLException {
            Optional<Disputes.Dispute> dispute = Disputes.find(connection, decided.dispute());
            if (dispute.isPresent() && !dispute.get().respondent().equals(decided.party())) {
                proposal.refuse(Problem.NOT_FOUND.because("There is no such dispute about this party"));
            } else if (dispute.isEmpty() && (decided.subjects().isEmpty() || decided.control())) {
                proposal.refuse(Problem.NOT_FOUND.because("There is no such dispute"));
            } else if (decided.by() != null) {
                requireArbiter(dispute.orElseThrow(), decided.by());
            }
        }

        private void requireArbiter(Disputes.Dispute dispute, PartyId arbiter) {
            if (!arbiter.equals(dispute.arbiter())) {
                proposal.refuse(Problem.FORBIDDEN.because("The operator has not named this party as the arbiter"));
            } else if (dispute.state() != Disputes.State.CONTINUED && dispute.state() != Disputes.State.APPEALED) {
                proposal.refuse(Problem.NOTHING_TO_CHANGE.because(
                        "The dispute is " + dispute.state().wireName() + ", so it does not wait for a decision"));
            }
        }
    }

    /** Returns the position of an earlier rejection by the same party that covers all the subjects; 0 without one. */
    private static long positionOfSame(Connection connection, DisputeEntry.Rejected rejected) throws SQLException {
        List<SubjectKey> keys = rejected.subjects().stream().map(Subject::key).toList();
        try (PreparedStatement select = connection.prepareStatement("select count(distinct key), min(position)"
                + " from dispute_contest where key = any(?) and own and respondent = ? and challenger = ?"
                + " and kind = " + Contest.Kind.REJECTED.number() + NOT_ENDED)) {
            select.setArray(1, SqlArray.keys(connection, keys));
            select.setObject(2, rejected.respondent().number());
            select.setObject(3, rejected.party().number());
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getLong(1) == keys.size() ? row.getLong(2) : 0;
            }
        }
    }

    @Override
    public List<Effect> fold(Connection connection, List<LedgerEntry> entries) throws SQLException {
        List<Effect> effects = new ArrayList<>();
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof DisputeEntry dispute) {
                dispute.handle(new Fold(connection, entry));
                effects.add(replaceContests(connection, entry, dispute));
                insertStep(connection, entry, dispute);
            }
        }
        if (!effects.isEmpty()) {
            contested.changed();
        }
        return effects;
    }

    private record Fold(Connection connection, LedgerEntry entry) implements DisputeEntry.Cases<SQLException> {
        @Override
        public void rejected(DisputeEntry.Rejected rejected) throws SQLException {
            insert(
                    connection,
                    entry,
                    new Disputes.Dispute(
                            rejected.dispute(),
                            entry.position(),
                            entry.recordedAt(),
                            Disputes.Kind.REJECTION,
                            rejected.party(),
                            rejected.respondent(),
                            rejected.declaration(),
                            rejected.subjects(),
                            null,
                            rejected.endsAt(entry.recordedAt()),
                            Disputes.State.OPEN,
                            false,
                            null));
        }

        @Override
        public void rejectionWithdrawn(DisputeEntry.RejectionWithdrawn withdrawn) throws SQLException {
            setState(connection, withdrawn.dispute(), Disputes.State.WITHDRAWN);
        }

        @Override
        public void disputeFiled(DisputeEntry.DisputeFiled filed) throws SQLException {
            insert(
                    connection,
                    entry,
                    new Disputes.Dispute(
                            filed.dispute(),
                            entry.position(),
                            entry.recordedAt(),
                            Disputes.Kind.DISPUTE,
                            filed.party(),
                            filed.respondent(),
                            filed.declaration(),
                            filed.subjects(),
                            filed.grounds(),
                            filed.endsAt(entry.recordedAt()),
                            Disputes.State.OPEN,
                            false,
                            null));
        }

        @Override
        public void disputeStepped(DisputeEntry.DisputeStepped stepped) throws SQLException {
            if (stepped.step() == DisputeStep.ARBITER_NAMED) {
                setArbiter(connection, stepped.dispute(), stepped.party());
                return;
            }
            Disputes.State state = switch (stepped.step()) {
                case DEFECTIVE -> Disputes.State.DEFECTIVE;
                case CURED -> Disputes.State.OPEN;
                case ANSWERED -> Disputes.State.ANSWERED;
                case CONTINUED -> Disputes.State.CONTINUED;
                case APPEALED -> Disputes.State.APPEALED;
                case WITHDRAWN -> Disputes.State.WITHDRAWN;
                case ARBITER_NAMED -> throw new IllegalStateException("it changes no state");
            };
            setState(connection, stepped.dispute(), state, stepped.endsAt(entry.recordedAt()));
        }

        @Override
        public void disputeDecided(DisputeEntry.DisputeDecided decided) throws SQLException {
            Disputes.State state = decided.upholds() ? Disputes.State.UPHELD : Disputes.State.SET_ASIDE;
            Optional<Disputes.Dispute> dispute = Disputes.find(connection, decided.dispute());
            if (dispute.isPresent()) {
                // An appeal is decided by the operator, or by another arbiter.
                setArbiter(connection, decided.dispute(), null);
                if (dispute.get().kind() == Disputes.Kind.DISPUTE) {
                    setState(connection, decided.dispute(), state, decided.endsAt(entry.recordedAt()));
                } else {
                    setState(connection, decided.dispute(), state);
                }
                return;
            }
            insert(
                    connection,
                    entry,
                    new Disputes.Dispute(
                            decided.dispute(),
                            entry.position(),
                            entry.recordedAt(),
                            Disputes.Kind.RULING,
                            null,
                            decided.party(),
                            null,
                            decided.subjects(),
                            null,
                            null,
                            state,
                            false,
                            null));
        }
    }

    private static void insert(Connection connection, LedgerEntry entry, Disputes.Dispute dispute) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into dispute (id, position, recorded_at,"
                + " kind, challenger, respondent, declaration, subjects, grounds, ends_at, state)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            PartyId challenger = dispute.challenger();
            insert.setObject(1, dispute.id().number());
            insert.setLong(2, entry.position());
            insert.setObject(3, entry.recordedAt().atOffset(ZoneOffset.UTC));
            insert.setString(4, dispute.kind().wireName());
            insert.setObject(5, challenger == null ? null : challenger.number());
            insert.setObject(6, dispute.respondent().number());
            insert.setObject(
                    7,
                    dispute.declaration() == null ? null : dispute.declaration().number());
            insert.setArray(
                    8, SqlArray.texts(connection, dispute.subjects().stream().map(Subject::canonical)));
            insert.setString(9, dispute.grounds());
            insert.setObject(10, atUtc(dispute.endsAt()));
            insert.setString(11, dispute.state().wireName());
            insert.executeUpdate();
        }
    }

    private static void setState(Connection connection, DisputeId dispute, Disputes.State state) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update dispute set state = ? where id = ?")) {
            update.setString(1, state.wireName());
            update.setObject(2, dispute.number());
            update.executeUpdate();
        }
    }

    private static void setState(
            Connection connection, DisputeId dispute, Disputes.State state, @Nullable Instant endsAt)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update dispute set state = ?, ends_at = ?, appealed = appealed or ? where id = ?")) {
            update.setString(1, state.wireName());
            update.setObject(2, atUtc(endsAt));
            update.setBoolean(3, state == Disputes.State.APPEALED);
            update.setObject(4, dispute.number());
            update.executeUpdate();
        }
    }

    private static void setArbiter(Connection connection, DisputeId dispute, @Nullable PartyId arbiter)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update dispute set arbiter = ? where id = ?")) {
            update.setObject(1, arbiter == null ? null : arbiter.number(), Types.OTHER);
            update.setObject(2, dispute.number());
            update.executeUpdate();
        }
    }

    private static void insertStep(Connection connection, LedgerEntry entry, DisputeEntry dispute) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into dispute_step (position, dispute, party, type, recorded_at) values (?, ?, ?, ?, ?)")) {
            insert.setLong(1, entry.position());
            insert.setObject(2, dispute.dispute().number());
            insert.setObject(3, dispute.party().number());
            insert.setString(4, dispute.type());
            insert.setObject(5, entry.recordedAt().atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    /** Ends the contests of the dispute, and stores those that follow from the entry instead. */
    private static Effect replaceContests(Connection connection, LedgerEntry entry, DisputeEntry dispute)
            throws SQLException {
        List<DisputeEntry.Contested> before =
                contests(connection, dispute.dispute(), "until_position = ?", Positions.NO_END);
        List<DisputeEntry.Contested> contests = dispute.contests(before, entry.position(), entry.recordedAt());
        if (contests.equals(before)) {
            return new Effect.ContestsChanged(entry.position(), List.of(), List.of());
        }
        try (PreparedStatement update = connection.prepareStatement(
                "update dispute_contest set until_position = ? where dispute = ?" + NOT_ENDED)) {
            update.setLong(1, entry.position());
            update.setObject(2, dispute.dispute().number());
            update.executeUpdate();
        }
        RowCopy rows = new RowCopy(
                "dispute_contest",
                "key",
                "position",
                "until_position",
                "dispute",
                "kind",
                "respondent",
                "challenger",
                "ends_at",
                "lapses_at",
                "subject",
                "own");
        // No two subjects of an entry share a key. If they did, the first would have it, as in the index.
        Map<SubjectKey, DisputeEntry.Contested> byKey = new LinkedHashMap<>();
        contests.forEach(contested -> byKey.put(contested.subject().key(), contested));
        contests.forEach(
                contested -> contested.subject().indexedAs().forEach(as -> byKey.putIfAbsent(as.key(), contested)));
        byKey.forEach((key, contested) -> add(rows, dispute.dispute(), contested, key));
        rows.into(connection);
        return effectOf(connection, entry.position(), dispute);
    }

    private static void add(RowCopy rows, DisputeId dispute, DisputeEntry.Contested contested, SubjectKey key) {
        Contest contest = contested.contest();
        PartyId challenger = contest.challenger();
        rows.row()
                .add(key.toBytes())
                .add(contest.position())
                .add(Positions.NO_END)
                .add(dispute.number())
                .add(contest.kind().number())
                .add(contest.respondent().number())
                .addOrNull(challenger == null ? null : challenger.number())
                .add(contest.endsAt())
                .add(contest.lapsesAt())
                .add(contested.subject().canonical())
                .add(key.equals(contested.subject().key()));
    }

    @Override
    public List<Effect> effectsOf(Connection connection, List<LedgerEntry> entries) throws SQLException {
        List<Effect> effects = new ArrayList<>();
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof DisputeEntry dispute) {
                effects.add(effectOf(connection, entry.position(), dispute));
            }
        }
        return effects;
    }

    private static Effect effectOf(Connection connection, long position, DisputeEntry dispute) throws SQLException {
        return new Effect.ContestsChanged(
                position,
                contests(connection, dispute.dispute(), "until_position = ?", position),
                contests(connection, dispute.dispute(), "position = ?", position));
    }

    /** Returns the contests of the dispute for which the condition holds, by subject. */
    private static List<DisputeEntry.Contested> contests(
            Connection connection, DisputeId dispute, String condition, long position) throws SQLException {
        List<DisputeEntry.Contested> contests = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                ContestStore.SELECT + " where dispute = ? and own and " + condition + " order by subject")) {
            select.setObject(1, dispute.number());
            select.setLong(2, position);
            for (ContestStore.StoredContest stored : ContestStore.read(select)) {
                contests.add(new DisputeEntry.Contested(Subject.ofStored(stored.subject()), stored.contest()));
            }
        }
        return contests;
    }

    @Override
    public String part() {
        return "disputes: statements of both sides, and reasons of decisions";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select position from dispute_step where party = ?")) {
            select.setObject(1, party.number());
            return ErasureListener.positions(select);
        }
    }

    private static @Nullable Object atUtc(@Nullable Instant moment) {
        return moment == null ? null : moment.atOffset(ZoneOffset.UTC);
    }

    @Override
    public List<String> tables() {
        return List.of("dispute", "dispute_step", "dispute_contest");
    }
}
