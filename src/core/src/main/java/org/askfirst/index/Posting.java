package org.askfirst.index;

import java.time.Instant;
import java.util.UUID;
import org.askfirst.entry.Positions;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.StatementTerms;
import org.jspecify.annotations.Nullable;

/**
 * A value under a key: a party's statement on the subject, or its proof of control.
 *
 * @param party the party that makes the statement or has proved control
 * @param position the position of its entry; for a listed subject, the position of the statement or of the listing,
 *     whichever is later
 * @param stances the stances on uses; null if this is a proof
 * @param contactable true if the statement names somebody who can be asked
 * @param contactableAfterErasure true if it still does so after the party's contacts are erased
 * @param otherSubject true if the declared subject is not the one that the key hashes
 * @param period the time in which the statement is in force
 * @param control the strength of the proof; {@link Control#NONE} if this is a statement
 * @param mandate the mandate under which the party speaks for another; null if it speaks for itself
 * @param repertoire the repertoire that lists the subject; null if the declaration names the subject
 */
public record Posting(
        PartyId party,
        long position,
        @Nullable Stances stances,
        boolean contactable,
        boolean contactableAfterErasure,
        boolean otherSubject,
        Period period,
        Control control,
        @Nullable MandateId mandate,
        @Nullable DeclarationId repertoire) {

    /**
     * The number of longs of a posting in memory. A list of postings is an array whose length is a multiple of this.
     */
    static final int LONGS = 8;

    static final int PARTY_HIGH = 0;
    static final int PARTY_LOW = 1;
    static final int WORD = 2;
    static final int FROM = 3;
    static final int TO = 4;
    static final int MANDATE_HIGH = 5;
    static final int MANDATE_LOW = 6;
    static final int UNTIL = 7;

    /** The number of these longs in a file, where nothing has ended. */
    static final int LONGS_IN_FILE = 7;

    // A word, from its highest bit: 40 bits of position, 16 of stances, 8 of flags.
    static final int POSITION_SHIFT = 24;
    static final long GREATEST_POSITION = (1L << 40) - 1;
    static final int STANCES_SHIFT = 8;
    static final int STANCES_MASK = 0xffff;

    static final int KIND_MASK = 3;
    static final int STATEMENT = 0;
    static final int PROOF = 1;

    /** The record has no posting; it has the place of several postings, or of one that does not fit a record. */
    static final int ELSEWHERE = 2;

    /** Nothing is in force under this key any longer. The record hides the postings in older files. */
    static final int NOTHING = 3;

    /** Flag of a proof that is stronger than a token which a visitor may have left. */
    static final int PROVED = 4;

    static final int CONTACTABLE = 4;
    static final int CONTACTABLE_AFTER_ERASURE = 8;
    static final int OTHER_SUBJECT = 16;

    /** Flag of a {@link Listing}, which is not a statement: the repertoire's number replaces the party's. */
    static final int LISTED = 32;

    private static final long MICROS = 1_000_000;
    private static final int NANOS_OF_MICRO = 1_000;

    public Posting {
        if (position <= 0 || position > GREATEST_POSITION) {
            throw new IllegalArgumentException("not a position: " + position);
        }
    }

    /** Creates a statement that a party makes for itself. */
    public Posting(
            PartyId party,
            long position,
            @Nullable Stances stances,
            boolean contactable,
            boolean contactableAfterErasure,
            boolean otherSubject,
            Period period) {
        this(
                party,
                position,
                stances,
                contactable,
                contactableAfterErasure,
                otherSubject,
                period,
                Control.NONE,
                null,
                null);
    }

    /** Returns the posting of a party's statement. */
    public static Posting of(StatementTerms terms, boolean otherSubject) {
        return new Posting(
                terms.party(),
                terms.position(),
                terms.stances(),
                terms.contactable(),
                terms.contactableAfterErasure(),
                otherSubject,
                terms.period(),
                Control.NONE,
                terms.mandate(),
                null);
    }

    /** Returns the posting of a party's proof of control. */
    public static Posting proof(PartyId party, long position, Control control) {
        return new Posting(party, position, null, false, false, false, Period.ALWAYS, control, null, null);
    }

    /** Returns the same statement, stored under a subject that was not declared itself. */
    Posting underOtherSubject() {
        return new Posting(
                party,
                position,
                stances,
                contactable,
                contactableAfterErasure,
                true,
                period,
                control,
                mandate,
                null);
    }

    /** Returns this statement of a repertoire as it applies to a listed subject. */
    Posting listedBy(Listing listing) {
        return new Posting(
                party,
                Math.max(position, listing.position()),
                stances,
                contactable,
                contactableAfterErasure,
                listing.otherSubject(),
                period,
                control,
                mandate,
                listing.repertoire());
    }

    /** Writes the posting, not ended, to {@code longs} from {@code at} on. */
    void write(long[] longs, int at) {
        longs[at + PARTY_HIGH] = party.number().getMostSignificantBits();
        longs[at + PARTY_LOW] = party.number().getLeastSignificantBits();
        longs[at + WORD] = word();
        longs[at + FROM] = micros(period.from(), Long.MIN_VALUE);
        longs[at + TO] = micros(period.to(), Long.MAX_VALUE);
        MandateId under = mandate;
        longs[at + MANDATE_HIGH] = under == null ? 0 : under.number().getMostSignificantBits();
        longs[at + MANDATE_LOW] = under == null ? 0 : under.number().getLeastSignificantBits();
        longs[at + UNTIL] = Positions.NO_END;
    }

    private long word() {
        Stances declared = stances;
        long word = position << POSITION_SHIFT;
        if (declared == null) {
            return word | PROOF | (control == Control.PROVED ? PROVED : 0);
        }
        return word
                | (long) declared.packed() << STANCES_SHIFT
                | STATEMENT
                | (contactable ? CONTACTABLE : 0)
                | (contactableAfterErasure ? CONTACTABLE_AFTER_ERASURE : 0)
                | (otherSubject ? OTHER_SUBJECT : 0);
    }

    /**
     * Reads a posting from an array of postings.
     *
     * @param isErased true if the party's contacts are erased. The result is then contactable only if it was
     *     contactable without them
     */
    static Posting read(long[] postings, int at, boolean isErased) {
        long word = postings[at + WORD];
        boolean isProof = kind(word) == PROOF;
        return new Posting(
                party(postings, at),
                position(word),
                isProof ? null : stances(word),
                !isProof && isContactable(word, isErased),
                !isProof && (word & CONTACTABLE_AFTER_ERASURE) != 0,
                (word & OTHER_SUBJECT) != 0,
                period(postings, at),
                isProof ? control(word) : Control.NONE,
                mandate(postings, at),
                null);
    }

    static boolean isListed(long word) {
        return (word & LISTED) != 0;
    }

    static Listing listing(long[] postings, int at) {
        long word = postings[at + WORD];
        return new Listing(
                new DeclarationId(new UUID(postings[at + PARTY_HIGH], postings[at + PARTY_LOW])),
                position(word),
                (word & OTHER_SUBJECT) != 0);
    }

    /** Reads the terms of a statement. */
    static StatementTerms terms(long[] postings, int at) {
        long word = postings[at + WORD];
        return new StatementTerms(
                party(postings, at),
                position(word),
                stances(word),
                (word & CONTACTABLE) != 0,
                (word & CONTACTABLE_AFTER_ERASURE) != 0,
                period(postings, at),
                mandate(postings, at));
    }

    static Control control(long word) {
        return (word & PROVED) == 0 ? Control.SHOWN : Control.PROVED;
    }

    static @Nullable MandateId mandate(long[] postings, int at) {
        long high = postings[at + MANDATE_HIGH];
        long low = postings[at + MANDATE_LOW];
        return (high | low) == 0 ? null : new MandateId(new UUID(high, low));
    }

    /** Returns true if the postings fit a record: there is one, it is always in force, and it names no mandate. */
    static boolean fitsRecord(long[] postings) {
        return postings.length == LONGS
                && isAlways(postings[FROM], postings[TO])
                && (postings[MANDATE_HIGH] | postings[MANDATE_LOW]) == 0;
    }

    static boolean isContactable(long word, boolean isErased) {
        return (word & CONTACTABLE_AFTER_ERASURE) != 0 || ((word & CONTACTABLE) != 0 && !isErased);
    }

    static int kind(long word) {
        return (int) word & KIND_MASK;
    }

    static long position(long word) {
        return word >>> POSITION_SHIFT;
    }

    static Stances stances(long word) {
        return Stances.fromPacked((int) (word >>> STANCES_SHIFT) & STANCES_MASK);
    }

    static PartyId party(long[] postings, int at) {
        return new PartyId(new UUID(postings[at + PARTY_HIGH], postings[at + PARTY_LOW]));
    }

    static Period period(long[] postings, int at) {
        return period(postings[at + FROM], postings[at + TO]);
    }

    static Period period(long from, long to) {
        if (isAlways(from, to)) {
            return Period.ALWAYS;
        }
        Instant begin = from == Long.MIN_VALUE ? null : instant(from);
        Instant end = to == Long.MAX_VALUE ? null : instant(to);
        return new Period(begin, end);
    }

    static boolean isAlways(long from, long to) {
        return from == Long.MIN_VALUE && to == Long.MAX_VALUE;
    }

    static long micros(@Nullable Instant moment, long none) {
        return moment == null
                ? none
                : Math.addExact(Math.multiplyExact(moment.getEpochSecond(), MICROS), moment.getNano() / NANOS_OF_MICRO);
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * NANOS_OF_MICRO);
    }
}
