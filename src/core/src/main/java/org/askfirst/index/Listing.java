package org.askfirst.index;

import org.askfirst.entry.Positions;
import org.askfirst.id.DeclarationId;

/**
 * The fact that a repertoire lists a subject, stored under the subject's key. The repertoire's statement is stored
 * once, under the repertoire's own key ({@link org.askfirst.entry.Repertoire#keyOf}).
 *
 * @param repertoire the repertoire
 * @param position the position of the entry that lists the subject
 * @param otherSubject true if the listed subject is not the one that the key hashes
 */
public record Listing(DeclarationId repertoire, long position, boolean otherSubject) {
    /** Writes the listing, not ended, to {@code longs} from {@code at} on. */
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
