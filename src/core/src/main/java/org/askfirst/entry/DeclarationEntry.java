package org.askfirst.entry;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/** An entry about a declaration. Its party submits it, with a key of its own. */
public sealed interface DeclarationEntry extends Entry {
    /** The declaration that it makes or changes. */
    DeclarationId declaration();

    /**
     * Tells whether it belongs to the declaration's history: to the entries that make, amend or withdraw it. An entry that
     * changes only what a repertoire lists does not.
     */
    boolean isInHistory();

    /** One method for each kind. */
    interface Cases<X extends Exception> {
        /** A declaration is made or amended. */
        void stated(Stated stated) throws X;

        /** A declaration is withdrawn. */
        void withdrawn(Withdrawn withdrawn) throws X;

        /** A repertoire lists other subjects. */
        void listed(Listed listed) throws X;
    }

    /** Calls the method for its kind. */
    <X extends Exception> void handle(Cases<X> cases) throws X;

    @Override
    default <X extends Exception> void accept(Entry.Cases<X> cases) throws X {
        handle(cases);
    }

    @Override
    default Set<Submitter> submitters() {
        return Set.of(Submitter.OWN_KEY);
    }

    /** Only over the declaration itself and over what it states, which the ledger knows of every entry. */
    @Override
    default Set<Object> conflictKeys(@Nullable Confidential confidential) {
        return Set.of();
    }

    @Override
    default Optional<DeclarationId> changed() {
        return Optional.of(declaration());
    }

    /**
     * A party states something, for the first time or anew.
     *
     * @param amends whether this supersedes an earlier statement under the same id
     * @param content what is said, without its confidential part
     * @param contactable whether somebody can be asked, so that "reserved" reads as "ask"
     * @param mints whether the only subject is an id that the registry gave the work in this very act
     */
    record Stated(
            boolean amends,
            boolean mints,
            DeclarationId declaration,
            PartyId party,
            Content content,
            boolean contactable,
            @Nullable String commitment)
            implements DeclarationEntry {
        static final String DECLARED = "declared";
        static final String AMENDED = "amended";

        public Stated {
            content = content.withoutConfidential();
        }

        @Override
        public String type() {
            return amends ? AMENDED : DECLARED;
        }

        @Override
        public boolean isInHistory() {
            return true;
        }

        @Override
        public Optional<DeclarationId> changed() {
            return amends ? Optional.of(declaration) : Optional.empty();
        }

        /** SHA-256 over all that was submitted, 32 bytes. */
        @Override
        public byte[] fingerprint(@Nullable Confidential confidential) {
            Content submitted = contentWith(confidential);
            return (mints ? submitted.about(List.of()) : submitted).fingerprint();
        }

        /** The content with its confidential part put back. */
        public Content contentWith(@Nullable Confidential confidential) {
            return confidential == null ? content : content.with(confidential);
        }

        @Override
        public void write(EntryWriter members) {
            members.put("declaration", declaration);
            members.put("contactable", contactable);
            members.putIf(mints, "mints");
            members.putAll(ContentForm.write(content));
        }

        static Stated read(EntryReader members) {
            return new Stated(
                    members.type().equals(AMENDED),
                    members.isTrue("mints"),
                    members.declaration(),
                    members.party(),
                    ContentForm.read(members),
                    members.isTrue("contactable"),
                    members.commitment());
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.stated(this);
        }
    }

    /** A party takes back what it stated. */
    record Withdrawn(DeclarationId declaration, PartyId party) implements DeclarationEntry {
        static final String TYPE = "withdrawn";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public boolean isInHistory() {
            return true;
        }

        @Override
        public @Nullable String commitment() {
            return null;
        }

        @Override
        public void write(EntryWriter members) {
            members.put("declaration", declaration);
        }

        static Withdrawn read(EntryReader members) {
            return new Withdrawn(members.declaration(), members.party());
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.withdrawn(this);
        }
    }

    /**
     * A party changes what its repertoire lists.
     *
     * <p>INVARIANT: no two of these subjects are kept under one key ({@link Subject#indexedAs}), so that it does not
     * matter which comes first. Adding what is listed already changes nothing, and so does removing what is not.
     *
     * @param declaration which is a repertoire
     */
    record Listed(DeclarationId declaration, PartyId party, List<Subject> added, List<Subject> removed)
            implements DeclarationEntry {
        static final String TYPE = "listed";

        public Listed {
            added = List.copyOf(added);
            removed = List.copyOf(removed);
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public boolean isInHistory() {
            return false;
        }

        @Override
        public @Nullable String commitment() {
            return null;
        }

        @Override
        public void write(EntryWriter members) {
            members.put("declaration", declaration);
            members.putSubjects("add", added);
            members.putSubjects("remove", removed);
        }

        static Listed read(EntryReader members) {
            return new Listed(
                    members.declaration(), members.party(), members.subjects("add"), members.subjects("remove"));
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.listed(this);
        }
    }
}
