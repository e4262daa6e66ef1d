package org.askfirst.entry;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.ControlMethod;
import org.jspecify.annotations.Nullable;

/** An entry about a party's control of a subject. */
public sealed interface ControlEntry extends Entry {
    /** Returns the subject whose control is recorded or revoked. */
    Subject subject();

    /** One method for each kind of these entries. */
    interface Cases<X extends Exception> {
        /** A party proved control of a subject. */
        void controlProved(ControlProved proved) throws X;

        /** A proof of control is revoked. */
        void controlRevoked(ControlRevoked revoked) throws X;
    }

    /** Calls the method for this kind of entry. */
    <X extends Exception> void handle(Cases<X> cases) throws X;

    @Override
    default <X extends Exception> void accept(Entry.Cases<X> cases) throws X {
        handle(cases);
    }

    @Override
    default Set<Object> conflictKeys(@Nullable Confidential confidential) {
        return Set.of(List.of("controls", party(), subject()));
    }

    @Override
    default Optional<DeclarationId> changed() {
        return Optional.empty();
    }

    /**
     * A party proved control of a subject. The observation is confidential.
     *
     * @param party the party that controls the subject
     * @param subject the subject
     * @param method the method of the proof
     * @param by the vouching body that confirms the control; null if the operator or the registry does
     * @param commitment the commitment to the confidential part; null if there is none
     */
    record ControlProved(
            PartyId party,
            Subject subject,
            ControlMethod method,
            @Nullable PartyId by,
            @Nullable String commitment) implements ControlEntry {
        static final String TYPE = "control-proved";

        /** Creates an entry about a proof that the registry or the operator checked. */
        public ControlProved(PartyId party, Subject subject, ControlMethod method, @Nullable String commitment) {
            this(party, subject, method, null, commitment);
        }

        @Override
        public String type() {
            return TYPE;
        }

        /**
         * A party never records its own control. The confirming body does, or else the operator or the registry,
         * whichever checked the proof.
         */
        @Override
        public Set<Submitter> submitters() {
            if (by != null) {
                return Set.of(Submitter.VOUCHING_BODY);
            }
            return Set.of(method.isCheckedByRegistry() ? Submitter.REGISTRY : Submitter.OPERATOR);
        }

        @Override
        public void write(EntryWriter members) {
            members.put("subject", subject);
            members.put("method", method.wireName());
            members.put("by", by);
        }

        static ControlProved read(EntryReader members) {
            return new ControlProved(
                    members.party(),
                    members.subject(),
                    ControlMethod.named(members.text("method")).orElseThrow(() -> EntryReader.unknown("method")),
                    members.optionalParty("by"),
                    members.commitment());
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.controlProved(this);
        }
    }

    /**
     * A proof of control is revoked. The reason is confidential.
     *
     * @param party the party whose proof is revoked
     * @param subject the subject of the proof
     * @param commitment the commitment to the confidential part; null if there is none
     */
    record ControlRevoked(
            PartyId party, Subject subject, @Nullable String commitment) implements ControlEntry {
        static final String TYPE = "control-revoked";

        @Override
        public String type() {
            return TYPE;
        }

        /**
         * The registry revokes a proof when the token is missing, the operator for a reason, and the party when it
         * withdraws its own proof.
         */
        @Override
        public Set<Submitter> submitters() {
            return Set.of(Submitter.OWN_KEY, Submitter.OPERATOR, Submitter.REGISTRY);
        }

        @Override
        public void write(EntryWriter members) {
            members.put("subject", subject);
        }

        static ControlRevoked read(EntryReader members) {
            return new ControlRevoked(members.party(), members.subject(), members.commitment());
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.controlRevoked(this);
        }
    }
}
