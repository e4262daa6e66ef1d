package org.askfirst.entry;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.DisputeId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Contest;
import org.jspecify.annotations.Nullable;

/**
 * An entry about what one party states of subjects that another party claims.
 *
 * <p>The entries carry everything that decides a later answer: the subjects, the parties and the days. So anybody who has
 * them can replay each clock.
 */
public sealed interface DisputeEntry extends Entry {
    /** Returns the dispute or rejection that this entry opens, ends or decides. */
    DisputeId dispute();

    /**
     * Returns the contests of the dispute that are in force from this entry on. They replace the earlier ones.
     *
     * @param before those that were in force until this entry
     */
    List<Contested> contests(List<Contested> before, long position, Instant recordedAt);

    /** A contest and its subject. */
    record Contested(Subject subject, Contest contest) {}

    /** One method for each kind of these entries. */
    interface Cases<X extends Exception> {
        /** A party rejects what another party states without evidence. */
        void rejected(Rejected rejected) throws X;

        /** A party withdraws its rejection. */
        void rejectionWithdrawn(RejectionWithdrawn withdrawn) throws X;

        /** A party files a dispute. */
        void disputeFiled(DisputeFiled filed) throws X;

        /** A dispute enters its next step. */
        void disputeStepped(DisputeStepped stepped) throws X;

        /** The operator decides about what a party states. */
        void disputeDecided(DisputeDecided decided) throws X;
    }

    /** Calls the method for this kind of entry. */
    <X extends Exception> void handle(Cases<X> cases) throws X;

    @Override
    default <X extends Exception> void accept(Entry.Cases<X> cases) throws X {
        handle(cases);
    }

    @Override
    default Set<Object> conflictKeys(@Nullable Confidential confidential) {
        return Set.of(List.of("dispute", dispute()));
    }

    @Override
    default Optional<DeclarationId> changed() {
        return Optional.empty();
    }

    /** Returns the subjects that the entry names itself, each with a contest that it describes. */
    private static List<Contested> of(List<Subject> subjects, Contest contest) {
        return subjects.stream().map(subject -> new Contested(subject, contest)).toList();
    }

