package org.askfirst.entry;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.PartyDecision;
import org.jspecify.annotations.Nullable;

/** An entry about the trust in a party. */
public sealed interface TrustEntry extends Entry {
    /** One method for each kind of these entries. */
    interface Cases<X extends Exception> {
        /** The operator changed the status of a party. */
        void partyStatusDecided(PartyStatusDecided decided) throws X;

        /** The vouching of a body for a member enters its next step. */
        void vouchingChanged(VouchingChanged changed) throws X;
    }

    /** Calls the method for this kind of entry. */
    <X extends Exception> void handle(Cases<X> cases) throws X;

    @Override
    default <X extends Exception> void accept(Entry.Cases<X> cases) throws X {
        handle(cases);
    }

    @Override
    default Optional<DeclarationId> changed() {
        return Optional.empty();
    }

    /**
     * The operator changed the status of a party. The reason is confidential.
     *
     * @param ruling the decision
     * @param party the party that the decision concerns
     * @param schemes the schemes of the decision, sorted by name; empty unless the decision names some
     * @param commitment the commitment to the confidential part; null if there is none
     */
    record PartyStatusDecided(
            PartyDecision ruling,
            PartyId party,
            List<SubjectScheme> schemes,
            @Nullable String commitment) implements TrustEntry {
        static final String TYPE = "party-status-decided";

        public PartyStatusDecided {
            schemes = schemes.stream()
                    .distinct()
                    .sorted(Comparator.comparing(SubjectScheme::wireName))
                    .toList();
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Set<Submitter> submitters() {
            return Set.of(Submitter.OPERATOR);
        }

        @Override
        public Set<Object> conflictKeys(@Nullable Confidential confidential) {
            return Set.of(List.of("status", party));
        }

        @Override
        public void write(EntryWriter members) {
            members.put("decision", ruling.wireName());
            members.putSchemes("schemes", schemes);
        }

        static PartyStatusDecided read(EntryReader members) {
            return new PartyStatusDecided(
                    PartyDecision.named(members.text("decision")).orElseThrow(() -> EntryReader.unknown("ruling")),
                    members.party(),
                    members.schemes("schemes"),
                    members.commitment());
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.partyStatusDecided(this);
        }
    }

    /**
     * The vouching of a body for a member enters its next step. The body submits its own steps, and the member its own.
     *
     * @param step the step
     * @param body the vouching body
     * @param member the member
     * @param mayRecover true if the member accepts, and also lets the body confirm a recovery of its lost keys
     */
    record VouchingChanged(VouchingStep step, PartyId body, PartyId member, boolean mayRecover) implements TrustEntry {
        /** A step without the member's consent to recoveries. */
        public VouchingChanged(VouchingStep step, PartyId body, PartyId member) {
            this(step, body, member, false);
        }

        @Override
        public String type() {
            return step.type();
        }

        /** Returns true if the bodies that vouch for the member may be others afterwards. An offer changes nothing. */
        public boolean changesState() {
            return step != VouchingStep.OFFERED && step != VouchingStep.DECLINED;
        }

        @Override
        public PartyId party() {
            return step.isOfBody() ? body : member;
        }

        @Override
        public Set<Submitter> submitters() {
            return step == VouchingStep.VOUCHED ? Set.of() : Set.of(Submitter.OWN_KEY);
        }

        @Override
        public Set<Object> conflictKeys(@Nullable Confidential confidential) {
            // The number of offers and of bodies that a member has is limited.
            return Set.of(List.of("vouched", member));
        }

        @Override
        public @Nullable String commitment() {
            return null;
        }

        @Override
        public void write(EntryWriter members) {
            if (step.isOfBody()) {
                members.put("member", member);
            } else {
                members.put("body", body);
            }
            members.putIf(mayRecover, "mayRecover");
        }

        static VouchingChanged read(EntryReader members) {
            VouchingStep step = VouchingStep.ofType(members.type()).orElseThrow(() -> EntryReader.unknown("type"));
            return step.isOfBody()
                    ? new VouchingChanged(step, members.party(), members.party("member"))
                    : new VouchingChanged(step, members.party("body"), members.party(), members.isTrue("mayRecover"));
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.vouchingChanged(this);
        }
    }
}
