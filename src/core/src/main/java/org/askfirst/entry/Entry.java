package org.askfirst.entry;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.json.CanonicalJson;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/**
 * The record of one act in the ledger.
 *
 * <p>An entry has no personal data. It names parties by id, and commits to identifying data by a salted hash ({@link
 * Confidential}). The log hashes the canonical text, so a later version may add members to the text but must never
 * change the existing ones. {@code docs/formats/entry.md} specifies the text.
 *
 * <p>Each kind of entry is a record, and related kinds are in one file. A new kind compiles only if it implements its
 * submitters, its conflict keys and its writer. {@link EntryTypes} has the reader of each type. Code that must handle
 * every kind implements {@link Cases}.
 */
public sealed interface Entry
        permits DeclarationEntry,
                ControlEntry,
                TrustEntry,
                MandateEntry,
                AccountEntry,
                DisputeEntry,
                MeasureEntry,
                OfferEntry,
                LicenseEntry,
                GrantEntry,
                ReportEntry {
    /** Returns the value of the member {@code type} in the canonical text, such as {@code withdrawn}. */
    String type();

    /** Returns the party that acts, or the party that the act concerns. */
    PartyId party();

    /** Returns the only submitters from whom the ledger accepts the entry. */
    Set<Submitter> submitters();

    /** Returns the vouching body or the arbiter that submits the entry; null if none does. */
    default @Nullable PartyId by() {
        return null;
    }

    /**
     * Returns the keys of the things about which this entry may conflict with other entries. The ledger itself adds
     * the keys of the changed declaration ({@link #changed}) and of the fingerprint ({@link #fingerprint}).
     *
     * <p>If two entries share a key, the ledger decides the second in a later group, because the first can change
     * whether the second is allowed.
     *
     * @param confidential the data that is stored beside the ledger; null if there is none
     */
    Set<Object> conflictKeys(@Nullable Confidential confidential);

    /** Returns the recorded declaration that this entry changes; empty if it changes none. */
    Optional<DeclarationId> changed();

    /** Returns the commitment to the data beside the ledger; null if there is none. */
    @Nullable String commitment();

    /**
     * Returns a hash by which the ledger detects repetitions. Two entries of one party have equal hashes if, and only
     * if, they state the same. The array is empty if the entry states nothing.
     *
     * <p>The fingerprint covers personal data without a salt, so it is stored only where it can be erased.
     *
     * @param confidential the data beside the ledger; null if there is none
     */
    default byte[] fingerprint(@Nullable Confidential confidential) {
        return new byte[0];
    }

    /** Writes those members of the canonical text that only this kind of entry has; {@link #text} writes the others. */
    void write(EntryWriter members);

    /** Calls the method for this kind of entry. */
    <X extends Exception> void accept(Cases<X> cases) throws X;

    /**
     * Handles every kind of entry, with one method for each kind. After a kind is added, no implementation compiles
     * until it handles the new kind.
     */
    interface Cases<X extends Exception>
            extends DeclarationEntry.Cases<X>,
                    ControlEntry.Cases<X>,
                    TrustEntry.Cases<X>,
                    MandateEntry.Cases<X>,
                    AccountEntry.Cases<X>,
                    DisputeEntry.Cases<X>,
                    MeasureEntry.Cases<X>,
                    OfferEntry.Cases<X>,
                    LicenseEntry.Cases<X>,
                    GrantEntry.Cases<X>,
                    ReportEntry.Cases<X> {}

    /**
     * Returns the canonical JSON (RFC 8785) of the act.
     *
     * @param recordedAt the time at which the ledger records the act, with microsecond precision
     */
    default String canonical(Instant recordedAt) {
        return text().at(recordedAt);
    }

    /**
     * Returns the canonical text, to which only the time of recording must be added ({@link EntryText#at}).
     *
     * @throws IllegalArgumentException if a text in the entry is not valid Unicode
     */
    default EntryText text() {
        EntryWriter members = new EntryWriter();
        members.put("v", EntryTypes.VERSION);
        members.put("rules", (long) Verdicts.RULES);
        members.put("type", type());
        members.put("party", party());
        members.put("commitment", commitment());
        write(members);
        return members.text();
    }

    /** Returns the values that {@link #type} has in this release. */
    static Set<String> types() {
        return EntryTypes.names();
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
