package org.askfirst.entry;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/** An entry about a mandate. The party that acts submits it with a key of its own. */
public sealed interface MandateEntry extends Entry {
    /** Returns the mandate that this entry makes or changes. */
    MandateId mandate();

    /** One method for each kind of these entries. */
    interface Cases<X extends Exception> {
        /** A mandate is offered or recorded. */
        void mandateMade(MandateMade made) throws X;

        /** A mandate is accepted, declined, withdrawn or claimed. */
        void mandateChanged(MandateChanged changed) throws X;
    }

    /** Calls the method for this kind of entry. */
    <X extends Exception> void handle(Cases<X> cases) throws X;

    @Override
    default <X extends Exception> void accept(Entry.Cases<X> cases) throws X {
        handle(cases);
    }

    @Override
    default Set<Submitter> submitters() {
        return Set.of(Submitter.OWN_KEY);
    }

    @Override
    default Optional<DeclarationId> changed() {
        return Optional.empty();
    }

    /**
     * One side offers a mandate, or a society records one for a member without an account. The member's number at the
     * society is confidential.
     *
     * @param recorded true if the society records the mandate, false if one side offers it
     * @param mandate the mandate
     * @param party the party that acts
     * @param terms the content of the mandate
     * @param commitment the commitment to the confidential part; null if there is none
     */
    record MandateMade(
            boolean recorded,
            MandateId mandate,
            PartyId party,
            Mandate terms,
            @Nullable String commitment) implements MandateEntry {
        static final String OFFERED = "mandate-offered";
        static final String RECORDED = "mandate-recorded";

        @Override
        public String type() {
            return recorded ? RECORDED : OFFERED;
        }

        /** Returns the member's number at the society, because a society records only one mandate for each number. */
        @Override
        public Set<Object> conflictKeys(@Nullable Confidential confidential) {
            Confidential.Reference reference = confidential == null ? null : confidential.reference();
            return reference == null ? Set.of() : Set.of(List.of("reference", party, reference.number()));
        }

        @Override
        public void write(EntryWriter members) {
            members.put("mandate", mandate);
            members.put("society", terms.society());
            members.put("member", terms.member());
            members.putSchemes("schemes", terms.schemes());
            members.putTexts("uses", terms.uses().stream().map(Use::wireName).toList());
            members.putTexts("territory", terms.territory());
            Map<String, Object> period = new TreeMap<>();
            ContentCodec.write(terms.period(), period);
            members.putAll(period);
            members.put("documentSha256", terms.document());
        }

        static MandateMade read(EntryReader members) {
            Mandate terms = new Mandate(
                    members.party("society"),
                    members.optionalParty("member"),
                    members.schemes("schemes"),
                    members.uses("uses"),
                    members.texts("territory"),
                    members.period(),
                    members.optionalText("documentSha256"));
            return new MandateMade(
                    members.type().equals(RECORDED), members.mandate(), members.party(), terms, members.commitment());
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.mandateMade(this);
        }
    }

    /**
     * A mandate enters its next step.
     *
     * @param step the step
     * @param mandate the mandate
     * @param party the party that acts
     * @param until the end of a withdrawn mandate; null if it ends immediately, and in all other steps
     */
    record MandateChanged(
            MandateStep step,
            MandateId mandate,
            PartyId party,
            @Nullable Instant until) implements MandateEntry {
        @Override
        public String type() {
            return step.type();
        }

        @Override
        public Set<Object> conflictKeys(@Nullable Confidential confidential) {
            return Set.of(List.of("mandate", mandate));
        }

        @Override
        public @Nullable String commitment() {
            return null;
        }

        @Override
        public void write(EntryWriter members) {
            members.put("mandate", mandate);
            members.put("until", until);
        }

        static MandateChanged read(EntryReader members) {
            return new MandateChanged(
                    MandateStep.ofType(members.type()).orElseThrow(() -> EntryReader.unknown("type")),
                    members.mandate(),
                    members.party(),
                    members.moment("until"));
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.mandateChanged(this);
        }
    }
}
