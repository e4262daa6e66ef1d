package org.askfirst.entry;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Contact;
import org.jspecify.annotations.Nullable;

/** An entry about a declaration. Only the declaration's party may submit the entry, with its own API key. */
public sealed interface DeclarationEntry extends Entry {
    /** Returns the declaration that this entry makes or changes. */
    DeclarationId declaration();

    /**
     * Returns true if the entry belongs to the history of the declaration. The history consists of the entries that
     * make, amend or withdraw the declaration. An entry that changes the list of a repertoire is not part of it.
     */
    boolean isInHistory();

    /** Handles every kind of declaration entry, with one method for each kind. */
    interface Cases<X extends Exception> {
        /** A declaration is made or amended. */
        void stated(Stated stated) throws X;

        /** A declaration is withdrawn. */
        void withdrawn(Withdrawn withdrawn) throws X;

        /** The list of a repertoire changes. */
        void listed(Listed listed) throws X;
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

    /**
     * Returns an empty set. The ledger itself detects two entries that change the same declaration, and two entries
     * that state the same.
     */
    @Override
    default Set<Object> conflictKeys(@Nullable Confidential confidential) {
        return Set.of();
    }

    @Override
    default Optional<DeclarationId> changed() {
        return Optional.of(declaration());
    }

    /**
     * A party makes or amends a declaration.
     *
     * @param amends true if this entry replaces an earlier content of the same declaration
     * @param mints true if the only subject is a {@code work:} id that the registry created in this act
     * @param declaration the declaration
     * @param party the party that declares
     * @param content the content without its confidential part
     * @param contactable true if somebody can be asked for permission. The stance "reserved" then gives the verdict
     *     "ask" instead of "deny"
     * @param partyContact true if only the party's own contact makes it contactable
     * @param commitment the commitment to the confidential part; null if there is none
     */
    record Stated(
            boolean amends,
            boolean mints,
            DeclarationId declaration,
            PartyId party,
            Content content,
            boolean contactable,
            boolean partyContact,
            @Nullable String commitment)
            implements DeclarationEntry {
        static final String DECLARED = "declared";
        static final String AMENDED = "amended";

        public Stated {
            content = content.withoutConfidential();
        }

        /** Creates a declaration that is contactable by its own terms, or not at all. */
        public Stated(
                boolean amends,
                boolean mints,
                DeclarationId declaration,
                PartyId party,
                Content content,
                boolean contactable,
                @Nullable String commitment) {
            this(amends, mints, declaration, party, content, contactable, false, commitment);
        }

        /** Returns the address at which somebody can be asked. */
        public Contact contact() {
            if (content.terms().license() != null) {
                return Contact.LICENSE;
            }
            if (!contactable) {
                return Contact.NONE;
            }
            return partyContact ? Contact.OF_PARTY : Contact.OF_TERMS;
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

        /**
         * Returns the SHA-256 (32 bytes) of the submitted content with its confidential part. A subject that the
         * registry created is not included.
         */
        @Override
        public byte[] fingerprint(@Nullable Confidential confidential) {
            Content submitted = contentWith(confidential);
            return (mints ? submitted.withSubjects(List.of()) : submitted).fingerprint();
        }

        /**
         * Returns the content with its confidential part.
         *
         * @param confidential the confidential part; null if there is none, or if it was erased
         */
        public Content contentWith(@Nullable Confidential confidential) {
            return confidential == null ? content : content.with(confidential);
        }

        @Override
        public void write(EntryWriter members) {
            members.put("declaration", declaration);
            members.put("contactable", contactable);
            members.putIf(partyContact, "partyContact");
            members.putIf(mints, "mints");
            members.putAll(ContentCodec.write(content));
        }

        static Stated read(EntryReader members) {
            return new Stated(
                    members.type().equals(AMENDED),
                    members.isTrue("mints"),
                    members.declaration(),
                    members.party(),
                    ContentCodec.read(members),
                    members.isTrue("contactable"),
                    members.isTrue("partyContact"),
                    members.commitment());
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.stated(this);
        }
    }

    /** A party withdraws a declaration. */
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
     * A party changes the list of its repertoire.
     *
     * <p>INVARIANT: no two subjects of {@code added} and {@code removed} share a key ({@link Subject#indexedAs}), so
     * their order does not matter. To add a subject that is already listed, or to remove a subject that is not listed,
     * has no effect.
     *
     * @param declaration the declaration, which is a repertoire
     * @param party the party of the repertoire
     * @param added the subjects that the repertoire lists from now on
     * @param removed the subjects that the repertoire no longer lists
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
