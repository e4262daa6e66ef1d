package org.askfirst.entry;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.jspecify.annotations.Nullable;

/** An entry about who holds a party's account: succession, recovery of lost keys, and the end of the account. */
public sealed interface AccountEntry extends Entry {
    /** One method for each kind. */
    interface Cases<X extends Exception> {
        /** A party names its successor, or takes the name back. */
        void successorNamed(SuccessorNamed named) throws X;

        /** An account is handed over to the successor. */
        void succeeded(Succeeded succeeded) throws X;

        /** The recovery of lost keys goes a step on. */
        void recoveryChanged(RecoveryChanged changed) throws X;

        /** A party is closed, and its personal data erased. */
        void erased(Erased erased) throws X;
    }

    /** Calls the method for its kind. */
    <X extends Exception> void handle(Cases<X> cases) throws X;

    @Override
    default <X extends Exception> void accept(Entry.Cases<X> cases) throws X {
        handle(cases);
    }

    @Override
    default Optional<DeclarationId> changed() {
        return Optional.empty();
    }

    /** A party names who is to have its account after it; null takes back what it named. */
    record SuccessorNamed(PartyId party, @Nullable PartyId successor) implements AccountEntry {
        static final String TYPE = "successor-named";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Set<Submitter> submitters() {
            return Set.of(Submitter.OWN_KEY);
        }

        @Override
        public Set<Object> conflictKeys(@Nullable Confidential confidential) {
            return Set.of(List.of("successor", party));
        }

        @Override
        public @Nullable String commitment() {
            return null;
        }

        @Override
        public void write(EntryWriter members) {
            members.put("successor", successor);
        }

        static SuccessorNamed read(EntryReader members) {
            return new SuccessorNamed(members.party(), members.optionalParty("successor"));
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.successorNamed(this);
        }
    }

    /** The operator hands a party's account over to the successor it named; on what evidence is confidential. */
    record Succeeded(
            PartyId party, PartyId successor, @Nullable String commitment) implements AccountEntry {
        static final String TYPE = "succeeded";

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
            return Set.of(List.of("successor", party));
        }

        @Override
        public void write(EntryWriter members) {
            members.put("successor", successor);
        }

        static Succeeded read(EntryReader members) {
            return new Succeeded(members.party(), members.party("successor"), members.commitment());
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.succeeded(this);
        }
    }

    /**
     * The recovery of a party's lost keys goes a step on; what was seen is confidential.
     *
     * @param recovery its id
     * @param by the body that vouches for whoever asks; null if the registry saw it
     */
    record RecoveryChanged(
            RecoveryStep step,
            PartyId party,
            String recovery,
            @Nullable PartyId by,
            @Nullable String commitment) implements AccountEntry {
        @Override
        public String type() {
            return step.type();
        }

        /** Whoever holds a key may stop it; nobody who holds one begins it or completes it. */
        @Override
        public Set<Submitter> submitters() {
            return switch (step) {
                case STOPPED -> Set.of(Submitter.OWN_KEY);
                case BEGUN, DONE -> Set.of(by == null ? Submitter.REGISTRY : Submitter.VOUCHING_BODY);
            };
        }

        @Override
        public Set<Object> conflictKeys(@Nullable Confidential confidential) {
            return Set.of(List.of("recovery", recovery));
        }

        @Override
        public void write(EntryWriter members) {
            members.put("recovery", recovery);
            members.put("by", by);
        }

        static RecoveryChanged read(EntryReader members) {
            return new RecoveryChanged(
                    RecoveryStep.ofType(members.type()).orElseThrow(() -> EntryReader.unknown("type")),
                    members.party(),
                    members.text("recovery"),
                    members.optionalParty("by"),
                    members.commitment());
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.recoveryChanged(this);
        }
    }

    /** The party is closed, and everything that names a person in what it declared is erased. */
    record Erased(PartyId party) implements AccountEntry {
        static final String TYPE = "erased";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Set<Submitter> submitters() {
            return Set.of(Submitter.OWN_KEY);
        }

        /** None: the ledger lets everything of the party that comes after it wait. */
        @Override
        public Set<Object> conflictKeys(@Nullable Confidential confidential) {
            return Set.of();
        }

        @Override
        public @Nullable String commitment() {
            return null;
        }

        @Override
        public void write(EntryWriter members) {
            // Every entry has its party, and there is nothing else to say.
        }

        static Erased read(EntryReader members) {
            return new Erased(members.party());
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.erased(this);
        }
    }
}
