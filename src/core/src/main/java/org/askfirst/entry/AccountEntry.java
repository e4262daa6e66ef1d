package org.askfirst.entry;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.verdict.ContactCheck;
import org.jspecify.annotations.Nullable;

/** An entry about a party's account: its name and contact, succession, recovery of lost keys, and the end of the account. */
public sealed interface AccountEntry extends Entry {
    /** One method for each kind of these entries. */
    interface Cases<X extends Exception> {
        /** A party is opened, or changes its name and contact. */
        void described(Described described) throws X;

        /** The holder of the mailbox that is a party's contact confirms it, or refuses it. */
        void contactChecked(ContactChecked checked) throws X;

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
     * A party is opened, or changes its name and contact. Both are confidential.
     *
     * @param opens true if the party had no such entry before
     * @param party the party
     * @param contactable true if somebody can ask the party: by its contact, or by a form in its place
     * @param sameContact true if the contact is that of the entry before, so that the answer of its mailbox still counts
     * @param commitment the commitment to the name and the contact; null if there is none
     */
    record Described(
            boolean opens,
            PartyId party,
            boolean contactable,
            boolean sameContact,
            @Nullable String commitment) implements AccountEntry {
        static final String OPENED = "party-opened";
        static final String CHANGED = "party-changed";

        @Override
        public String type() {
            return opens ? OPENED : CHANGED;
        }

        /** The registry itself records parties that were opened before such entries existed. */
        @Override
        public Set<Submitter> submitters() {
            return opens ? Set.of(Submitter.OWN_KEY, Submitter.REGISTRY) : Set.of(Submitter.OWN_KEY);
        }

        @Override
        public Set<Object> conflictKeys(@Nullable Confidential confidential) {
            return Set.of(List.of("described", party));
        }

        @Override
        public void write(EntryWriter members) {
            members.put("contactable", contactable);
            members.putIf(sameContact, "sameContact");
        }

        static Described read(EntryReader members) {
            return new Described(
                    members.type().equals(OPENED),
                    members.party(),
                    members.isTrue("contactable"),
                    members.isTrue("sameContact"),
                    members.commitment());
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.described(this);
        }
    }

    /**
     * The holder of the mailbox that is a party's contact answered the link that the registry sent there. The entry
     * names no contact: it refers to the entry that commits to name and contact, and ends with the next such entry that
     * changes the contact.
     *
     * @param party the party
     * @param check {@link ContactCheck#VERIFIED} or {@link ContactCheck#REFUSED}
     * @param describedAt the position of the entry that commits to the name and the contact
     */
    record ContactChecked(PartyId party, ContactCheck check, long describedAt) implements AccountEntry {
        static final String VERIFIED = "contact-verified";
        static final String REFUSED = "contact-refused";

        public ContactChecked {
            if (check == ContactCheck.NONE) {
                throw new IllegalArgumentException("a mailbox that has not answered");
            }
        }

        @Override
        public String type() {
            return check == ContactCheck.VERIFIED ? VERIFIED : REFUSED;
        }

        /** The registry submits it, because the mailbox may belong to somebody without an account. */
        @Override
        public Set<Submitter> submitters() {
            return Set.of(Submitter.REGISTRY);
        }

        @Override
        public Set<Object> conflictKeys(@Nullable Confidential confidential) {
            return Set.of(List.of("described", party));
        }

        @Override
        public @Nullable String commitment() {
            return null;
        }

        @Override
        public void write(EntryWriter members) {
            members.put("describedAt", describedAt);
        }

        static ContactChecked read(EntryReader members) {
            return new ContactChecked(
                    members.party(),
                    members.type().equals(VERIFIED) ? ContactCheck.VERIFIED : ContactCheck.REFUSED,
                    members.position("describedAt"));
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.contactChecked(this);
        }
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
     * @param by the body that confirmed who asks; null if the registry itself checked the request
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

        /**
         * A party that has a key may stop the recovery, and the registry does if such a key was used meanwhile. A
         * party's own key can neither begin nor complete it.
         */
        @Override
        public Set<Submitter> submitters() {
            return switch (step) {
                case STOPPED -> Set.of(Submitter.OWN_KEY, Submitter.REGISTRY);
                case BEGUN, DONE -> Set.of(by == null ? Submitter.REGISTRY : Submitter.VOUCHING_BODY);
            };
        }

        @Override
        public Set<Object> conflictKeys(@Nullable Confidential confidential) {
            return Set.of(List.of("recovery", party));
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

        /** The registry submits it, seven days after the party asked for it. Earlier releases submitted it at once. */
        @Override
        public Set<Submitter> submitters() {
            return Set.of(Submitter.OWN_KEY, Submitter.REGISTRY);
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
