package org.askfirst.index;

import java.time.Instant;
import java.util.UUID;
import org.askfirst.entry.Positions;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.verdict.Contact;
import org.askfirst.verdict.Contest;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.StatementTerms;
import org.jspecify.annotations.Nullable;

/**
 * A value under a key: a party's statement on the subject, its proof of control, or a contest of its statements.
 *
 * @param party the party that makes the statement, has proved control, or is the respondent of the contest
 * @param position the position of its entry; for a listed subject, the position of the statement or of the listing,
 *     whichever is later
 * @param stances the stances on uses; null if this is no statement
 * @param contact the address at which somebody can be asked; {@link Contact#NONE} if this is no statement
 * @param otherSubject true if the declared subject is not the one that the key hashes
 * @param period the time in which the statement is in force
 * @param control the strength of the proof; {@link Control#NONE} if this is no proof
 * @param mandate the mandate under which the party speaks for another; null if it speaks for itself
 * @param repertoire the repertoire that lists the subject; null if the declaration names the subject
 * @param by the vouching body on whose word a proof rests; null if it rests on nobody's, and if this is no proof
 * @param contest the contest; null if this is none
 */
public record Posting(
        PartyId party,
        long position,
        @Nullable Stances stances,
        Contact contact,
        boolean otherSubject,
        Period period,
        Control control,
        @Nullable MandateId mandate,
        @Nullable DeclarationId repertoire,
        @Nullable PartyId by,
        @Nullable Contest contest) {

    /**
     * The number of longs of a posting in memory. A list of postings is an array whose length is a multiple of this.
     */
    static final int LONGS = 8;

    static final int PARTY_HIGH = 0;
    static final int PARTY_LOW = 1;
    static final int WORD = 2;
    static final int FROM = 3;
    static final int TO = 4;

    /**
     * The number of the mandate; in a proof, the number of the body on whose word it rests; in a contest, the number of
     * the challenger.
     */
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

    /** Flag of a statement that is contactable only by the contact of its party. */
    static final int CONTACT_OF_PARTY = 64;

    /**
     * Flag of a contest, which has the kind of a proof, so that statements are found without a look at it. Its two times
     * are in the place of a period.
     */
    static final int CONTESTED = 8;

    /** Two bits of a contest: the number of its kind. */
    static final int CONTEST_KIND_SHIFT = 6;

    static final int CONTEST_KIND_MASK = 3;

    /** Flag of a {@link Listing}, which is not a statement: the repertoire's number replaces the party's. */
    static final int LISTED = 32;

    private static final long MICROS = 1_000_000;
    private static final int NANOS_OF_MICRO = 1_000;

    public Posting {
        if (position <= 0 || position > GREATEST_POSITION) {
            throw new IllegalArgumentException("not a position: " + position);
        }
    }

    /** Creates a statement or a proof. */
    public Posting(
            PartyId party,
            long position,
            @Nullable Stances stances,
            Contact contact,
            boolean otherSubject,
            Period period,
            Control control,
            @Nullable MandateId mandate,
            @Nullable DeclarationId repertoire,
            @Nullable PartyId by) {
        this(party, position, stances, contact, otherSubject, period, control, mandate, repertoire, by, null);
    }

    /** Creates a statement that a party makes for itself. */
    public Posting(
            PartyId party,
            long position,
            @Nullable Stances stances,
            Contact contact,
            boolean otherSubject,
            Period period) {
        this(party, position, stances, contact, otherSubject, period, Control.NONE, null, null, null);
    }

    /** Returns the posting of a party's statement. */
    public static Posting of(StatementTerms terms, boolean otherSubject) {
        return new Posting(
                terms.party(),
                terms.position(),
                terms.stances(),
                terms.contact(),
                otherSubject,
                terms.period(),
                Control.NONE,
                terms.mandate(),
                null,
                null);
    }

    /**
     * Returns the posting of a party's proof of control.
     *
     * @param by the vouching body on whose word it rests; null if it rests on nobody's
     */
    public static Posting proof(PartyId party, long position, Control control, @Nullable PartyId by) {
        return new Posting(party, position, null, Contact.NONE, false, Period.ALWAYS, control, null, null, by);
    }

    /** Returns the posting of a contest. */
    public static Posting of(Contest contest) {
        return new Posting(
                contest.respondent(),
                contest.position(),
                null,
                Contact.NONE,
                false,
                Period.ALWAYS,
                Control.NONE,
                null,
                null,
                null,
                contest);
    }

    /** Returns true if this is a proof of control. */
    public boolean isProof() {
        return stances == null && contest == null;
    }

    /** Returns the same statement or contest, stored under a subject that the entry does not name. */
    public Posting underOtherSubject() {
        return new Posting(party, position, stances, contact, true, period, control, mandate, null, null, contest);
    }

    /** Returns this statement of a repertoire as it applies to a listed subject. */
    Posting listedBy(Listing listing) {
        return new Posting(
                party,
                Math.max(position, listing.position()),
                stances,
                contact,
                listing.otherSubject(),
                period,
                control,
                mandate,
                listing.repertoire(),
                null);
    }

    /** Returns this statement of a repertoire with the id of the repertoire, beside the listing of a subject. */
    Posting beside(Listing listing) {
        return new Posting(
                party,
                position,
                stances,
                contact,
                listing.otherSubject(),
                period,
                control,
                mandate,
                listing.repertoire(),
                null);
    }

    /** Returns this statement as it is stored under the own key of its repertoire. */
    Posting ofRepertoire() {
        return new Posting(party, position, stances, contact, false, period, control, mandate, null, null);
    }

    /** Writes the posting, not ended, to {@code longs} from {@code at} on. */
    void write(long[] longs, int at) {
        longs[at + PARTY_HIGH] = party.number().getMostSignificantBits();
        longs[at + PARTY_LOW] = party.number().getLeastSignificantBits();
        longs[at + WORD] = word();
        longs[at + FROM] =
                contest == null ? micros(period.from(), Long.MIN_VALUE) : micros(contest.endsAt(), Long.MIN_VALUE);
        longs[at + TO] = micros(contest == null ? period.to() : contest.lapsesAt(), Long.MAX_VALUE);
        UUID under = under();
        longs[at + MANDATE_HIGH] = under == null ? 0 : under.getMostSignificantBits();
        longs[at + MANDATE_LOW] = under == null ? 0 : under.getLeastSignificantBits();
        longs[at + UNTIL] = Positions.NO_END;
    }

    /** Returns the number of the mandate, the body or the challenger; null if there is none. */
    private @Nullable UUID under() {
        if (contest != null) {
            PartyId challenger = contest.challenger();
            return challenger == null ? null : challenger.number();
        }
        if (mandate != null) {
            return mandate.number();
        }
        return by == null ? null : by.number();
    }

    private long word() {
        Stances declared = stances;
        long word = position << POSITION_SHIFT;
        if (contest != null) {
            return word
                    | PROOF
                    | CONTESTED
                    | (long) contest.kind().number() << CONTEST_KIND_SHIFT
                    | (otherSubject ? OTHER_SUBJECT : 0);
        }
        if (declared == null) {
            return word | PROOF | (control == Control.PROVED ? PROVED : 0);
        }
        return word
                | (long) declared.packed() << STANCES_SHIFT
                | STATEMENT
                | flags(contact)
                | (otherSubject ? OTHER_SUBJECT : 0);
    }

    private static int flags(Contact contact) {
        return switch (contact) {
            case NONE -> 0;
            case OF_PARTY -> CONTACTABLE | CONTACT_OF_PARTY;
            case OF_TERMS -> CONTACTABLE;
            case LICENSE -> CONTACTABLE | CONTACTABLE_AFTER_ERASURE;
        };
    }

    private static Contact contact(long word) {
        if ((word & CONTACTABLE_AFTER_ERASURE) != 0) {
            return Contact.LICENSE;
        }
        if ((word & CONTACTABLE) == 0) {
            return Contact.NONE;
        }
        return (word & CONTACT_OF_PARTY) == 0 ? Contact.OF_TERMS : Contact.OF_PARTY;
    }

    /** Reads a posting from an array of postings. */
    static Posting read(long[] postings, int at) {
        long word = postings[at + WORD];
        if (isContest(word)) {
            Posting posting = of(contest(postings, at));
            return (word & OTHER_SUBJECT) == 0 ? posting : posting.underOtherSubject();
        }
        boolean isProof = kind(word) == PROOF;
        return new Posting(
                party(postings, at),
                position(word),
                isProof ? null : stances(word),
                isProof ? Contact.NONE : contact(word),
                (word & OTHER_SUBJECT) != 0,
                period(postings, at),
                isProof ? control(word) : Control.NONE,
                isProof ? null : mandate(postings, at),
                null,
                isProof ? body(postings, at) : null);
    }

    static boolean isListed(long word) {
        return (word & LISTED) != 0;
    }

    static boolean isContest(long word) {
        return ((int) word & (KIND_MASK | CONTESTED)) == (PROOF | CONTESTED);
    }

    static Contest contest(long[] postings, int at) {
        long word = postings[at + WORD];
        long endsAt = postings[at + FROM];
        long lapsesAt = postings[at + TO];
        return new Contest(
                Contest.Kind.numbered((int) (word >>> CONTEST_KIND_SHIFT) & CONTEST_KIND_MASK)
                        .orElseThrow(),
                party(postings, at),
                body(postings, at),
                position(word),
                endsAt == Long.MIN_VALUE ? null : instant(endsAt),
                lapsesAt == Long.MAX_VALUE ? null : instant(lapsesAt));
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
                contact(word),
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

    /** Returns the body on whose word a proof rests, or the challenger of a contest; null if there is none. */
    static @Nullable PartyId body(long[] postings, int at) {
        long high = postings[at + MANDATE_HIGH];
        long low = postings[at + MANDATE_LOW];
        return (high | low) == 0 ? null : new PartyId(new UUID(high, low));
    }

    /** Returns true if the postings fit a record: there is one, it is always in force, and it names nobody else. */
    static boolean fitsRecord(long[] postings) {
        return postings.length == LONGS
                && isAlways(postings[FROM], postings[TO])
                && (postings[MANDATE_HIGH] | postings[MANDATE_LOW]) == 0;
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