    /**
     * A party, whose right to subjects is evidenced, rejects what another party states about them without evidence. The
     * reason is confidential.
     *
     * @param dispute the id of the rejection
     * @param party the party that rejects
     * @param respondent the party whose statements it rejects
     * @param declaration the declaration that was the cause
     * @param subjects the subjects, none of which shares a key with another one
     * @param days the number of days, of 24 hours each, from this entry on, in which the respondent can show evidence
     * @param commitment the commitment to the confidential part; null if there is none
     */
    record Rejected(
            DisputeId dispute,
            PartyId party,
            PartyId respondent,
            DeclarationId declaration,
            List<Subject> subjects,
            int days,
            @Nullable String commitment)
            implements DisputeEntry {
        static final String TYPE = "rejected";

        public Rejected {
            subjects = List.copyOf(subjects);
        }

        /** Returns the moment at which the respondent's time ends. */
        public Instant endsAt(Instant recordedAt) {
            return recordedAt.plus(Duration.ofDays(days));
        }

        @Override
        public List<Contested> contests(List<Contested> before, long position, Instant recordedAt) {
            return of(
                    subjects,
                    new Contest(Contest.Kind.REJECTED, respondent, party, position, endsAt(recordedAt), null));
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Set<Submitter> submitters() {
            return Set.of(Submitter.OWN_KEY);
        }

        /** The second of two rejections of one respondent by one party may repeat the first. */
        @Override
        public Set<Object> conflictKeys(@Nullable Confidential confidential) {
            return Set.of(List.of("rejects", party));
        }

        @Override
        public void write(EntryWriter members) {
            members.put("dispute", dispute.toString());
            members.put("respondent", respondent);
            members.put("declaration", declaration);
            members.putSubjects("subjects", subjects);
            members.put("days", (long) days);
        }

        static Rejected read(EntryReader members) {
            return new Rejected(
                    members.dispute(),
                    members.party(),
                    members.party("respondent"),
                    members.declaration(),
                    members.subjects("subjects"),
                    members.whole("days"),
                    members.commitment());
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.rejected(this);
        }
    }

    /** A party withdraws its rejection. */
    record RejectionWithdrawn(DisputeId dispute, PartyId party) implements DisputeEntry {
        static final String TYPE = "rejection-withdrawn";

        @Override
        public List<Contested> contests(List<Contested> before, long position, Instant recordedAt) {
            return List.of();
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Set<Submitter> submitters() {
            return Set.of(Submitter.OWN_KEY);
        }

        @Override
        public @Nullable String commitment() {
            return null;
        }

        @Override
        public void write(EntryWriter members) {
            members.put("dispute", dispute.toString());
        }

        static RejectionWithdrawn read(EntryReader members) {
            return new RejectionWithdrawn(members.dispute(), members.party());
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.rejectionWithdrawn(this);
        }
    }

    /**
     * A party contests what another party states, with evidence or without, or its proof of control. The challenger's
     * statement is confidential.
     *
     * @param dispute the id of the dispute
     * @param party the challenger
     * @param respondent the party whose statements it contests
     * @param declaration the declaration that was the cause; null if the dispute is about the respondent's proof of control
     *     of the one subject
     * @param subjects the subjects, none of which shares a key with another one
     * @param grounds the name of the grounds
     * @param evidence SHA-256, in hexadecimal, of the documents that the challenger has
     * @param days the number of days, of 24 hours each, in which the respondent can answer
     * @param commitment the commitment to the confidential part; null if there is none
     */
    record DisputeFiled(
            DisputeId dispute,
            PartyId party,
            PartyId respondent,
            @Nullable DeclarationId declaration,
            List<Subject> subjects,
            String grounds,
            List<String> evidence,
            int days,
            @Nullable String commitment)
            implements DisputeEntry {
        static final String TYPE = "dispute-filed";

        public DisputeFiled {
            subjects = List.copyOf(subjects);
            evidence = List.copyOf(evidence);
        }

        /** Returns the moment at which the respondent's time ends. */
        public Instant endsAt(Instant recordedAt) {
            return recordedAt.plus(Duration.ofDays(days));
        }

        @Override
        public List<Contested> contests(List<Contested> before, long position, Instant recordedAt) {
            return of(
                    subjects,
                    new Contest(Contest.Kind.DISPUTED, respondent, party, position, endsAt(recordedAt), null));
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Set<Submitter> submitters() {
            return Set.of(Submitter.OWN_KEY);
        }

        /** The number of a party's disputes is limited, so they are decided one after the other. */
        @Override
        public Set<Object> conflictKeys(@Nullable Confidential confidential) {
            return Set.of(List.of("disputes", party));
        }

        @Override
        public void write(EntryWriter members) {
            members.put("dispute", dispute.toString());
            members.put("respondent", respondent);
            if (declaration != null) {
                members.put("declaration", declaration);
            }
            members.putSubjects("subjects", subjects);
            members.put("grounds", grounds);
            members.putTexts("evidence", evidence);
            members.put("days", (long) days);
        }

        static DisputeFiled read(EntryReader members) {
            return new DisputeFiled(
                    members.dispute(),
                    members.party(),
                    members.party("respondent"),
                    members.has("declaration") ? members.declaration() : null,
                    members.subjects("subjects"),
                    members.text("grounds"),
                    members.texts("evidence"),
                    members.whole("days"),
                    members.commitment());
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.disputeFiled(this);
        }
    }

    /**
     * A dispute enters its next step. The statement of the party that takes it is confidential.
     *
     * @param step the step
     * @param dispute the dispute
     * @param party the party that takes the step; if the operator does, the challenger or the new arbiter
     * @param evidence SHA-256, in hexadecimal, of documents
     * @param days the number of days in which the next step can be taken; null if no time runs
     * @param commitment the commitment to the confidential part; null if there is none
     */
    record DisputeStepped(
            DisputeStep step,
            DisputeId dispute,
            PartyId party,
            List<String> evidence,
            @Nullable Integer days,
            @Nullable String commitment)
            implements DisputeEntry {
        public DisputeStepped {
            evidence = List.copyOf(evidence);
        }

        /** Returns the moment at which the time for the next step ends; null if no time runs. */
        public @Nullable Instant endsAt(Instant recordedAt) {
            return days == null ? null : recordedAt.plus(Duration.ofDays(days));
        }

        @Override
        public List<Contested> contests(List<Contested> before, long position, Instant recordedAt) {
            Instant endsAt = endsAt(recordedAt);
            return switch (step) {
                case CURED -> timed(before, position, endsAt, null);
                case DEFECTIVE, ANSWERED, CONTINUED -> timed(before, position, null, endsAt);
                case APPEALED, ARBITER_NAMED -> before;
                case WITHDRAWN -> List.of();
            };
        }

        private static List<Contested> timed(
                List<Contested> before, long position, @Nullable Instant endsAt, @Nullable Instant lapsesAt) {
            return before.stream()
                    .map(one -> new Contested(
                            one.subject(),
                            new Contest(
                                    one.contest().kind(),
                                    one.contest().respondent(),
                                    one.contest().challenger(),
                                    position,
                                    endsAt,
                                    lapsesAt)))
                    .toList();
        }

        @Override
        public String type() {
            return step.type();
        }

        @Override
        public Set<Submitter> submitters() {
            return step.submitters();
        }

        @Override
        public void write(EntryWriter members) {
            members.put("dispute", dispute.toString());
            members.putTexts("evidence", evidence);
            members.put("days", days == null ? null : days.longValue());
        }

        static DisputeStepped read(EntryReader members) {
            return new DisputeStepped(
                    DisputeStep.ofType(members.type()).orElseThrow(() -> EntryReader.unknown("type")),
                    members.dispute(),
                    members.party(),
                    members.texts("evidence"),
                    members.has("days") ? members.whole("days") : null,
                    members.commitment());
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.disputeStepped(this);
        }
    }

    /**
     * The operator, or the arbiter that it named, decides about what a party states. Subjects that the decision does not name are upheld. The reason is
     * confidential.
     *
     * @param dispute the dispute or rejection that is decided; a new id if there was none
     * @param party the party whose statements the decision concerns
     * @param subjects the subjects for which its statements are set aside; empty if all are upheld
     * @param control true if the proof of control that was disputed is set aside; an entry of its own revokes it
     * @param by the arbiter that decides; null if the operator does
     * @param days the number of days in which each side can appeal; null if none can
     * @param commitment the commitment to the confidential part; null if there is none
     */
    record DisputeDecided(
            DisputeId dispute,
            PartyId party,
            List<Subject> subjects,
            boolean control,
            @Nullable PartyId by,
            @Nullable Integer days,
            @Nullable String commitment)
            implements DisputeEntry {
        static final String TYPE = "dispute-decided";

        public DisputeDecided {
            subjects = List.copyOf(subjects);
        }

        /** Creates a decision about statements. */
        public DisputeDecided(
                DisputeId dispute,
                PartyId party,
                List<Subject> subjects,
                @Nullable Integer days,
                @Nullable String commitment) {
            this(dispute, party, subjects, false, null, days, commitment);
        }

        /** Returns true if the decision is for the respondent. */
        public boolean upholds() {
            return subjects.isEmpty() && !control;
        }

        /** Returns the moment until which each side can appeal; null if none can. */
        public @Nullable Instant endsAt(Instant recordedAt) {
            return days == null ? null : recordedAt.plus(Duration.ofDays(days));
        }

        @Override
        public List<Contested> contests(List<Contested> before, long position, Instant recordedAt) {
            return of(subjects, new Contest(Contest.Kind.SET_ASIDE, party, null, position, null, null));
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Set<Submitter> submitters() {
            return Set.of(by == null ? Submitter.OPERATOR : Submitter.ARBITER);
        }

        @Override
        public void write(EntryWriter members) {
            members.put("dispute", dispute.toString());
            if (!subjects.isEmpty()) {
                members.putSubjects("subjects", subjects);
            }
            members.putIf(control, "control");
            members.put("by", by);
            members.put("days", days == null ? null : days.longValue());
        }

        static DisputeDecided read(EntryReader members) {
            return new DisputeDecided(
                    members.dispute(),
                    members.party(),
                    members.subjects("subjects"),
                    members.isTrue("control"),
                    members.optionalParty("by"),
                    members.has("days") ? members.whole("days") : null,
                    members.commitment());
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.disputeDecided(this);
        }
    }
}
