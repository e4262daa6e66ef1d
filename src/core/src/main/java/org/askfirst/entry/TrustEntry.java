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

        /** A body vouches for a member, or stops doing so. */
        void memberVouched(MemberVouched vouched) throws X;
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
     * A body vouches for a member, or stops doing so.
     *
     * @param ends true if the body stops vouching
     * @param party the vouching body
     * @param member the member
     */
    record MemberVouched(boolean ends, PartyId party, PartyId member) implements TrustEntry {
        static final String VOUCHED = "vouched";
        static final String UNVOUCHED = "unvouched";

        @Override
        public String type() {
            return ends ? UNVOUCHED : VOUCHED;
        }

        @Override
        public Set<Submitter> submitters() {
            return Set.of(Submitter.OWN_KEY);
        }

        @Override
        public Set<Object> conflictKeys(@Nullable Confidential confidential) {
            return Set.of(List.of("vouched", party, member));
        }

        @Override
        public @Nullable String commitment() {
            return null;
        }

        @Override
        public void write(EntryWriter members) {
            members.put("member", member);
        }

        static MemberVouched read(EntryReader members) {
            return new MemberVouched(members.type().equals(UNVOUCHED), members.party(), members.party("member"));
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.memberVouched(this);
        }
    }
}
