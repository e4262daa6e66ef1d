package org.askfirst.entry;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.json.CanonicalJson;
import org.jspecify.annotations.Nullable;

/**
 * One act as the ledger records it.
 *
 * <p>An entry has no personal data: it names parties by number, and commits to identifying data by a salted hash
 * ({@link Confidential}). The log hashes the canonical text. The form of that text may therefore grow and must never
 * change; {@code docs/formats/entry.md} specifies it.
 *
 * <p>Each kind of entry is a record, and each family of kinds has one file. A kind declares who may submit it, what it
 * conflicts with and how it is written; it does not compile without these. {@link EntryTypes} lists how each type is
 * read. Code that must handle every kind implements {@link Cases}.
 */
public sealed interface Entry permits DeclarationEntry, ControlEntry, TrustEntry, MandateEntry, AccountEntry {
    /** Returns the kind of act, as the canonical text names it. */
    String type();

    /** Returns the party that acts, or the party that the act concerns. */
    PartyId party();

    /** Returns everybody who may submit the entry. Nobody else may. */
    Set<Submitter> submitters();

    /** Returns the vouching body that acts; null if no body does. */
    default @Nullable PartyId by() {
        return null;
    }

    /**
     * Returns the things over which this entry may conflict with others. The declaration that it changes and the
     * statement that it repeats are not among them; the ledger knows these itself.
     *
     * <p>The ledger never decides two entries that share a key in one group, but one after another, because the first
     * may change what the second is allowed to do.
     *
     * @param confidential the data to be stored beside the ledger; null if there is none
     */
    Set<Object> conflictKeys(@Nullable Confidential confidential);

    /** Returns the recorded declaration that this entry changes; empty if it changes none. */
    Optional<DeclarationId> changed();

    /** Returns the commitment to the data beside the ledger; null if there is none. */
    @Nullable String commitment();

    /**
     * Returns bytes that are equal exactly if two entries of one party state the same; empty if the entry states
     * nothing.
     *
     * <p>The fingerprint covers personal data without a salt, so it is stored only where it can be erased.
     *
     * @param confidential the data beside the ledger; null if there is none
     */
    default byte[] fingerprint(@Nullable Confidential confidential) {
        return new byte[0];
    }

    /** Writes the members of the canonical text, except for those that every entry has. */
    void write(EntryWriter members);

    /** Calls the method for this kind of entry. */
    <X extends Exception> void accept(Cases<X> cases) throws X;

    /** One method for each kind of entry, so that a new kind does not compile until each implementation handles it. */
    interface Cases<X extends Exception>
            extends DeclarationEntry.Cases<X>,
                    ControlEntry.Cases<X>,
                    TrustEntry.Cases<X>,
                    MandateEntry.Cases<X>,
                    AccountEntry.Cases<X> {}

    /**
     * Returns the canonical JSON (RFC 8785) of the act.
     *
     * @param recordedAt the time of the record, with microsecond precision
     */
    default String canonical(Instant recordedAt) {
        return text().at(recordedAt);
    }

    /**
     * Returns the canonical text without the time of the record.
     *
     * @throws IllegalArgumentException if a text in the entry is not valid Unicode
     */
    default EntryText text() {
        EntryWriter members = new EntryWriter();
        members.put("v", EntryTypes.VERSION);
        members.put("type", type());
        members.put("party", party());
        members.put("commitment", commitment());
        write(members);
        return members.text();
    }

    /**
     * Reads the text that {@link #canonical} writes.
     *
     * @throws IllegalArgumentException if the text is not an entry of a known kind
     */
    static Entry parse(String canonical) {
        return EntryTypes.read(new EntryReader(CanonicalJson.parseObject(canonical)));
    }
}
