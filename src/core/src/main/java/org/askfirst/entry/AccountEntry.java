package org.askfirst.entry;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.jspecify.annotations.Nullable;

/** An entry about the holder of a party's account: succession, recovery of lost keys, and the end of the account. */
public sealed interface AccountEntry extends Entry {
    /** One method for each kind of these entries. */
    interface Cases<X extends Exception> {
        /** A party names its successor, or removes the name. */
        void successorNamed(SuccessorNamed named) throws X;

        /** The operator transfers an account to the successor. */
        void succeeded(Succeeded succeeded) throws X;

        /** The recovery of lost keys enters its next step. */
        void recoveryChanged(RecoveryChanged changed) throws X;

        /** A party is closed and its personal data is erased. */
        void erased(Erased erased) throws X;
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
     * A party names its successor.
     *
     * @param party the party that has the account
     * @param successor the party that is to receive it; null removes the successor that was named before
     */
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

    /**
     * The operator transfers a party's account to the successor that the party named. The evidence is confidential.
     *
     * @param party the party whose account is transferred
     * @param successor the party that receives it
     * @param commitment the commitment to the confidential part; null if there is none
     */
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
     * The recovery of a party's lost keys enters its next step. The observation behind it is confidential.
     *
     * @param step the step
     * @param party the party that lost its keys
     * @param recovery the id of the recovery
     * @param by the body that vouches for the asker; null if the registry itself checked the request
     * @param commitment the commitment to the confidential part; null if there is none
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

        /** A party that has a key may stop the recovery. A party's own key can neither begin nor complete it. */
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

    /** All personal data in the party's declarations is erased, and the party is closed. */
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

        /** Returns none, because the ledger makes all later entries of the party wait. */
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
            // Nothing to write: the ledger writes the party of every entry.
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
