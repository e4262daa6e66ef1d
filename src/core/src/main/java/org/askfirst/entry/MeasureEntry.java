package org.askfirst.entry;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;

/** An entry about a measure of the operator: it takes one, or lifts it again. */
public sealed interface MeasureEntry extends Entry {
    /** A kind of measure. */
    enum Kind {
        /** Answers and pages do not show a name and contact, the texts of a declaration, or a subject. */
        HIDING("hidden", "hiding-lifted"),
        /** The party may make no new permissions, and few new declarations. */
        RESTRICTION("restricted", "restriction-lifted");

        private final String taken;
        private final String lifted;

        Kind(String taken, String lifted) {
            this.taken = taken;
            this.lifted = lifted;
        }

        /** Returns the type of an entry that takes the measure. */
        public String taken() {
            return taken;
        }

        private static Kind of(String type) {
            return Arrays.stream(values())
                    .filter(kind -> kind.taken.equals(type) || kind.lifted.equals(type))
                    .findFirst()
                    .orElseThrow(() -> EntryReader.unknown("type"));
        }
    }

    /** The public ground of a measure. Its reason, in words, is confidential. */
    enum Ground {
        /** A law forbids to show or to do it. */
        LAW("law"),
        /** A court or an authority ordered it. */
        COURT_ORDER("court-order"),
        /** It is personal data of somebody who did not agree. */
        PERSONAL_DATA("personal-data"),
        /** The party pretends to be somebody else. */
        IMPERSONATION("impersonation"),
        /** The party misuses the registry. */
        ABUSE("abuse");

        private final String wireName;

        Ground(String wireName) {
            this.wireName = wireName;
        }

        /** Returns the name in the contract and in entries. */
        public String wireName() {
            return wireName;
        }

        /** Returns true if somebody outside of the registry required the measure. */
        public boolean isLegal() {
            return this == LAW || this == COURT_ORDER;
        }

        /** Returns the ground with that name; empty if there is none. */
        public static Optional<Ground> named(String wireName) {
            return Arrays.stream(values())
                    .filter(ground -> ground.wireName.equals(wireName))
                    .findFirst();
        }
    }

    /**
     * The thing that a measure concerns. At most one of declaration and subject is present.
     *
     * @param party the party; with a declaration the one that made it, with a subject one that declared it
     * @param declaration the declaration whose texts are hidden; null if the measure is not about one
     * @param subject the key of the subject that is hidden, since the entry must not show the subject; null if the
     *     measure is not about one
     */
    record Target(
            PartyId party,
            @Nullable DeclarationId declaration,
            @Nullable SubjectKey subject) {
        /** The party itself. */
        public static Target of(PartyId party) {
            return new Target(party, null, null);
        }
    }

    /** One method for each kind of these entries. */
    interface Cases<X extends Exception> {
        /** The operator takes or lifts a measure. */
        void measureChanged(MeasureChanged changed) throws X;
    }

    @Override
    default Optional<DeclarationId> changed() {
        return Optional.empty();
    }

    /**
     * The operator takes or lifts a measure. The reason is confidential.
     *
     * @param kind the kind of measure
     * @param target the thing that it concerns
     * @param ground the ground of a measure that is taken; null if it is lifted
     * @param commitment the commitment to the confidential part; null if there is none
     */
    record MeasureChanged(
            Kind kind,
            Target target,
            @Nullable Ground ground,
            @Nullable String commitment) implements MeasureEntry {
        @Override
        public String type() {
            return ground == null ? kind.lifted : kind.taken;
        }

        @Override
        public PartyId party() {
            return target.party();
        }

        @Override
        public Set<Submitter> submitters() {
            return Set.of(Submitter.OPERATOR);
        }

        @Override
        public Set<Object> conflictKeys(@Nullable Confidential confidential) {
            return Set.of(List.of("measure", target.party()));
        }

        @Override
        public void write(EntryWriter members) {
            DeclarationId declaration = target.declaration();
            SubjectKey subject = target.subject();
            if (declaration != null) {
                members.put("declaration", declaration);
            }
            members.put("subjectKey", subject == null ? null : subject.hex());
            members.put("ground", ground == null ? null : ground.wireName());
        }

        static MeasureChanged read(EntryReader members) {
            String key = members.optionalText("subjectKey");
            String ground = members.optionalText("ground");
            return new MeasureChanged(
                    Kind.of(members.type()),
                    new Target(
                            members.party(),
                            members.has("declaration") ? members.declaration() : null,
                            key == null ? null : SubjectKey.fromHex(key)),
                    ground == null ? null : Ground.named(ground).orElseThrow(() -> EntryReader.unknown("ground")),
                    members.commitment());
        }

        @Override
        public <X extends Exception> void accept(Entry.Cases<X> cases) throws X {
            cases.measureChanged(this);
        }
    }
}
