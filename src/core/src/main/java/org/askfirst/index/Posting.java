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
 * One thing that is kept under a key: what a party states of its subject, or that a party has proved control of it.
 *
 * @param party who states or has proved
 * @param position of the entry that says so
 * @param stances what is stated; null if this is a proof
 * @param address whether the statement names somebody who can be asked
 * @param lastingAddress whether it does even once the party's contacts are erased
 * @param otherSubject whether the declared subject is another than the one that the key hashes
 * @param period when the statement is in force
 * @param control how far control is proved; {@link Control#NONE} if this is a statement
 * @param mandate under which it is said for somebody else; null if the party says it for itself
 * @param repertoire that lists the subject, in which case {@code position} is where it was listed, if that is later;
 *     null if it is said of the subject itself
 */
public record Posting(
        PartyId party,
        long position,
        @Nullable Stances stances,
        boolean address,
        boolean lastingAddress,
        boolean otherSubject,
        Period period,
        Control control,
        @Nullable MandateId mandate,
        @Nullable DeclarationId repertoire) {

    /** How many longs hold a posting in memory: a list of postings is an array of so many times its length. */
    static final int LONGS = 8;

    static final int PARTY_HIGH = 0;
    static final int PARTY_LOW = 1;
    static final int WORD = 2;
    static final int FROM = 3;
    static final int TO = 4;
    static final int MANDATE_HIGH = 5;
    static final int MANDATE_LOW = 6;
    static final int UNTIL = 7;

    /** How many of them a file holds: in a file nothing has ended. */
    static final int LONGS_IN_FILE = 7;

    // A word, from its highest bit: 40 bits of position, 16 of stances, 8 of flags.
    static final int POSITION_SHIFT = 24;
    static final long GREATEST_POSITION = (1L << 40) - 1;
    static final int STANCES_SHIFT = 8;
    static final int STANCES_MASK = 0xffff;

    static final int KIND_MASK = 3;
    static final int STATEMENT = 0;
    static final int PROOF = 1;

    /** The record does not hold a posting but says where several are, or one with a period. */
    static final int ELSEWHERE = 2;

    /** Nothing stands under this key any more; hides what an older file says. */
    static final int NOTHING = 3;

    /** Of a proof: more than a token that a visitor may have left. */
    static final int PROVED = 4;

    static final int ADDRESS = 4;
    static final int LASTING_ADDRESS = 8;
    static final int OTHER_SUBJECT = 16;

    /** No statement itself but a {@link Listing}: a repertoire's number stands in the place of the party's. */
    static final int LISTED = 32;

    private static final long MICROS = 1_000_000;
    private static final int NANOS_OF_MICRO = 1_000;

    public Posting {
        if (position <= 0 || position > GREATEST_POSITION) {
            throw new IllegalArgumentException("no position: " + position);
        }
    }

    /** A statement that a party makes for itself. */
    public Posting(
            PartyId party,
            long position,
            @Nullable Stances stances,
            boolean address,
            boolean lastingAddress,
            boolean otherSubject,
            Period period) {
        this(party, position, stances, address, lastingAddress, otherSubject, period, Control.NONE, null, null);
    }

    /** What a party says. */
    public static Posting of(StatementTerms said, boolean otherSubject) {
        return new Posting(
                said.party(),
                said.position(),
                said.stances(),
                said.address(),
                said.lastingAddress(),
                otherSubject,
                said.period(),
                Control.NONE,
                said.mandate(),
                null);
    }

    /** A party's proof of control. */
    public static Posting proof(PartyId party, long position, Control control) {
        return new Posting(party, position, null, false, false, false, Period.ALWAYS, control, null, null);
    }

    /** The same, kept under a subject that was not declared itself. */
    Posting underOtherSubject() {
        return new Posting(party, position, stances, address, lastingAddress, true, period, control, mandate, null);
    }

    /** The same of what a repertoire lists, which this is the statement of. */
    Posting through(Listing listing) {
        return new Posting(
                party,
                Math.max(position, listing.position()),
                stances,
                address,
                lastingAddress,
                listing.otherSubject(),
                period,
                control,
                mandate,
                listing.repertoire());
    }

    /** Writes it, not ended, to {@code longs} from {@code at} on. */
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
        Stances stated = stances;
        long word = position << POSITION_SHIFT;
        if (stated == null) {
            return word | PROOF | (control == Control.PROVED ? PROVED : 0);
        }
        return word
                | (long) stated.packed() << STANCES_SHIFT
                | STATEMENT
                | (address ? ADDRESS : 0)
                | (lastingAddress ? LASTING_ADDRESS : 0)
                | (otherSubject ? OTHER_SUBJECT : 0);
    }

    /**
     * Out of an array of them.
     *
     * @param isErased whether the party's contacts are, so that an address that is no other is none
     */
    static Posting read(long[] postings, int at, boolean isErased) {
        long word = postings[at + WORD];
        boolean isProof = kind(word) == PROOF;
        return new Posting(
                party(postings, at),
                position(word),
                isProof ? null : stances(word),
                !isProof && hasAddress(word, isErased),
                !isProof && (word & LASTING_ADDRESS) != 0,
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

    /** What that statement says, by itself. */
    static StatementTerms said(long[] postings, int at) {
        long word = postings[at + WORD];
        return new StatementTerms(
                party(postings, at),
                position(word),
                stances(word),
                (word & ADDRESS) != 0,
                (word & LASTING_ADDRESS) != 0,
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

    /** Whether all that it says fits a record: it is always in force, and no mandate is named. */
    static boolean fitsRecord(long[] postings) {
        return postings.length == LONGS
                && isAlways(postings[FROM], postings[TO])
                && (postings[MANDATE_HIGH] | postings[MANDATE_LOW]) == 0;
    }

    static boolean hasAddress(long word, boolean isErased) {
        return (word & LASTING_ADDRESS) != 0 || ((word & ADDRESS) != 0 && !isErased);
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
        return isAlways(from, to)
                ? Period.ALWAYS
                : new Period(from == Long.MIN_VALUE ? null : instant(from), to == Long.MAX_VALUE ? null : instant(to));
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
