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
    /** The subject that the party controls, or controls no more. */
    Subject subject();

    /** One method for each kind. */
    interface Cases<X extends Exception> {
        /** A party was seen to control a subject. */
        void controlProved(ControlProved proved) throws X;

        /** A proof of control stopped counting. */
        void controlRevoked(ControlRevoked lapsed) throws X;
    }

    /** Calls the method for its kind. */
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
     * A party was seen to control a subject; what was seen is confidential.
     *
     * @param by the vouching body that says so; null if the operator does, or the registry saw it
     */
    record ControlProved(
            PartyId party,
            Subject subject,
            ControlMethod method,
            @Nullable PartyId by,
            @Nullable String commitment) implements ControlEntry {
        static final String TYPE = "control-proved";

        /** Seen by the registry or the operator. */
        public ControlProved(PartyId party, Subject subject, ControlMethod method, @Nullable String commitment) {
            this(party, subject, method, null, commitment);
        }

        @Override
        public String type() {
            return TYPE;
        }

        /** A party never records its own control: the body does that says so, or else whoever looked. */
        @Override
        public Set<Submitter> submitters() {
            if (by != null) {
                return Set.of(Submitter.VOUCHING_BODY);
            }
            return Set.of(method.isLookedFor() ? Submitter.REGISTRY : Submitter.OPERATOR);
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

    /** A proof of control stopped counting; why is confidential. */
    record ControlRevoked(
            PartyId party, Subject subject, @Nullable String commitment) implements ControlEntry {
        static final String TYPE = "control-revoked";

        @Override
        public String type() {
            return TYPE;
        }

        /** The registry when the token is gone, the operator for a reason, or the party that gives it up. */
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
