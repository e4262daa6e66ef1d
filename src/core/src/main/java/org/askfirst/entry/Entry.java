package org.askfirst.entry;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.json.CanonicalJson;
import org.jspecify.annotations.Nullable;

/**
 * One act, as the ledger records it.
 *
 * <p>An entry holds no personal data: parties are numbers, and what may name a person is committed to by a
 * salted hash ({@link Confidential}). Its canonical text is what is hashed into the log, so its form may grow
 * but never change; {@code docs/formats/entry.md} specifies it.
 *
 * <p>The kinds of entries are records, one file a family. Each kind declares who may submit it, what it conflicts with
 * and how it is written; it does not compile until it does. {@link EntryTypes} lists how each type is read. Code that
 * must treat every kind implements {@link Cases}.
 */
public sealed interface Entry permits DeclarationEntry, ControlEntry, TrustEntry, MandateEntry, AccountEntry {
    /** The kind of act, as the canonical text names it. */
    String type();

    /** The party that acts, or the party that the act concerns. */
    PartyId party();

    /** Who may submit it: any of these, and nobody else. */
    Set<Submitter> submitters();

    /** The vouching body whose act it is; null if it is no body's act. */
    default @Nullable PartyId by() {
        return null;
    }

    /**
     * The things it may conflict over, beside the declaration that it changes and the statement that it repeats.
     *
     * <p>The ledger decides two entries that share a key one after another, never in one group, because the first may
     * change what the second is allowed to do.
     *
     * @param confidential the data that is to be kept beside the ledger; null if there is none
     */
    Set<Object> conflictKeys(@Nullable Confidential confidential);

    /** The declaration, recorded before, that it changes; empty if none. */
    Optional<DeclarationId> changed();

    /** The commitment to what is kept beside the ledger; null if nothing is. */
    @Nullable String commitment();

    /**
     * Tells whether two entries of one party state the same; empty if it states nothing.
     *
     * <p>It covers personal data without a salt, so it is kept only where it can be erased.
     *
     * @param confidential the data that is kept beside the ledger; null if there is none
     */
    default byte[] fingerprint(@Nullable Confidential confidential) {
        return new byte[0];
    }

    /** Writes the members of its canonical text, but for those that every entry has. */
    void write(EntryWriter members);

    /** Calls the method for its kind. */
    <X extends Exception> void accept(Cases<X> cases) throws X;

    /** One method for each kind of entry, so that a new kind does not compile until each implementation handles it. */
    interface Cases<X extends Exception>
            extends DeclarationEntry.Cases<X>,
                    ControlEntry.Cases<X>,
                    TrustEntry.Cases<X>,
                    MandateEntry.Cases<X>,
                    AccountEntry.Cases<X> {}

    /** Canonical JSON (RFC 8785) of the act, recorded at that moment (microseconds count). */
    default String canonical(Instant recordedAt) {
        return text().at(recordedAt);
    }

    /**
     * {@link #canonical} for whatever moment.
     *
     * @throws IllegalArgumentException if it cannot be written, because a text in it is none
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
     * Back from {@link #canonical}.
     *
     * @throws IllegalArgumentException if the text is not an entry of a kind known here
     */
    static Entry parse(String canonical) {
        return EntryTypes.read(new EntryReader(CanonicalJson.parseObject(canonical)));
    }
}
