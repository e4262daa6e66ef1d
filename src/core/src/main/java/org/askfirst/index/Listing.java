package org.askfirst.index;

import org.askfirst.entry.Positions;
import org.askfirst.id.DeclarationId;

/**
 * That a repertoire lists a subject: kept under the subject's key. What is said of it is kept once, under the
 * repertoire's own key ({@link org.askfirst.entry.Repertoire#keyOf}).
 *
 * @param position of the entry that lists it
 * @param otherSubject whether the listed subject is another than the one that the key hashes
 */
public record Listing(DeclarationId repertoire, long position, boolean otherSubject) {
    /** Writes it, not ended, to {@code longs} from {@code at} on. */
    void write(long[] longs, int at) {
        longs[at + Posting.PARTY_HIGH] = repertoire.number().getMostSignificantBits();
        longs[at + Posting.PARTY_LOW] = repertoire.number().getLeastSignificantBits();
        longs[at + Posting.WORD] = position << Posting.POSITION_SHIFT
                | Posting.STATEMENT
                | Posting.LISTED
                | (otherSubject ? Posting.OTHER_SUBJECT : 0);
        longs[at + Posting.FROM] = Long.MIN_VALUE;
        longs[at + Posting.TO] = Long.MAX_VALUE;
        longs[at + Posting.MANDATE_HIGH] = 0;
        longs[at + Posting.MANDATE_LOW] = 0;
        longs[at + Posting.UNTIL] = Positions.NO_END;
    }
}
